package toro;

import java.util.concurrent.Flow;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.SubscriberPuppet;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.WhiteboxSubscriberProbe;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowSubscriberWhiteboxVerification;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;

/**
 * What Reactive Streams demands of a subscriber, with a hand in it: to request something is to take
 * something out of the queue, to cancel is to close it.
 */
public class QueueSubscriberWhiteboxTckTest extends FlowSubscriberWhiteboxVerification<Long> {
  private RunningLoop running;

  public QueueSubscriberWhiteboxTckTest() {
    super(new TestEnvironment());
  }

  @BeforeClass
  public void start() {
    running = new RunningLoop();
  }

  @AfterClass(alwaysRun = true)
  public void stop() {
    running.close();
  }

  @Override
  protected Flow.Subscriber<Long> createFlowSubscriber(WhiteboxSubscriberProbe<Long> probe) {
    Queue<Long> queue = running.on(() -> new Queue<>(1));
    var subscriber = new QueueSubscriber<>(queue);
    return new Flow.Subscriber<>() {
      @Override
      public void onSubscribe(Flow.Subscription subscription) {
        subscriber.onSubscribe(subscription);
        probe.registerOnSubscribe(
            new SubscriberPuppet() {
              @Override
              public void triggerRequest(long elements) {
                running.loop.execute(
                    () -> {
                      for (long i = 0; i < elements; i++) {
                        queue.get();
                      }
                    });
              }

              @Override
              public void signalCancel() {
                running.loop.execute(queue::close);
              }
            });
      }

      @Override
      public void onNext(Long item) {
        subscriber.onNext(item);
        probe.registerOnNext(item);
      }

      @Override
      public void onError(Throwable failure) {
        subscriber.onError(failure);
        probe.registerOnError(failure);
      }

      @Override
      public void onComplete() {
        subscriber.onComplete();
        probe.registerOnComplete();
      }
    };
  }

  @Override
  public Long createElement(int element) {
    return (long) element;
  }
}

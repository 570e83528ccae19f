package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.spawn;

import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.reactivestreams.tck.flow.support.TestException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;

/** What Reactive Streams demands of a subscriber, seen from outside. */
public class QueueSubscriberTckTest extends FlowSubscriberBlackboxVerification<Long> {
  private RunningLoop running;

  public QueueSubscriberTckTest() {
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
  public Flow.Subscriber<Long> createFlowSubscriber() {
    return running.on(
        () -> {
          var queue = new Queue<Long>(1);
          spawn(
              () -> {
                try {
                  for (long item : queue) {
                    queue.taskDone();
                  }
                } catch (QueueClosedException broken) {
                  assertThat(broken.getCause()).isInstanceOf(TestException.class);
                }
              });
          return new QueueSubscriber<>(queue);
        });
  }

  @Override
  public Long createElement(int element) {
    return (long) element;
  }
}

package toro;

import static toro.Coroutines.await;
import static toro.Coroutines.spawn;

import java.io.IOException;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;

/** What Reactive Streams demands of a publisher. Its tests ask from a thread of their own. */
public class QueuePublisherTckTest extends FlowPublisherVerification<Long> {
  private RunningLoop running;

  public QueuePublisherTckTest() {
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

  /** A coroutine puts so many in, closes the queue, and is slowed down by it. */
  @Override
  public Flow.Publisher<Long> createFlowPublisher(long elements) {
    return running.on(
        () -> {
          var queue = new Queue<Long>(3);
          spawn(
              () -> {
                for (long i = 0; i < elements; i++) {
                  await(queue.put(i));
                }
                queue.close();
              });
          return new QueuePublisher<>(queue);
        });
  }

  @Override
  public Flow.Publisher<Long> createFailedFlowPublisher() {
    return running.on(
        () -> {
          var queue = new Queue<Long>();
          queue.close(new IOException("broken"));
          return new QueuePublisher<>(queue);
        });
  }
}

package toro.testing;

import static toro.Coroutines.*;
import static toro.testing.ToroAssertions.*;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import toro.*;

/** The examples of the Javadoc and of the guide. */
class SnippetsTest {

  @Test
  void loop() {
    // @start region="loop"
    try (var test = new TestLoop()) {
      var lock = new Lock(test.loop());
      test.run(
          () -> {
            try (var lease = await(lock.acquire())) {
              sleep(Duration.ofDays(1));
            }
          });
      assertThat(test.elapsed()).isEqualTo(Duration.ofDays(1));
    } // fails if something is left
    // @end
  }

  // @start region="junit"
  @ToroTest
  void aLockIsHandedOver(TestLoop test) {
    var lock = new Lock();
    var first = await(lock.acquire());
    var second = lock.acquire();
    var third = lock.acquire(Duration.ofHours(1));
    assertThat(second).isPending();

    test.advance(Duration.ofHours(1));
    assertThat(third).hasFailedWith(DeadlineExceededException.class);

    first.close();
    assertThat(second).isGranted();
    await(second).close();
  }

  // @end

  // @start region="schedules"
  @ToroTest(schedules = 200)
  void allAreServedInWhateverOrder() {
    var queue = new Queue<Integer>(1);
    var sum = new int[1];
    var producers = new Coroutine<?>[3];
    for (int i = 0; i < producers.length; i++) {
      int item = i + 1;
      producers[i] = spawn(() -> await(queue.put(item)));
    }
    var consumer =
        spawn(
            () -> {
              for (int n = 0; n < producers.length; n++) {
                sum[0] += await(queue.get());
              }
            });
    awaitAll(producers);
    await(consumer);
    assertThat(sum[0]).isEqualTo(6);
  }

  // @end

  // @start region="interruptions"
  @ToroTest(interruptions = true)
  void aTransferLosesNothing(TestLoop test) {
    var from = new Queue<String>();
    var to = new Queue<String>(1);
    from.putNow("a");
    from.putNow("b");
    var transfer = test.target(spawn(() -> transfer(from, to)));
    var end = transfer.handle((nothing, failure) -> failure); // which is all right here
    test.untilIdle();
    int arrived = 0;
    for (; !to.isEmpty(); arrived++) {
      to.getNow();
    }
    await(end);
    assertThat(from.size() + arrived).isEqualTo(2);
  }

  static void transfer(Queue<String> from, Queue<String> to) {
    while (!from.isEmpty()) {
      String item = from.getNow();
      try {
        await(to.put(item, Duration.ofSeconds(1)));
      } catch (CancellationException | DeadlineExceededException e) {
        from.putNow(item); // without this it would be lost
        throw e;
      }
    }
  }

  // @end

  @Test
  void exploration() {
    // @start region="exploration"
    Exploration.schedules(50)
        .interruptions()
        .run(
            test -> {
              var lock = new Lock();
              var lease = await(lock.acquire());
              var worker = test.target(spawn(() -> await(lock.acquire()).close()));
              pause();
              lease.close();
              test.untilIdle();
              assertThat(worker).isDone();
              assertThat(lock.isLocked()).isFalse();
            });
    // @end
  }

  @ToroTest
  void assertions() {
    // @start region="assertions"
    var queue = new Queue<String>();
    var first = queue.get();
    var second = queue.get();
    queue.putNow("a");
    second.cancel(true);

    assertThat(first).isGranted("a");
    assertThat(second).hasFailedWith(CancellationException.class);
    assertThat(queue.get()).isPending();
    // @end
  }

  @ToroTest
  void threads(TestLoop test) {
    // @start region="threads"
    test.waitForThreads(Duration.ofSeconds(10)); // of real time, at most
    String answer =
        withTimeout(
            Duration.ofMillis(1), // of virtual time, which stands still meanwhile
            () -> await(CompletableFuture.supplyAsync(() -> "from another thread")));
    assertThat(answer).isEqualTo("from another thread");
    // @end
  }

  @ToroTest(allow = Leak.COROUTINES)
  void allowed() {
    // @start region="allowed"
    var queue = new Queue<String>();
    spawn(
        () -> {
          for (String item : queue) { // without an end
            queue.taskDone();
          }
        });
    await(queue.put("a"));
    await(queue.join());
    // @end
  }
}

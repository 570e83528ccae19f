package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples in the Javadoc: compiled, run, and checked. */
class SnippetsTest {
  private final List<String> printed = new ArrayList<>();

  private void println(String line) {
    printed.add(line);
  }

  @Test
  void hello() {
    // @start region="hello"
    String greeting =
        IOLoop.run(
            () -> {
              var name = new AsyncResult<String>();
              var greeter = spawn(() -> "Hello, " + await(name.get()) + "!");
              name.set("Toro");
              return await(greeter);
            });
    // @end
    assertThat(greeting).isEqualTo("Hello, Toro!");
  }

  @Test
  void lock() {
    IOLoop.run(
        () -> {
          // @start region="lock"
          var lock = new Lock();
          ThrowingRunnable task =
              () -> {
                try (var lease = await(lock.acquire())) {
                  println("in");
                  sleep(Duration.ofMillis(1)); // nobody else comes in meanwhile
                  println("out");
                }
              };
          awaitAll(spawn(task), spawn(task));
          // @end
        });
    assertThat(printed).containsExactly("in", "out", "in", "out");
  }

  @Test
  void semaphore() {
    IOLoop.run(
        () -> {
          // @start region="semaphore"
          var connections = new Semaphore(10);
          var requests = new ArrayList<Coroutine<Integer>>();
          for (int i = 0; i < 100; i++) {
            requests.add(
                spawn(
                    () -> {
                      try (var lease = await(connections.acquire())) {
                        sleep(Duration.ofMillis(1)); // at most ten are here
                        return 200;
                      }
                    }));
          }
          assertThat(awaitAll(requests)).hasSize(100).containsOnly(200);
          // @end
        });
  }

  @Test
  void rwLock() {
    IOLoop.run(
        () -> {
          // @start region="rwlock"
          var lock = new RWLock(100); // at most so many readers
          try (var lease = await(lock.acquireRead())) {
            println("no writer is here");
          }
          try (var lease = await(lock.acquireWrite())) {
            println("nobody else is here");
          }
          // @end
        });
    assertThat(printed).hasSize(2);
  }

  @Test
  void condition() {
    IOLoop.run(
        () -> {
          var jobs = new ArrayList<String>();
          // @start region="condition"
          var changed = new Condition();
          var worker =
              spawn(
                  () -> {
                    while (jobs.isEmpty()) {
                      await(changed.whenSignalled());
                    }
                    println(jobs.removeFirst());
                  });
          jobs.add("a job");
          changed.signal();
          // @end
          await(worker);
        });
    assertThat(printed).containsExactly("a job");
  }

  @Test
  void event() {
    IOLoop.run(
        () -> {
          // @start region="event"
          var ready = new Event();
          var client =
              spawn(
                  () -> {
                    await(ready.whenSet()); // at once, if it is set already
                    println("ready");
                  });
          ready.set();
          // @end
          await(client);
        });
    assertThat(printed).containsExactly("ready");
  }

  @Test
  void asyncResult() {
    IOLoop loop = TestLoop.create(new ArrayList<>()); // hasty fails, and nobody looks
    loop.runSync(
        () -> {
          // @start region="asyncresult"
          var answer = new AsyncResult<Integer>();
          var patient = spawn(() -> await(answer.get()));
          var hasty = spawn(() -> await(answer.get(Duration.ofMillis(1)))); // for itself alone
          sleep(Duration.ofMillis(5));
          answer.set(42);
          // @end
          assertThat(await(patient)).isEqualTo(42);
          assertThat(hasty).isCompletedExceptionally();
        });
    loop.close();
  }

  @Test
  void queue() {
    IOLoop.run(
        () -> {
          // @start region="queue"
          var queue = new Queue<String>(2);
          spawn(
              () -> {
                for (String item : queue) { // awaits the next one
                  println("working on " + item);
                  queue.taskDone();
                }
              });
          await(queue.put("a"));
          await(queue.put("b"));
          await(queue.join()); // until all of it is done
          // @end
        });
    assertThat(printed).containsExactly("working on a", "working on b");
  }

  @Test
  void timeout() {
    TestLoop.run(
        () -> {
          // @start region="timeout"
          var lock = new Lock();
          await(lock.acquire());
          try {
            withTimeout(Duration.ofMillis(5), () -> await(lock.acquire()));
          } catch (DeadlineExceededException e) {
            println("no luck: " + lock); // the wait has left no trace
          }
          // @end
        });
    assertThat(printed).containsExactly("no luck: Lock[locked]");
  }
}

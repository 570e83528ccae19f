package toro.stress;

import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.stress.Race.race;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import toro.AsyncResult;
import toro.Condition;
import toro.Coroutine;
import toro.Event;
import toro.Lease;
import toro.Lock;
import toro.PriorityQueue;
import toro.Queue;
import toro.RWLock;
import toro.Semaphore;
import toro.stress.Race.Entry;

/** What one thread has written and another reads. */
final class PublicationRaces {
  static final List<Entry> ALL =
      List.of(
          race(
              "what was written before a task is handed over is seen by the task, and back",
              Tasks::new,
              "loop saw 1, outside saw 2"),
          race(
              "what was written before a future is completed is seen by who awaits it, and back",
              Futures::new,
              "loop saw 1, outside saw 2"),
          race("plain fields are exact, whoever drives the loop", Drivers::new, "counted 9"),
          race("texts can be read by any thread", Texts::new, "read"));

  private PublicationRaces() {}

  private static final class Tasks extends Race {
    private final CompletableFuture<Integer> answer = new CompletableFuture<>();
    private int there;
    private int back;
    private int loopSaw;
    private int outsideSaw;

    @Override
    void loop() {
      loop.start();
    }

    @Override
    void outside() {
      there = 1;
      loop.execute(
          () -> {
            loopSaw = there;
            back = 2;
            answer.complete(1);
          });
      answer.join();
      outsideSaw = back;
      loop.stop();
    }

    @Override
    String outcome() {
      return "loop saw " + loopSaw + ", outside saw " + outsideSaw;
    }
  }

  private static final class Futures extends Race {
    private final CompletableFuture<Integer> question = new CompletableFuture<>();
    private int there;
    private int back;
    private int loopSaw;
    private int outsideSaw;
    private final Coroutine<?> coroutine =
        loop.spawn(
            () -> {
              await(question);
              loopSaw = there;
              pause();
              back = 2;
            });

    @Override
    void loop() {
      loop.runSync(() -> await(coroutine));
    }

    @Override
    void outside() {
      there = 1;
      question.complete(1);
      coroutine.join();
      outsideSaw = back;
    }

    @Override
    String outcome() {
      return "loop saw " + loopSaw + ", outside saw " + outsideSaw;
    }
  }

  /** Callbacks and coroutines count in turn, on as many threads as the engine takes. */
  private static final class Drivers extends Race {
    private final Semaphore counting = new Semaphore(loop);
    private final Event last = new Event(loop);
    private int counted;

    private void count() {
      if (++counted == 9) {
        last.set();
      }
    }

    private void body() {
      for (int i = 0; i < 3; i++) {
        try (Lease lease = await(counting.acquire())) {
          count();
          pause();
        }
      }
    }

    @Override
    void loop() {
      loop.runSync(
          () -> {
            loop.spawn(this::body);
            loop.spawn(this::body);
            await(last.whenSet());
          });
    }

    @Override
    void outside() {
      loop.execute(this::count);
      loop.execute(this::count);
    }

    @Override
    void another() {
      loop.execute(this::count);
    }

    @Override
    String outcome() {
      return "counted " + counted;
    }
  }

  private static final class Texts extends Race {
    private final Lock lock = new Lock(loop);
    private final RWLock rwLock = new RWLock(loop, 2);
    private final Semaphore semaphore = new Semaphore(loop, 0);
    private final Condition condition = new Condition(loop);
    private final Event event = new Event(loop);
    private final AsyncResult<Integer> result = new AsyncResult<>(loop);
    private final Queue<Integer> queue = new Queue<>(loop, 2);
    private final PriorityQueue<Integer> priorities = new PriorityQueue<>(loop);
    private final List<Object> all =
        new ArrayList<>(
            List.of(loop, lock, rwLock, semaphore, condition, event, result, queue, priorities));
    private String end = "";

    Texts() {
      all.add(loop.spawn(() -> use(lock)));
      all.add(loop.spawn(() -> use(lock)));
      all.add(
          loop.spawn(
              () -> {
                await(condition.whenSignalled());
                await(event.whenSet());
                await(result.get());
              }));
      all.add(
          loop.spawn(
              () -> {
                await(rwLock.acquireWrite()).close();
                await(semaphore.acquire());
                priorities.putNow(3);
                priorities.putNow(1);
                priorities.putNow(2);
                condition.signal();
                event.set();
                for (int i = 0; i < 4; i++) {
                  priorities.getNow();
                  await(queue.put(i));
                  if (i == 2) {
                    result.set(7);
                    return;
                  }
                }
              }));
    }

    private void use(Lock lock) {
      try (Lease lease = await(lock.acquire())) {
        semaphore.release();
        await(queue.get());
      }
    }

    @Override
    void loop() {
      loop.runSync(
          () -> {
            for (Object each : all) {
              if (each instanceof Coroutine<?> coroutine) {
                await(coroutine);
              }
            }
          });
    }

    @Override
    void outside() {
      for (Object each : all) {
        end = each.toString();
      }
      end = "read";
    }

    @Override
    String outcome() {
      return end;
    }
  }
}

package toro.stress;

import static toro.Coroutines.await;
import static toro.Coroutines.sleep;
import static toro.stress.Race.race;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import toro.Condition;
import toro.Coroutine;
import toro.Lease;
import toro.Lock;
import toro.Queue;
import toro.RWLock;
import toro.Semaphore;
import toro.stress.Race.Entry;

/** Waits that the loop grants while another thread ends them: one of the two, and nothing lost. */
final class GrantRaces {
  static final List<Entry> ALL =
      List.of(
          race(
              "a lock goes to the next when the first in line is cancelled outside",
              LockAgainstCancel::new,
              "outside lost: Lease[held], pending, Lock[locked waiters[1]]",
              "outside won: cancelled, Lease[held], Lock[locked]"),
          race(
              "a lock goes to a coroutine, or is free, when its wait is cancelled outside",
              LockOfACoroutine::new,
              "granted, Lock[unlocked]",
              "cancelled, Lock[unlocked]"),
          race(
              "a permit stays when the only one in line is timed out outside",
              SemaphoreAgainstFailure::new,
              "outside lost: Lease[held], Semaphore[counter=0]",
              "outside won: TimeoutException, Semaphore[counter=1]"),
          race(
              "an item stays when the getter is completed outside",
              GetAgainstComplete::new,
              "outside lost: item, Queue[maxsize=0 tasks=1]",
              "outside won: other, Queue[maxsize=0 queue=[item] tasks=1]"),
          race(
              "an item is put or not when the putter is cancelled outside",
              PutAgainstCancel::new,
              "outside lost: null, Queue[maxsize=1 queue=[second] tasks=2]",
              "outside won: cancelled, Queue[maxsize=1 tasks=1]"),
          race(
              "a signal goes to the next when the first in line is cancelled outside",
              SignalAgainstCancel::new,
              "outside lost: null, pending, Condition[waiters[1]]",
              "outside won: cancelled, null, Condition[]"),
          race(
              "readers enter when the writer before them is cancelled outside or has had its turn",
              WriterAgainstCancel::new,
              "outside lost: Lease[held], pending, RWLock[writer waiters[1]]",
              "outside won: cancelled, Lease[held], RWLock[readers=1]"),
          race(
              "a deadline or the outside ends a wait, and the lock is free",
              DeadlineAgainstComplete::new,
              "outside lost: DeadlineExceededException, Lock[locked], then Lock[unlocked]",
              "outside won: null, Lock[locked], then Lock[unlocked]"));

  private GrantRaces() {}

  /** One grants on the loop what the other ends outside. */
  private abstract static class Grant extends Race {
    private boolean won;

    /** Calls something on the loop. */
    final <T> T onLoop(Supplier<T> call) {
      CompletableFuture<T> result = new CompletableFuture<>();
      loop.execute(() -> result.complete(call.get()));
      settle();
      return result.join();
    }

    abstract void grant();

    /** Did it end the wait? */
    abstract boolean endIt();

    @Override
    void loop() {
      loop.execute(this::grant);
      settle();
    }

    @Override
    final void outside() {
      won = endIt();
    }

    final String told(@Nullable Object... parts) {
      settle(); // what was handed over
      StringBuilder text = new StringBuilder(won ? "outside won: " : "outside lost: ");
      for (int i = 0; i < parts.length; i++) {
        Object part = parts[i];
        text.append(i == 0 ? "" : ", ")
            .append(part instanceof CompletableFuture<?> future ? text(future) : part);
      }
      return text.toString();
    }
  }

  private static final class LockAgainstCancel extends Grant {
    private final Lock lock = new Lock(loop);
    private final Lease held = onLoop(() -> lock.acquire().join());
    private final CompletableFuture<Lease> first = onLoop(lock::acquire);
    private final CompletableFuture<Lease> second = onLoop(lock::acquire);

    @Override
    void grant() {
      held.close();
    }

    @Override
    boolean endIt() {
      return first.cancel(true);
    }

    @Override
    String outcome() {
      return told(first, second, lock);
    }
  }

  private static final class LockOfACoroutine extends Race {
    private final Lock lock = new Lock(loop);
    private @Nullable CompletableFuture<Lease> wait;
    private @Nullable Lease held;
    private String end = "";

    LockOfACoroutine() {
      loop.execute(
          () -> {
            held = lock.acquire().join();
            wait = lock.acquire();
          });
      Coroutine<?> waiting =
          loop.spawn(
              () -> {
                try (Lease lease = await(wait)) {
                  end += "granted";
                } catch (CancellationException cancelled) {
                  end += "cancelled";
                }
              });
      settle();
      waiting.whenComplete((value, failure) -> loop.stop());
    }

    @Override
    void loop() {
      loop.execute(held::close);
      loop.start();
    }

    @Override
    void outside() {
      wait.cancel(true);
    }

    @Override
    String outcome() {
      settle();
      return end + ", " + lock;
    }
  }

  private static final class SemaphoreAgainstFailure extends Grant {
    private final Semaphore semaphore = new Semaphore(loop, 0);
    private final CompletableFuture<Lease> wait = onLoop(semaphore::acquire);

    @Override
    void grant() {
      semaphore.release();
    }

    @Override
    boolean endIt() {
      return wait.completeExceptionally(new TimeoutException());
    }

    @Override
    String outcome() {
      return told(wait, semaphore);
    }
  }

  private static final class GetAgainstComplete extends Grant {
    private final Queue<String> queue = new Queue<>(loop);
    private final CompletableFuture<String> wait = onLoop(queue::get);

    @Override
    void grant() {
      queue.putNow("item");
    }

    @Override
    boolean endIt() {
      return wait.complete("other");
    }

    @Override
    String outcome() {
      return told(wait, queue);
    }
  }

  private static final class PutAgainstCancel extends Grant {
    private final Queue<String> queue = new Queue<>(loop, 1);
    private final CompletableFuture<?> first = onLoop(() -> queue.put("first"));
    private final CompletableFuture<?> wait = onLoop(() -> queue.put("second"));

    @Override
    void grant() {
      first.join();
      queue.getNow();
    }

    @Override
    boolean endIt() {
      return wait.cancel(true);
    }

    @Override
    String outcome() {
      return told(wait, queue);
    }
  }

  private static final class SignalAgainstCancel extends Grant {
    private final Condition condition = new Condition(loop);
    private final CompletableFuture<?> first = onLoop(() -> condition.whenSignalled());
    private final CompletableFuture<?> second = onLoop(() -> condition.whenSignalled());

    @Override
    void grant() {
      condition.signal();
    }

    @Override
    boolean endIt() {
      return first.cancel(true);
    }

    @Override
    String outcome() {
      return told(first, second, condition);
    }
  }

  private static final class WriterAgainstCancel extends Grant {
    private final RWLock lock = new RWLock(loop, 2);
    private final Lease held = onLoop(() -> lock.acquireRead().join());
    private final CompletableFuture<Lease> writer = onLoop(lock::acquireWrite);
    private final CompletableFuture<Lease> reader = onLoop(lock::acquireRead);

    @Override
    void grant() {
      held.close();
    }

    @Override
    boolean endIt() {
      return writer.cancel(true);
    }

    @Override
    String outcome() {
      return told(writer, reader, lock);
    }
  }

  private static final class DeadlineAgainstComplete extends Grant {
    private final Lock lock = new Lock(loop);
    private final Lease held = onLoop(() -> lock.acquire().join());
    private final CompletableFuture<Lease> wait = onLoop(() -> lock.acquire(Duration.ofMillis(1)));

    @Override
    void loop() {
      loop.runSync(() -> sleep(Duration.ofMillis(2)));
    }

    @Override
    void grant() {
      held.close();
    }

    @Override
    boolean endIt() {
      return wait.complete(null);
    }

    @Override
    String outcome() {
      String end = told(wait, lock);
      loop.execute(this::grant);
      settle();
      return end + ", then " + lock;
    }
  }
}

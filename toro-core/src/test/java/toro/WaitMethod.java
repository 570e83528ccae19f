package toro;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every wait-method of the core, for the rules that hold for all of them. */
enum WaitMethod {
  ASYNC_RESULT_GET {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var result = new AsyncResult<Object>(loop);
      return new Scene(
          result, result::get, result::get, result::get, () -> result.set(content), true, true);
    }
  },
  EVENT_WHEN_SET {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var event = new Event(loop);
      return new Scene(
          event, event::whenSet, event::whenSet, event::whenSet, event::set, true, true);
    }
  },
  CONDITION_WHEN_SIGNALLED {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var condition = new Condition(loop);
      return new Scene(
          condition,
          condition::whenSignalled,
          condition::whenSignalled,
          condition::whenSignalled,
          condition::signal,
          false,
          false);
    }
  },
  LOCK_ACQUIRE {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var lock = new Lock(loop);
      var unused = lock.acquire();
      return new Scene(
          lock, lock::acquire, lock::acquire, lock::acquire, lock::release, false, true);
    }
  },
  SEMAPHORE_ACQUIRE {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var semaphore = new Semaphore(loop, 0);
      return new Scene(
          semaphore,
          semaphore::acquire,
          semaphore::acquire,
          semaphore::acquire,
          semaphore::release,
          false,
          true);
    }
  },
  BOUNDED_SEMAPHORE_ACQUIRE {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var semaphore = new BoundedSemaphore(loop, 1);
      var unused = semaphore.acquire();
      return new Scene(
          semaphore,
          semaphore::acquire,
          semaphore::acquire,
          semaphore::acquire,
          semaphore::release,
          false,
          true);
    }
  },
  SEMAPHORE_WHEN_UNLOCKED {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var semaphore = new Semaphore(loop, 0);
      return new Scene(
          semaphore,
          semaphore::whenUnlocked,
          semaphore::whenUnlocked,
          semaphore::whenUnlocked,
          semaphore::release,
          true,
          true);
    }
  },
  RWLOCK_ACQUIRE_READ {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var lock = new RWLock(loop);
      var unused = lock.acquireRead();
      return new Scene(
          lock,
          lock::acquireRead,
          lock::acquireRead,
          lock::acquireRead,
          lock::releaseRead,
          false,
          true);
    }
  },
  RWLOCK_ACQUIRE_WRITE {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var lock = new RWLock(loop, 3);
      var unused = lock.acquireWrite();
      return new Scene(
          lock,
          lock::acquireWrite,
          lock::acquireWrite,
          lock::acquireWrite,
          lock::releaseWrite,
          false,
          true);
    }
  },
  SEMAPHORE_ACQUIRE_SOME {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var semaphore = new Semaphore(loop, 1);
      Runnable granting = () -> semaphore.release(semaphore.toString().contains("waiters") ? 2 : 1);
      return new Scene(
          semaphore,
          () -> semaphore.acquire(2),
          timeout -> semaphore.acquire(2, timeout),
          deadline -> semaphore.acquire(2, deadline),
          granting,
          false,
          true);
    }
  },
  KEYED_LOCK_ACQUIRE {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var lock = new KeyedLock<Object>(loop);
      var unused = lock.acquire(content);
      return new Scene(
          lock,
          () -> lock.acquire(content),
          timeout -> lock.acquire(content, timeout),
          deadline -> lock.acquire(content, deadline),
          () -> lock.release(content),
          false,
          true);
    }
  },
  KEYED_RWLOCK_ACQUIRE_WRITE {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var lock = new KeyedRWLock<Object>(loop);
      var unused = lock.acquireWrite(content);
      return new Scene(
          lock,
          () -> lock.acquireWrite(content),
          timeout -> lock.acquireWrite(content, timeout),
          deadline -> lock.acquireWrite(content, deadline),
          () -> lock.releaseWrite(content),
          false,
          true);
    }
  },
  RATE_LIMITER_ACQUIRE {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var limiter = new RateLimiter(loop, 1, Duration.ofDays(36_500));
      var unused = limiter.acquire();
      // As if the time had passed for the limiter alone.
      Runnable granting =
          () -> {
            loop.check(limiter);
            limiter.bucket.take(-1);
            limiter.grantDue();
          };
      return new Scene(
          limiter, limiter::acquire, limiter::acquire, limiter::acquire, granting, false, true);
    }

    @Override
    boolean grantsInTime() {
      return true;
    }
  },
  QUEUE_PUT {
    @Override
    Scene scene(IOLoop loop, Object content) {
      return full(new Queue<>(loop, 1), content);
    }
  },
  PRIORITY_QUEUE_PUT {
    @Override
    Scene scene(IOLoop loop, Object content) {
      return full(new PriorityQueue<>(loop, 1, (a, b) -> 0), content);
    }
  },
  QUEUE_GET {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var queue = new Queue<Object>(loop);
      return new Scene(
          queue, queue::get, queue::get, queue::get, () -> queue.putNow(content), false, true);
    }
  },
  QUEUE_GET_BATCH {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var queue = new Queue<Object>(loop);
      Duration day = Duration.ofDays(1);
      return new Scene(
          queue,
          () -> queue.getBatch(2, day),
          timeout -> queue.getBatch(2, day, timeout),
          deadline -> queue.getBatch(2, day, deadline),
          () -> {
            queue.putNow(content);
            queue.putNow(content);
          },
          false,
          true);
    }
  },
  SINGLE_FLIGHT_GET {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var flights = new SingleFlight<Object, Object>(loop);
      Callable<Object> call = () -> Coroutines.await(new CompletableFuture<Object>());
      return new Scene(
          flights,
          () -> flights.get(content, call),
          timeout -> flights.get(content, call, timeout),
          deadline -> flights.get(content, call, deadline),
          () -> flights.succeed(content, content),
          true,
          false);
    }

    @Override
    boolean runs() {
      return true;
    }
  },
  BROADCAST_PUT_WITH_PATIENCE {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var broadcast = Broadcast.withPatience(loop, 1, Duration.ofDays(36_500));
      var slowest = broadcast.subscribe();
      broadcast.putNow(content);
      return new Scene(
          broadcast,
          () -> broadcast.put(content),
          timeout -> broadcast.put(content, timeout),
          deadline -> broadcast.put(content, deadline),
          () -> {
            loop.check(broadcast);
            if (!slowest.toString().contains("cut off")) {
              slowest.getNow();
            }
          },
          false,
          true);
    }

    @Override
    boolean grantsInTime() {
      return true;
    }
  },
  QUEUE_JOIN {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var queue = new Queue<Object>(loop);
      queue.putNow(content);
      return new Scene(queue, queue::join, queue::join, queue::join, queue::taskDone, true, true);
    }
  },
  BARRIER_ARRIVE {
    @Override
    Scene scene(IOLoop loop, Object content) {
      int[] rounds = {0};
      var barrier = new Barrier(loop, most() + 1, () -> rounds[0]++);
      return new Scene(
          barrier,
          barrier::arrive,
          barrier::arrive,
          barrier::arrive,
          () -> {
            for (int round = rounds[0]; rounds[0] == round; ) {
              var unused = barrier.arrive();
            }
          },
          true,
          false);
    }

    @Override
    int most() {
      return 500;
    }
  },
  BROADCAST_PUT {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var broadcast = new Broadcast<Object>(loop, 1);
      var slowest = broadcast.subscribe();
      broadcast.putNow(content);
      return new Scene(
          broadcast,
          () -> broadcast.put(content),
          timeout -> broadcast.put(content, timeout),
          deadline -> broadcast.put(content, deadline),
          () -> {
            assertThat(broadcast.size()).isOne();
            slowest.getNow();
          },
          false,
          true);
    }
  },
  SUBSCRIPTION_GET {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var broadcast = new Broadcast<Object>(loop, 1);
      var subscription = broadcast.subscribe();
      return new Scene(
          subscription,
          subscription::get,
          subscription::get,
          subscription::get,
          () -> {
            assertThat(subscription.size()).isZero();
            broadcast.putNow(content);
          },
          false,
          true);
    }
  },
  WATCH_WHEN_NOT {
    @Override
    Scene scene(IOLoop loop, Object content) {
      var watch = new Watch<Object>(loop, content);
      return new Scene(
          watch,
          () -> watch.whenNot(content),
          timeout -> watch.whenNot(content, timeout),
          deadline -> watch.whenNot(content, deadline),
          () -> watch.set("changed"),
          true,
          true);
    }
  };

  /** Does it set a timer while somebody waits, to grant him? */
  boolean grantsInTime() {
    return false;
  }

  /** Is what it waits for known by a key? */
  boolean isKeyed() {
    return name().startsWith("KEYED") || this == SINGLE_FLIGHT_GET;
  }

  /** Does a coroutine of the loop run for those that wait? */
  boolean runs() {
    return false;
  }

  /**
   * A new primitive on which this method has to wait. To be called on the loop.
   *
   * @param content each item, value or key that it is given
   */
  abstract Scene scene(IOLoop loop, Object content);

  Scene scene(IOLoop loop) {
    return scene(loop, "content");
  }

  Scene scene() {
    return scene(IOLoop.current());
  }

  private static Scene full(Queue<Object> queue, Object content) {
    queue.putNow(content);
    return new Scene(
        queue,
        () -> queue.put(content),
        timeout -> queue.put(content, timeout),
        deadline -> queue.put(content, deadline),
        queue::getNow,
        false,
        true);
  }

  /** How many can wait at the same time. */
  int most() {
    return 100_000;
  }

  /**
   * A primitive, its wait-method in three forms, and what grants a wait.
   *
   * @param grantsAll it grants all who wait, not only the first
   * @param keeps with nobody waiting it grants the next who comes
   */
  record Scene(
      Object primitive,
      Supplier<CompletableFuture<?>> plain,
      Function<Duration, CompletableFuture<?>> timed,
      Function<Deadline, CompletableFuture<?>> until,
      Runnable granting,
      boolean grantsAll,
      boolean keeps) {
    private static final Pattern WAITERS =
        Pattern.compile("(?:waiters|getters|putters|joiners)\\[(\\d+)]");

    /** Any value may complete it from outside. */
    @SuppressWarnings("unchecked")
    CompletableFuture<Object> begin() {
      return (CompletableFuture<Object>) plain.get();
    }

    @SuppressWarnings("unchecked")
    CompletableFuture<Object> begin(Duration timeout) {
      return (CompletableFuture<Object>) timed.apply(timeout);
    }

    @SuppressWarnings("unchecked")
    CompletableFuture<Object> begin(Deadline deadline) {
      return (CompletableFuture<Object>) until.apply(deadline);
    }

    void grant() {
      granting.run();
    }

    /** How many wait, as the primitive itself says; zero counts must be left out. */
    int waiting() {
      Matcher count = WAITERS.matcher(primitive.toString());
      if (!count.find()) {
        return 0;
      }
      int waiting = Integer.parseInt(count.group(1));
      if (waiting == 0) {
        throw new AssertionError("a zero count is shown: " + primitive);
      }
      return waiting;
    }
  }
}

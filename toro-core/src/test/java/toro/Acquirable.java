package toro;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** Everything that one at a time can acquire, for the rules of that family. */
enum Acquirable {
  LOCK {
    @Override
    Mutex create() {
      var lock = new Lock();
      return new Mutex(
          lock, lock::acquire, lock::acquire, lock::acquire, lock::release, lock::isLocked);
    }
  },
  SEMAPHORE {
    @Override
    Mutex create() {
      return of(new Semaphore());
    }
  },
  BOUNDED_SEMAPHORE {
    @Override
    Mutex create() {
      return of(new BoundedSemaphore());
    }
  },
  READ_SIDE {
    @Override
    Mutex create() {
      var lock = new RWLock();
      return new Mutex(
          lock,
          lock::acquireRead,
          lock::acquireRead,
          lock::acquireRead,
          lock::releaseRead,
          lock::isLocked);
    }
  },
  WRITE_SIDE {
    @Override
    Mutex create() {
      var lock = new RWLock(5);
      return new Mutex(
          lock,
          lock::acquireWrite,
          lock::acquireWrite,
          lock::acquireWrite,
          lock::releaseWrite,
          lock::isLocked);
    }
  },
  SEVERAL_PERMITS {
    @Override
    Mutex create() {
      var semaphore = new BoundedSemaphore(3);
      return new Mutex(
          semaphore,
          () -> semaphore.acquire(3),
          timeout -> semaphore.acquire(3, timeout),
          deadline -> semaphore.acquire(3, deadline),
          () -> semaphore.release(3),
          semaphore::isLocked);
    }
  },
  A_KEY {
    @Override
    Mutex create() {
      var lock = new KeyedLock<String>();
      return new Mutex(
          lock,
          () -> lock.acquire("a"),
          timeout -> lock.acquire("a", timeout),
          deadline -> lock.acquire("a", deadline),
          () -> lock.release("a"),
          () -> lock.isLocked("a"));
    }
  },
  WRITE_SIDE_OF_A_KEY {
    @Override
    Mutex create() {
      var lock = new KeyedRWLock<String>();
      return new Mutex(
          lock,
          () -> lock.acquireWrite("a"),
          timeout -> lock.acquireWrite("a", timeout),
          deadline -> lock.acquireWrite("a", deadline),
          () -> lock.releaseWrite("a"),
          () -> lock.isLocked("a"));
    }
  };

  /** A free one, of the current loop. */
  abstract Mutex create();

  private static Mutex of(Semaphore semaphore) {
    return new Mutex(
        semaphore,
        semaphore::acquire,
        semaphore::acquire,
        semaphore::acquire,
        semaphore::release,
        semaphore::isLocked);
  }

  /** One of them, with its acquire in three forms. */
  record Mutex(
      Object primitive,
      Supplier<CompletableFuture<Lease>> plain,
      Function<Duration, CompletableFuture<Lease>> timed,
      Function<Deadline, CompletableFuture<Lease>> until,
      Runnable releasing,
      BooleanSupplier locked) {

    CompletableFuture<Lease> acquire() {
      return plain.get();
    }

    CompletableFuture<Lease> acquire(Duration timeout) {
      return timed.apply(timeout);
    }

    CompletableFuture<Lease> acquire(Deadline deadline) {
      return until.apply(deadline);
    }

    void release() {
      releasing.run();
    }

    boolean isLocked() {
      return locked.getAsBoolean();
    }
  }
}

package toro;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Permits that are given out in order of arrival, any number at a time, all or nothing: the
 * mechanism under {@link Semaphore} (one at a time), {@link Lock} (the only one) and {@link RWLock}
 * (a reader takes one, a writer all).
 *
 * <p>Who needs more than there is holds up all who come later, so nobody starves; when he leaves,
 * they move up.
 */
final class Permits implements WaitList.Grantor {
  /** The grant of one who does not have all to himself. */
  static final long SHARED = 0;

  private final IOLoop loop;
  private final Object owner;
  private final int bound;
  private final WaitList<Acquirer> acquirers;
  private final WaitList<Waiter<Void>> unlockWaiters;

  // Invariant: 0 <= available <= bound, and the first live acquirer wants more than is available.
  private int available;
  // The last grant to one who has it all to himself: its number, which also tells when it was
  // (IOLoop.seen), and who that is; NOBODY when he has given it back. No reference to him: to store
  // one costs more than the rest of a grant.
  // Invariant: holder != NOBODY implies available == 0.
  private long grant = SHARED;
  private long holder = NOBODY;

  /**
   * @param owner the primitive, for messages
   * @param available how many there are
   * @param bound how many there can ever be
   */
  Permits(IOLoop loop, Object owner, int available, int bound) {
    this.loop = loop;
    this.owner = owner;
    this.available = available;
    this.bound = bound;
    this.acquirers = new WaitList<>(loop, owner, this);
    this.unlockWaiters = new WaitList<>(loop, owner);
  }

  /** One who waits for permits. */
  private static final class Acquirer extends Waiter<Lease> {
    final int count;
    final boolean alone;
    final @Nullable Coroutine<?> by; // null: a callback

    Acquirer(IOLoop loop, int count, boolean alone) {
      super(loop);
      this.count = count;
      this.alone = alone;
      this.by = loop.currentCoroutine();
    }
  }

  /** Acquires so many; {@code alone}: nobody else holds any meanwhile, so they must be all. */
  CompletableFuture<Lease> acquire(int count, boolean alone, Deadline deadline) {
    loop.check(owner);
    requireNonNull(deadline, "deadline");
    if (available > 0) {
      grantWaiting(); // whom one may have held up who was completed on another thread
    }
    if (count <= available && acquirers.isEmpty()) {
      return CompletableFuture.completedFuture(take(count, alone, null));
    }
    return acquirers.await(new Acquirer(loop, count, alone), deadline);
  }

  /** Waits until there is one. */
  CompletableFuture<@Nullable Void> whenUnlocked(Deadline deadline) {
    loop.check(owner);
    requireNonNull(deadline, "deadline");
    if (available > 0) {
      return CompletableFuture.completedFuture(null);
    }
    return unlockWaiters.await(new Waiter<>(loop), deadline);
  }

  /** Gives one back, or makes a new one. */
  void release() {
    if (available == bound) {
      throw new IllegalStateException(
          "Semaphore released too many times: " + owner + " has " + bound + " permits");
    }
    released(null);
    add(1);
  }

  /** Ends the hold of one who has all to himself; his lease is worth nothing from then on. */
  void releaseExclusive(int count) {
    released(null);
    endExclusive(count);
  }

  private void endExclusive(int count) {
    holder = NOBODY;
    add(count);
  }

  /** The end of a lease. */
  void giveBack(Lease lease, int count, long grant) {
    if (loop.isClosed()) {
      lease.ended();
      return;
    }
    loop.check(owner);
    lease.ended();
    released(lease);
    if (!holds(grant)) {
      return; // its hold was ended by a release() without the lease, and now it is another's
    }
    if (grant == SHARED) {
      add(Math.min(count, bound - available)); // nothing if it was released without the lease
    } else {
      endExclusive(count);
    }
  }

  private void released(@Nullable Lease lease) {
    if (loop.probe != null) {
      loop.probe.released(owner, lease);
    }
  }

  boolean holds(long grant) {
    return grant == SHARED ? holder == NOBODY : grant == this.grant && holder != NOBODY;
  }

  boolean isExclusive() {
    return holder != NOBODY;
  }

  @Override
  public void departed() {
    grantWaiting();
  }

  @Override
  public long holder() {
    return holder;
  }

  @Override
  public long heldSince() {
    return grant;
  }

  int available() {
    return available;
  }

  String waiters() {
    int waiters = acquirers.size() + unlockWaiters.size();
    return waiters == 0 ? "" : " waiters[" + waiters + "]";
  }

  private void add(int count) {
    available += count;
    grantWaiting();
    if (available > 0) {
      long mark = unlockWaiters.mark();
      for (Waiter<Void> waiter; (waiter = unlockWaiters.poll(mark)) != null; ) {
        waiter.succeed(null);
      }
    }
  }

  private void grantWaiting() {
    for (Acquirer first; (first = acquirers.first()) != null && first.count <= available; ) {
      first.leave();
      if (first.claim()) {
        first.succeed(take(first.count, first.alone, first));
      }
    }
  }

  private Lease take(int count, boolean alone, @Nullable Acquirer wait) {
    available -= count;
    if (alone) {
      grant = Math.max(grant + 1, loop.seen);
      holder = wait == null ? loop.currentNumber() : wait.by == null ? CALLBACK : wait.by.number();
    }
    Lease lease = new Lease(this, count, alone ? grant : SHARED);
    if (loop.probe != null) {
      loop.probe.granted(owner, lease, wait, loop.currentCoroutine());
    }
    return lease;
  }
}

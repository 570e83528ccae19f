package toro;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Permits that are given out in order of arrival, any number at a time, all or nothing: the
 * mechanism under {@link Semaphore}, {@link Lock} (the only one) and {@link RWLock} (a reader takes
 * one, a writer all), and with a set of them for each key under {@link KeyedLock} and {@link
 * KeyedRWLock}.
 *
 * <p>Who needs more than there is holds up all who come later, so nobody starves; when he leaves,
 * they move up.
 */
class Permits implements WaitList.Grantor {
  /** The grant of one who does not have all to himself. */
  static final long SHARED = 0;

  private final IOLoop loop;
  private final Object owner;
  private final boolean bounded;
  private final WaitList<Acquirer> acquirers;
  private final WaitList<Waiter<Void>> unlockWaiters;

  // How many there are, free or held; a release beyond that is refused, or makes one more.
  private int total;
  // Invariant: available <= bound(), and the first live acquirer wants more than is available. It
  // is negative while more are held than there are since a resize.
  private int available;
  // The last grant to one who has it all to himself: its number, which also tells when it was
  // (IOLoop.seen), and who that is; NOBODY when he has given it back. No reference to him: to store
  // one costs more than the rest of a grant.
  // Invariant: holder != NOBODY implies available == 0.
  private long grant = SHARED;
  private long holder = NOBODY;

  /**
   * @param owner the primitive, for messages
   * @param total how many there are, all of them free
   * @param bounded can there be no more?
   */
  Permits(IOLoop loop, Object owner, int total, boolean bounded) {
    this.loop = loop;
    this.owner = owner;
    this.total = total;
    this.available = total;
    this.bounded = bounded;
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

  IOLoop loop() {
    return loop;
  }

  /** Refuses what is done elsewhere. */
  void check() {
    loop.check(owner);
  }

  /** All are free, and nobody waits; may be called again while that is so. */
  void idle() {}

  /** Acquires so many; {@code alone}: nobody else holds any meanwhile, so they must be all. */
  CompletableFuture<Lease> acquire(int count, boolean alone, Deadline deadline) {
    check();
    requireNonNull(deadline, "deadline");
    if (available > 0) {
      grantWaiting(); // whom one may have held up who was completed on another thread
    }
    if (count <= available && acquirers.isEmpty()) {
      return new Done<>(take(count, alone, null));
    }
    if (isOutOfReach(count)) {
      throw outOfReach(count);
    }
    return acquirers.await(new Acquirer(loop, count, alone), deadline);
  }

  /** Can so many never be granted? Of none at all everybody waits that there will be some. */
  private boolean isOutOfReach(int count) {
    return bounded && count > total && total > 0;
  }

  private IllegalArgumentException outOfReach(int count) {
    return new IllegalArgumentException(
        count + " permits can never be granted: " + owner + " has " + total + " in all");
  }

  /** Waits until somebody could acquire one at once. */
  CompletableFuture<@Nullable Void> whenUnlocked(Deadline deadline) {
    check();
    requireNonNull(deadline, "deadline");
    if (available > 0) {
      grantWaiting(); // as in acquire
    }
    if (!isLocked()) {
      return CompletableFuture.completedFuture(null);
    }
    return unlockWaiters.await(new Waiter<>(loop), deadline);
  }

  /** Gives so many back, or makes new ones. */
  void release(int count) {
    if ((long) available + count > bound()) {
      throw new IllegalStateException(
          "Semaphore released too many times: " + owner + " has " + bound() + " permits");
    }
    released(null, count);
    add(count);
  }

  /** Changes how many there are; nobody loses what he holds. */
  void resize(int newTotal) {
    long change = (long) newTotal - total;
    if (available + change > Integer.MAX_VALUE) {
      throw new IllegalStateException(
          "resized to too many: "
              + owner
              + " would have "
              + (available + change)
              + " free permits");
    }
    total = newTotal;
    available += (int) change;
    List<Acquirer> refused = acquirers.pollAll(acquirer -> isOutOfReach(acquirer.count));
    settle();
    for (Acquirer acquirer : refused) {
      acquirer.fail(outOfReach(acquirer.count));
    }
  }

  private int bound() {
    return bounded ? total : Integer.MAX_VALUE;
  }

  /** Ends the hold of one who has all to himself; his lease is worth nothing from then on. */
  void releaseExclusive(int count) {
    released(null, count);
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
    check();
    lease.ended();
    released(lease, count);
    if (!holds(grant)) {
      return; // its hold was ended by a release() without the lease, and now it is another's
    }
    if (grant == SHARED) {
      // Nothing if it was released without the lease.
      add((int) Math.min(count, (long) bound() - available));
    } else {
      endExclusive(count);
    }
  }

  private void released(@Nullable Lease lease, int count) {
    if (loop.probe != null) {
      loop.probe.released(owner, lease, count);
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
    settle();
  }

  @Override
  public long holder() {
    return holder;
  }

  @Override
  public long heldSince() {
    return grant;
  }

  /** Could nobody acquire one at once: is none free, or is the first in line waiting for more? */
  boolean isLocked() {
    return available <= 0 || acquirers.size() > 0;
  }

  int available() {
    return available;
  }

  int total() {
    return total;
  }

  /** Is none held? */
  boolean isIdle() {
    return available == total;
  }

  int waiting() {
    return acquirers.size() + unlockWaiters.size();
  }

  String waiters() {
    int waiting = waiting();
    return waiting == 0 ? "" : " waiters[" + waiting + "]";
  }

  private void add(int count) {
    available += count;
    settle();
  }

  /** Gives out what can be, and tells those who want to know. */
  private void settle() {
    grantWaiting();
    if (!isLocked()) {
      long mark = unlockWaiters.mark();
      for (Waiter<Void> waiter; (waiter = unlockWaiters.poll(mark)) != null; ) {
        waiter.succeed(null);
      }
    }
    if (isIdle()) {
      idle();
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
      loop.probe.granted(owner, lease, count, wait, loop.currentCoroutine());
    }
    return lease;
  }
}

package toro;

import org.jspecify.annotations.Nullable;

/**
 * What was acquired, until it is given back: {@code try (var lease = await(lock.acquire())) { … }}.
 *
 * <p>{@link #close()} gives it back, once: closing it again does nothing, and closing the lease of
 * a lock that was released with {@link Lock#release()} does not take it from its next holder. It is
 * toro's context manager.
 */
public final class Lease implements AutoCloseable {
  private final Permits permits;
  private final long grant;
  private int count;

  /**
   * @param grant the number of the grant if it is exclusive, else {@link Permits#SHARED}
   */
  Lease(Permits permits, int count, long grant) {
    this.permits = permits;
    this.count = count;
    this.grant = grant;
  }

  /**
   * Gives back what was acquired; the first in line is granted before this returns. Does nothing
   * the second time, or when the loop is closed.
   *
   * @throws WrongThreadException if it is called by a thread that is not on the loop; the lease is
   *     still held then
   */
  @Override
  public void close() {
    if (count > 0) {
      permits.giveBack(this, count, grant);
    }
  }

  /**
   * Closes a value that nobody will get, if it is a lease: on its loop, whichever thread this is.
   */
  static void giveBack(@Nullable Object value) {
    if (value instanceof Lease lease) {
      lease.permits.loop().runOrOffer(lease, lease::close);
    }
  }

  /** Says that it is given back. */
  void ended() {
    count = 0;
  }

  /** {@code Lease[held]} or {@code Lease[released]}. */
  @Override
  public String toString() {
    return count > 0 && permits.holds(grant) ? "Lease[held]" : "Lease[released]";
  }
}

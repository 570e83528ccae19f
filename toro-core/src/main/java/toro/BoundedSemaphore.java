package toro;

/**
 * A {@link Semaphore} whose counter cannot grow beyond its initial value, or what it was
 * {@linkplain #resize resized} to: for guarding a resource of limited capacity, where one release
 * too many is the sign of a bug. So is an {@code acquire} of more permits than there are in all: it
 * could never be granted, and is refused. Semantics: toro's {@code BoundedSemaphore}.
 */
public final class BoundedSemaphore extends Semaphore {

  /**
   * A semaphore of one permit, of the current loop.
   *
   * @throws IllegalStateException if there is no current loop
   */
  public BoundedSemaphore() {
    this(1);
  }

  /**
   * A semaphore of the current loop.
   *
   * @param value how many permits there are, at first and at most
   * @throws IllegalArgumentException if {@code value} is negative
   * @throws IllegalStateException if there is no current loop
   */
  public BoundedSemaphore(int value) {
    this(IOLoop.current(), value);
  }

  /**
   * A semaphore of one permit.
   *
   * @param loop the loop on which it will be used; any thread may make it
   */
  public BoundedSemaphore(IOLoop loop) {
    this(loop, 1);
  }

  /**
   * A semaphore.
   *
   * @param loop the loop on which it will be used; any thread may make it
   * @param value how many permits there are, at first and at most
   * @throws IllegalArgumentException if {@code value} is negative
   */
  public BoundedSemaphore(IOLoop loop, int value) {
    super(loop, value, true);
  }
}

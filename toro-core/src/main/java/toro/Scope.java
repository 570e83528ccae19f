package toro;

import org.jspecify.annotations.Nullable;

/**
 * A block of what a fiber does, within the blocks around it: one that has so much time ({@link
 * TimeScope}), or that coroutines belong to ({@link TaskGroup}).
 */
abstract class Scope {
  final Fiber fiber;
  private @Nullable Scope outer;
  @Nullable Timeout timer; // of its deadline; null: it has none, or had no time from the beginning
  boolean exceeded; // is its time up?

  Scope(Fiber fiber) {
    this.fiber = fiber;
    this.outer = fiber.scope;
  }

  final @Nullable Scope outer() {
    return outer;
  }

  final void enter() {
    fiber.scope = this;
  }

  /** Is the fiber in the block? */
  final boolean isEntered() {
    Scope block = fiber.scope;
    while (block != null && block != this) {
      block = block.outer;
    }
    return block == this;
  }

  /** The block is left; also if one inside it was not. */
  final void leave() {
    if (fiber.scope == this) {
      fiber.scope = outer;
    }
    for (Scope block = fiber.scope; block != null; block = block.outer) {
      if (block.outer == this) {
        block.outer = outer;
      }
    }
  }

  /** Nanoseconds until the deadline of the block itself. */
  final long nanosLeft() {
    return exceeded ? 0 : timer == null ? Deadline.FOREVER : timer.nanosLeft();
  }

  /** Has the block ended, so that the fiber is to leave it? */
  abstract boolean isOver();

  /** May the fiber be suspended in the block where it does not have to wait? */
  boolean maySuspend() {
    return true;
  }

  /** What a wait that begins in the block is to throw instead; null: nothing. */
  abstract @Nullable Throwable owed();

  /** The fiber was cancelled, or a block around this one is over: it is to leave. */
  void end(Throwable reason) {}

  /** An await in the block throws this. */
  void thrown(Throwable failure) {}

  /** What an await in the block throws when what it has awaited was cancelled. */
  Throwable insteadOf(Throwable cancellation) {
    return cancellation;
  }

  /** The fiber has ended, and not left the block. */
  void orphaned() {}
}

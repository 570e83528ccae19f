package toro;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a fiber awaits in place of a future that cannot wake it: one of another loop, a derived one,
 * or any other {@link CompletableFuture}. It is done when that future is.
 *
 * <p>It is interested in a future of a loop as a derived one is: when the fiber gives it up, that
 * future is given up too, unless something else is interested in it.
 */
final class Relay extends Waiter<@Nullable Void> {
  /** What this stands for; null: several, whose owner completes this. */
  final @Nullable CompletableFuture<?> source;

  private final boolean foreign;
  private volatile boolean taken; // the source is being granted, and will complete this
  private boolean recalled; // the fiber has claimed this, and gives it up

  /**
   * Stands for several futures.
   *
   * @param foreign may another thread complete one of them?
   */
  Relay(IOLoop loop, boolean foreign) {
    super(loop);
    this.source = null;
    this.foreign = foreign;
  }

  Relay(IOLoop loop, CompletableFuture<?> source) {
    super(loop);
    this.source = source;
    this.foreign = true;
    if (source instanceof LoopFuture<?> other && other.endsWithInterest()) {
      other.addInterest(this);
    }
    // Not source.whenComplete: a relay that is given up would stay with a source that is never
    // done.
    CompletableFuture.anyOf(source, this).whenComplete((value, failure) -> arrived());
  }

  @Override
  int ownDependents() {
    return source == null ? 0 : 1;
  }

  /** Called by the thread that grants the source. A select that is over then drops the value. */
  @Override
  boolean takes() {
    taken = claimEnd();
    return taken;
  }

  private void arrived() {
    if (taken) {
      completeOutside(() -> completeClaimed(null));
    } else {
      complete(null);
    }
  }

  /** Only one fiber awaits this: so it is claimed at once, and no other thread can grant it. */
  @Override
  boolean recall() {
    if (source instanceof LoopFuture<?> other) {
      other.share();
      if (other.isGranted() && !other.isDelivered()) {
        return false;
      }
    }
    recalled = claimEnd();
    return recalled;
  }

  @Override
  boolean dismiss() {
    return recalled || super.dismiss();
  }

  @Override
  void dismissed() {
    super.dismissed();
    if (source instanceof LoopFuture<?> other) {
      other.removeInterest(this);
      other.giveUpUnlessWanted();
    }
  }

  @Override
  String waitedFor() {
    return foreign ? "a future of another thread" : "futures";
  }

  @Override
  boolean isForeign() {
    return foreign;
  }
}

package toro.testing;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A ready queue in an order that a seed decides: each poll draws one of those that are there. What
 * is added at the beginning is next all the same, and a coroutine that pauses comes after those
 * that were there before it: that is what a pause is for.
 */
final class SeededQueue extends ArrayDeque<Runnable> {
  private static final long serialVersionUID = 1;

  /** Seeds that are close to each other are not for a {@link Random}. */
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final Random random;
  private final transient Set<Runnable> pausing =
      Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean nextIsPausing;
  private int urgent; // how many at the beginning are not to be drawn

  SeededQueue(long seed) {
    this.random = new Random(seed * GOLDEN);
  }

  /** What is added next is a coroutine that pauses. */
  void nextIsPausing() {
    nextIsPausing = true;
  }

  @Override
  public boolean add(Runnable last) {
    if (nextIsPausing) {
      nextIsPausing = false;
      pausing.add(last);
    }
    return super.add(last);
  }

  @Override
  public void addFirst(Runnable next) {
    urgent++;
    super.addFirst(next);
  }

  @Override
  public @Nullable Runnable poll() {
    if (urgent > 0 || isEmpty()) {
      urgent = Math.max(0, urgent - 1);
      return super.poll();
    }
    return draw(random.nextInt(size()));
  }

  private Runnable draw(int index) {
    Iterator<Runnable> queue = iterator();
    for (int i = 0; i < index; i++) {
      queue.next();
    }
    Runnable drawn = queue.next();
    if (index > 0 && pausing.contains(drawn)) {
      return draw(random.nextInt(index)); // one that was there before it
    }
    pausing.remove(drawn);
    queue.remove();
    return drawn;
  }
}

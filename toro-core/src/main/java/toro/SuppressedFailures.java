package toro;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Several failures as one: the first, with the others as its suppressed exceptions.
 *
 * <p>When a server goes down, ten thousand requests fail at once. So only the first hundred others
 * are attached; the rest is counted in a last one. Adding one costs the same however many there
 * are.
 */
final class SuppressedFailures {
  static final int MAX = 100;

  private final Throwable first;
  // By identity: equals and hashCode of an exception may be anybody's.
  private final Set<Throwable> attached = Collections.newSetFromMap(new IdentityHashMap<>());
  private @Nullable More more;

  SuppressedFailures(Throwable first) {
    this.first = first;
    attached.add(first);
    for (Throwable suppressed : first.getSuppressed()) {
      if (suppressed instanceof More counted) {
        more = counted; // the first has been thrown before, with more than a hundred others
      } else {
        attached.add(suppressed);
      }
    }
  }

  /** Adds a failure to those before it; null: there are none, and it is the first. */
  static SuppressedFailures with(@Nullable SuppressedFailures earlier, Throwable failure) {
    if (earlier == null) {
      return new SuppressedFailures(failure);
    }
    earlier.add(failure);
    return earlier;
  }

  Throwable first() {
    return first;
  }

  /** Adds one, unless it is attached already or is the first itself. */
  void add(Throwable another) {
    if (attached.contains(another)) {
      return;
    }
    if (attached.size() <= MAX) {
      attached.add(another);
      first.addSuppressed(another);
      return;
    }
    count(1);
  }

  /** Counts some that are not attached. */
  void count(int failures) {
    if (failures == 0) {
      return;
    }
    if (more == null) {
      more = new More();
      first.addSuppressed(more);
    }
    more.count += failures;
  }

  /** Stands for the failures that are not attached. */
  private static final class More extends Exception {
    private static final long serialVersionUID = 1;

    private long count;

    More() {
      super(null, null, false, false);
    }

    @Override
    public String getMessage() {
      return count + " more failures, which are not shown";
    }

    @Override
    public String toString() {
      return getMessage();
    }
  }
}

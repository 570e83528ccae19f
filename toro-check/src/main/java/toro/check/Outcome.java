package toro.check;

import org.jspecify.annotations.Nullable;

/** What became of a URL. */
sealed interface Outcome {

  /**
   * It is there.
   *
   * @param anchors null where fragments cannot be checked: it is not a page, or was not read
   * @param fragment the one that a redirect has put in place of each link's own; null if none did
   */
  record Found(@Nullable Anchors anchors, @Nullable String fragment) implements Outcome {
    static final Found WITHOUT_ANCHORS = new Found(null, null);

    boolean has(String fragmentOfLink) {
      return anchors == null || anchors.has(fragment == null ? fragmentOfLink : fragment);
    }
  }

  /** It is not. */
  record Broken(String reason) implements Outcome {}

  /** It was not asked for, since its host does not want that. */
  record Forbidden() implements Outcome {}

  /** Returns what a redirect that leads here is, if its {@code Location} has this fragment. */
  default Outcome seenThrough(String redirectFragment) {
    return this instanceof Found found && found.fragment == null && !redirectFragment.isEmpty()
        ? new Found(found.anchors, redirectFragment)
        : this;
  }
}

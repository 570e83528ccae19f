package toro.check;

import org.jspecify.annotations.Nullable;

/** What became of a URL. */
sealed interface Outcome {

  /**
   * It is there.
   *
   * @param anchors null where fragments cannot be checked: it is not a page, or was not read
   */
  record Found(@Nullable Anchors anchors) implements Outcome {}

  record Broken(String reason) implements Outcome {}

  /** It was not asked for, since its robots.txt forbids that. */
  record Forbidden() implements Outcome {}
}

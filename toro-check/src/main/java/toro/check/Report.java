package toro.check;

import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What was found.
 *
 * @param starts where the crawl began
 * @param pages how many were read
 * @param links how many were checked; one that a page has several times counts once
 * @param broken those that are, each with all pages that have it
 * @param external how many links were left alone because they lead out of the site
 * @param forbidden how many were left alone because robots.txt says so
 * @param excluded how many were left alone because the user says so
 * @param unfinished how many were not checked because the time was up
 * @param pagesBeyondLimit how many pages were not searched because there were enough
 * @param unreadable pages that are there and could not be read, with the reason
 * @param notes what was strange about each robots.txt
 * @param failures the starts where nothing could be read, with the reason
 */
record Report(
    List<String> starts,
    int pages,
    int links,
    List<Broken> broken,
    int external,
    int forbidden,
    int excluded,
    int unfinished,
    int pagesBeyondLimit,
    NavigableMap<String, String> unreadable,
    NavigableMap<String, String> notes,
    Ending ending,
    NavigableMap<String, String> failures,
    Duration took) {

  /** Why the crawl ended. */
  enum Ending {
    COMPLETE,
    DEADLINE,
    INTERRUPTED
  }

  /**
   * A link that leads to nothing.
   *
   * @param pages that have it, in the order in which it was found
   */
  record Broken(String link, String reason, List<String> pages) {}

  /** Returns how often a page has a broken link. */
  int places() {
    return broken.stream().mapToInt(each -> each.pages().size()).sum();
  }

  /** Returns the exit status of the command. */
  int status() {
    if (!failures.isEmpty()) {
      return 2;
    }
    return broken.isEmpty() ? 0 : 1;
  }

  /** Returns this report with other names for addresses. */
  Report renamed(UnaryOperator<String> names) {
    return new Report(
        starts.stream().map(names).toList(),
        pages,
        links,
        broken.stream()
            .map(
                each ->
                    new Broken(
                        names.apply(each.link()),
                        each.reason(),
                        each.pages().stream().map(names).toList()))
            .toList(),
        external,
        forbidden,
        excluded,
        unfinished,
        pagesBeyondLimit,
        renamed(unreadable, names),
        renamed(notes, names),
        ending,
        renamed(failures, names),
        took);
  }

  private static NavigableMap<String, String> renamed(
      NavigableMap<String, String> map, UnaryOperator<String> names) {
    var renamed = new TreeMap<String, String>();
    map.forEach((url, text) -> renamed.put(names.apply(url), text));
    return renamed;
  }
}

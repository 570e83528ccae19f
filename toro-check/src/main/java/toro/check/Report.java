package toro.check;

import java.net.URI;
import java.time.Duration;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * What was found.
 *
 * @param pages how many were read
 * @param links how many were checked; one that a page has several times counts once
 * @param broken for each page that has broken links, these and the reasons
 * @param external how many links were left alone because they lead out of the site
 * @param forbidden how many were left alone because robots.txt says so
 * @param unfinished how many were not checked because the time was up
 * @param failure why not a single page could be read; null if one was
 */
record Report(
    URI start,
    int pages,
    int links,
    NavigableMap<URI, NavigableMap<String, String>> broken,
    int external,
    int forbidden,
    int unfinished,
    Ending ending,
    @Nullable String failure,
    Duration took) {

  /** Why the crawl ended. */
  enum Ending {
    COMPLETE,
    DEADLINE,
    INTERRUPTED
  }

  int brokenLinks() {
    return broken.values().stream().mapToInt(NavigableMap::size).sum();
  }

  /** The exit status of the command. */
  int status() {
    if (failure != null) {
      return 2;
    }
    return broken.isEmpty() ? 0 : 1;
  }
}

package toro.check;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the checker reads in a page, a style sheet or a sitemap.
 *
 * @param kind what it is read as
 * @param anchors null if fragments mean nothing there
 * @param links each once, in the order of the page
 * @param malformed what stands in place of an address and is none, each with the reason
 * @param authorized the addresses that name a user
 */
record Page(
    Kind kind,
    @Nullable Anchors anchors,
    List<Link> links,
    Map<String, String> malformed,
    List<Address> authorized) {

  /** What has links. */
  enum Kind {
    HTML,
    STYLE_SHEET,
    SITEMAP
  }
}

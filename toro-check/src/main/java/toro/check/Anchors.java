package toro.check;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The places in a page that a fragment can name. */
record Anchors(Set<String> names) {

  boolean has(String fragment) {
    return fragment.isEmpty()
        || fragment.equalsIgnoreCase("top")
        || fragment.startsWith("!") // the page's own script reads these
        || fragment.startsWith("/")
        || fragment.startsWith(":~:") // to a text, not to a place
        || names.contains(fragment)
        || names.contains(decode(fragment));
  }

  private static String decode(String fragment) {
    try {
      return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return fragment;
    }
  }
}

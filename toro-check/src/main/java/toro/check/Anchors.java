package toro.check;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * The places in a page that a fragment can name. Kept as 64-bit hashes: a large site has millions
 * of them, and two names of one page share a hash once in a billion such sites.
 */
final class Anchors {
  private final long[] hashes; // sorted

  private Anchors(long[] hashes) {
    this.hashes = hashes;
  }

  static Anchors of(Set<String> names) {
    return new Anchors(names.stream().mapToLong(Anchors::hash).sorted().toArray());
  }

  /** Reports whether a link with {@code fragment} leads to a place in this page. */
  boolean has(String fragment) {
    var directive = fragment.indexOf(":~:"); // to a text, which only a browser can find
    var name = directive < 0 ? fragment : fragment.substring(0, directive);
    return name.isEmpty()
        || name.equalsIgnoreCase("top")
        || name.startsWith("!") // the page's own script reads these
        || name.startsWith("/")
        || contains(name)
        || contains(decode(name));
  }

  private boolean contains(String name) {
    return Arrays.binarySearch(hashes, hash(name)) >= 0;
  }

  /** Computes FNV-1a with a final mix. */
  private static long hash(String name) {
    var hash = 0xcbf29ce484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    return (hash ^ (hash >>> 32)) * 0x9e3779b97f4a7c15L;
  }

  private static String decode(String fragment) {
    try {
      return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return fragment;
    }
  }
}

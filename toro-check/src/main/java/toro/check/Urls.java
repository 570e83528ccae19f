package toro.check;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Web addresses as people and pages write them, made into ones that can be requested and compared.
 */
final class Urls {
  private static final Pattern SCHEME = Pattern.compile("^([a-zA-Z][a-zA-Z0-9+.-]*):");
  private static final Pattern AUTHORITY =
      Pattern.compile("^((?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//)([^/?#]*)");

  private Urls() {}

  /**
   * Where {@code reference}, found in a page whose base is {@code base}, leads to. What a browser
   * forgives is forgiven: spaces around it, characters that should have been percent-encoded.
   *
   * @param reference without its fragment
   */
  static URI resolve(URI base, String reference) throws URISyntaxException {
    var text = encode(reference.strip());
    if (text.isEmpty()) {
      return base;
    }
    if (text.startsWith("?")) { // URI.resolve would drop the name of the page
      return normalize(URI.create(origin(base) + base.getRawPath() + text));
    }
    return normalize(base.resolve(new URI(text)));
  }

  /** An absolute address. */
  static URI parse(String text) throws URISyntaxException {
    return normalize(new URI(encode(text.strip())));
  }

  /**
   * Does it lead somewhere that this program cannot go, such as {@code mailto:} or {@code
   * javascript:}?
   */
  static boolean hasForeignScheme(String reference) {
    var scheme = SCHEME.matcher(reference.strip());
    return scheme.find() && !scheme.group(1).toLowerCase(Locale.ROOT).matches("https?");
  }

  /** Scheme, host and port. */
  static String origin(URI url) {
    return url.getScheme() + "://" + url.getRawAuthority();
  }

  /** {@code url} up to and with the last slash of its path. */
  static URI folder(URI url) {
    var path = url.getRawPath();
    return URI.create(origin(url) + path.substring(0, path.lastIndexOf('/') + 1));
  }

  /**
   * One spelling for each address: lower-case host, no default port, no user, no fragment, no dots
   * in the path.
   */
  private static URI normalize(URI url) throws URISyntaxException {
    var text = url.toString();
    var scheme = url.getScheme();
    if (scheme == null || !scheme.toLowerCase(Locale.ROOT).matches("https?")) {
      throw new URISyntaxException(text, "not an http or https URL");
    }
    scheme = scheme.toLowerCase(Locale.ROOT);
    var host = url.getHost();
    if (host == null) {
      throw new URISyntaxException(text, "no valid host name");
    }
    var port = url.getPort();
    if (port > 65_535) {
      throw new URISyntaxException(text, "no such port");
    }
    if (port == (scheme.equals("http") ? 80 : 443)) {
      port = -1;
    }
    var path = url.normalize().getRawPath();
    while (path.startsWith("/../") || path.equals("/..")) { // above the root is the root
      path = path.substring(3);
    }
    var query = url.getRawQuery();
    return new URI(
        scheme
            + "://"
            + host.toLowerCase(Locale.ROOT)
            + (port == -1 ? "" : ":" + port)
            + (path.isEmpty() ? "/" : path)
            + (query == null ? "" : "?" + query));
  }

  /**
   * Percent-encodes what may not stand in a URL as it is; drops tabs and line ends, as browsers do.
   */
  private static String encode(String text) throws URISyntaxException {
    if (isPlain(text)) {
      return text;
    }
    var authority = AUTHORITY.matcher(text);
    return authority.find()
        ? authority.group(1) + toAscii(authority) + encodePath(text.substring(authority.end()))
        : encodePath(text);
  }

  private static boolean isPlain(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7F && "\"<>\\^`{|}[]".indexOf(c) < 0);
  }

  private static String toAscii(Matcher authority) throws URISyntaxException {
    try {
      return isPlain(authority.group(2)) || authority.group(2).startsWith("[")
          ? authority.group(2)
          : IDN.toASCII(authority.group(2));
    } catch (IllegalArgumentException notAHost) {
      throw new URISyntaxException(authority.group(), "no valid host name");
    }
  }

  private static String encodePath(String text) {
    var encoded = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      var c = (char) (b & 0xFF);
      if (c == '\t' || c == '\n' || c == '\r') {
        continue;
      }
      if (c > ' ' && c < 0x7F && "\"<>\\^`{|}[]".indexOf(c) < 0) {
        encoded.append(c);
      } else {
        encoded.append(String.format("%%%02X", (int) c));
      }
    }
    return encoded.toString();
  }
}

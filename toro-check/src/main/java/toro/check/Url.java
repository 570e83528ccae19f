package toro.check;

import java.util.Locale;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/**
 * The address of something on the web: absolute, http or https, with neither user nor fragment.
 *
 * <p>Parsed as browsers do, by the WHATWG URL standard. In addition, percent-encoded characters
 * that need no encoding are decoded, so that {@code /~u/} and {@code /%7Eu/} are one address.
 *
 * @param text as it is requested and reported
 */
record Url(String text) implements Comparable<Url> {
  private static final Pattern ENCODED = Pattern.compile("%([0-9A-Fa-f]{2})");
  private static final Pattern UNRESERVED = Pattern.compile("[A-Za-z0-9._~-]");

  /** Parses an absolute address. */
  static Url parse(String text) throws MalformedUrlException {
    return Address.parse(text).url();
  }

  /** Returns the address that {@code parsed} stands for. */
  static Url of(HttpUrl parsed) throws MalformedUrlException {
    var host = HostNames.canonical(parsed.host());
    var isPlain =
        host.equals(parsed.host())
            && parsed.username().isEmpty()
            && parsed.password().isEmpty()
            && parsed.encodedFragment() == null;
    var url =
        isPlain
            ? parsed
            : parsed.newBuilder().host(host).username("").password("").fragment(null).build();
    return new Url(decodeUnreserved(url.toString()));
  }

  private static String decodeUnreserved(String text) {
    return text.indexOf('%') < 0
        ? text
        : ENCODED
            .matcher(text)
            .replaceAll(
                code -> {
                  var c = Character.toString(Integer.parseInt(code.group(1), 16));
                  return UNRESERVED.matcher(c).matches()
                      ? c
                      : code.group().toUpperCase(Locale.ROOT);
                });
  }

  /** Returns what references in a page at this address are relative to, if it says no other. */
  Base base() {
    try {
      return new Base(parsed());
    } catch (MalformedUrlException e) {
      throw new AssertionError(e); // it was parsed before
    }
  }

  /** Returns this address as the HTTP client takes it. */
  HttpUrl parsed() {
    return HttpUrl.get(text);
  }

  /** Returns scheme, host and port. */
  String origin() {
    return text.substring(0, pathStart());
  }

  /** Returns host and port, without the port if it is the default one of the scheme. */
  String authority() {
    return text.substring(text.indexOf("//") + 2, pathStart());
  }

  /** Returns the path and the query. */
  String target() {
    return text.substring(pathStart());
  }

  /** Returns this address up to and with the last slash of its path. */
  String folder() {
    var query = text.indexOf('?');
    return text.substring(0, text.lastIndexOf('/', query < 0 ? text.length() : query) + 1);
  }

  private int pathStart() {
    return text.indexOf('/', text.indexOf("//") + 2);
  }

  @Override
  public int compareTo(Url other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}

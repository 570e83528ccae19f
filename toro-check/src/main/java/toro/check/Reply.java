package toro.check;

import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** What a server answered to one request. */
final class Reply {
  /** In bytes; large pages of API documentation have 4 MiB. */
  static final int LIMIT = 16 << 20;

  static final String TOO_LARGE = "larger than " + (LIMIT >> 20) + " MiB";

  private static final Set<String> PAGES = Set.of("text/html", "application/xhtml+xml");
  private static final Set<String> SITEMAPS =
      Set.of("text/xml", "application/xml", "application/gzip", "application/x-gzip");
  private static final Pattern CHARSET =
      Pattern.compile("charset\\s*=\\s*[\"']?([^\\s;\"']+)", Pattern.CASE_INSENSITIVE);

  private final Url url;
  private final int status;
  private final Headers headers;
  private final byte @Nullable [] body;

  /**
   * @param body null if it was not wanted, or is larger than {@link #LIMIT}
   */
  Reply(Url url, int status, Headers headers, byte @Nullable [] body) {
    this.url = url;
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  Url url() {
    return url;
  }

  int status() {
    return status;
  }

  Headers headers() {
    return headers;
  }

  Reply withBody(byte @Nullable [] received) {
    return new Reply(url, status, headers, received);
  }

  /** Reports whether it says where else to look; {@code 304} and its like do not. */
  boolean isRedirect() {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  /** Returns where to look instead. */
  Address redirectTarget() throws FetchException {
    var location = headers.get("Location");
    if (location == null || location.isBlank()) {
      throw new FetchException("redirected without saying where");
    }
    try {
      var reference = Address.clean(location);
      if (Address.hasForeignScheme(reference)) {
        throw new MalformedUrlException("not an http or https URL");
      }
      return Address.resolve(url.parsed(), reference);
    } catch (MalformedUrlException e) {
      throw new FetchException("redirected to a malformed URL: " + location);
    }
  }

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  boolean setsCookies() {
    return headers.get("Set-Cookie") != null;
  }

  boolean isPage() {
    return isSuccess() && PAGES.contains(type(headers));
  }

  /** Reports whether its kind of content has links, wherever it is found. */
  boolean hasLinks() {
    return isPage() || isStyleSheet();
  }

  boolean isXhtml() {
    return type(headers).equals("application/xhtml+xml");
  }

  boolean isStyleSheet() {
    return isSuccess() && type(headers).equals("text/css");
  }

  /** Reports whether it may be a sitemap, if one is expected here. */
  boolean isXml() {
    return isSuccess() && SITEMAPS.contains(type(headers));
  }

  /** Returns the media type; HTML if none is given, as browsers would find out. */
  private static String type(Headers headers) {
    var type = headers.get("Content-Type");
    var essence = type == null ? "" : type.split("[;,]", 2)[0].strip().toLowerCase(Locale.ROOT);
    return essence.isEmpty() ? "text/html" : essence;
  }

  /** Returns the charset of the header; null if it names none that this JVM has. */
  @Nullable Charset charset() {
    var type = headers.get("Content-Type");
    var named = CHARSET.matcher(type == null ? "" : type);
    try {
      return named.find() ? Charset.forName(named.group(1)) : null;
    } catch (IllegalArgumentException unknown) {
      return null;
    }
  }

  /** Returns the body, decoded as its {@code Content-Encoding} says. */
  byte[] content() throws FetchException {
    if (body == null) {
      throw new UnreadableException(TOO_LARGE);
    }
    return Encodings.decode(body, headers.values("Content-Encoding"));
  }
}

package toro.check;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpHeaders;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** What a server answered to one request. */
final class Reply {
  private static final Pattern CHARSET =
      Pattern.compile("charset\\s*=\\s*[\"']?([^\\s;\"']+)", Pattern.CASE_INSENSITIVE);

  private final URI url;
  private final int status;
  private final HttpHeaders headers;
  private final byte[] body;

  /**
   * @param body what was kept of it: a page is, other things are not
   */
  Reply(URI url, int status, HttpHeaders headers, byte[] body) {
    this.url = url;
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  URI url() {
    return url;
  }

  int status() {
    return status;
  }

  /** Does it say where else to look? {@code 304} and its like do not. */
  boolean isRedirect() {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  /** Where to look instead. */
  URI redirectTarget() throws FetchException {
    var location = headers.firstValue("Location").orElse("");
    if (location.isBlank()) {
      throw new FetchException("redirected without saying where");
    }
    try {
      return Urls.resolve(url, location.replaceFirst("#.*", ""));
    } catch (URISyntaxException e) {
      throw new FetchException("redirected to a malformed URL: " + location);
    }
  }

  boolean isSuccess() {
    return isSuccess(status);
  }

  private static boolean isSuccess(int status) {
    return status >= 200 && status < 300;
  }

  boolean isPage() {
    return isPage(status, headers);
  }

  /** Is it HTML? Whoever says nothing about the type is taken to mean that. */
  static boolean isPage(int status, HttpHeaders headers) {
    if (!isSuccess(status)) {
      return false;
    }
    var type = headers.firstValue("Content-Type").orElse("text/html");
    var essence = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return essence.equals("text/html") || essence.equals("application/xhtml+xml");
  }

  /**
   * The charset of the header; null if it names none that there is, so that the page itself is
   * asked.
   */
  @Nullable String charset() {
    var named = CHARSET.matcher(headers.firstValue("Content-Type").orElse(""));
    try {
      return named.find() && Charset.isSupported(named.group(1)) ? named.group(1) : null;
    } catch (IllegalArgumentException notEvenAName) {
      return null;
    }
  }

  /** The body, unpacked if the server packed it, though no one asked it to. */
  byte[] text() throws IOException {
    if (!headers.firstValue("Content-Encoding").orElse("").equalsIgnoreCase("gzip")) {
      return body;
    }
    try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(body))) {
      var text = unpacked.readNBytes(CappedBody.LIMIT + 1);
      if (text.length > CappedBody.LIMIT) {
        throw new FetchException(CappedBody.TOO_LARGE);
      }
      return text;
    }
  }
}

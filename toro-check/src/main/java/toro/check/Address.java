package toro.check;

import java.util.regex.Pattern;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * What a reference in a page stands for.
 *
 * @param fragment what follows the {@code #}, as the page has it; empty if nothing does
 * @param authorization the header for the user and the password in the reference; null if it has
 *     none
 */
record Address(Url url, String fragment, @Nullable String authorization) {
  private static final Pattern OUTER = Pattern.compile("^[\\x00-\\x20]+|[\\x00-\\x20]+$");
  private static final Pattern IGNORED = Pattern.compile("[\\t\\n\\r]+");
  private static final Pattern SCHEME = Pattern.compile("^([a-zA-Z][a-zA-Z0-9+.-]*):");

  /** Parses an absolute address. */
  static Address parse(String text) throws MalformedUrlException {
    var cleaned = clean(text);
    if (!hasWebScheme(cleaned)) {
      throw new MalformedUrlException("not an http or https URL");
    }
    return of(get(cleaned), cleaned);
  }

  /**
   * Removes what browsers do not see in an address: control characters and spaces around it, tabs
   * and line ends within.
   */
  static String clean(String text) {
    if (text.chars().allMatch(c -> c > ' ')) {
      return text;
    }
    return IGNORED.matcher(OUTER.matcher(text).replaceAll("")).replaceAll("");
  }

  /** Reports whether a cleaned reference begins with {@code http:} or {@code https:}. */
  static boolean hasWebScheme(String reference) {
    return reference.regionMatches(true, 0, "http:", 0, 5)
        || reference.regionMatches(true, 0, "https:", 0, 6);
  }

  /**
   * Reports whether a cleaned reference leads to where this program cannot go, such as {@code
   * mailto:} or {@code javascript:}.
   */
  static boolean hasForeignScheme(String reference) {
    return reference.indexOf(':') > 0
        && SCHEME.matcher(reference).find()
        && !hasWebScheme(reference);
  }

  /** Resolves a cleaned reference. */
  static Address resolve(HttpUrl base, String reference) throws MalformedUrlException {
    var parsed = base.resolve(reference);
    return of(parsed != null ? parsed : get(absolute(base, reference)), reference);
  }

  private static String absolute(HttpUrl base, String reference) {
    return hasWebScheme(reference) ? reference : base.scheme() + ":" + reference;
  }

  private static Address of(HttpUrl parsed, String text) throws MalformedUrlException {
    var hash = text.indexOf('#');
    var hasUser = !parsed.username().isEmpty() || !parsed.password().isEmpty();
    return new Address(
        Url.of(parsed),
        hash < 0 ? "" : text.substring(hash + 1),
        hasUser ? Credentials.basic(parsed.username(), parsed.password()) : null);
  }

  private static HttpUrl get(String text) throws MalformedUrlException {
    try {
      return HttpUrl.get(text);
    } catch (IllegalArgumentException e) {
      var port = e.getMessage() != null && e.getMessage().contains("port");
      throw new MalformedUrlException(port ? "no such port" : "no valid host name");
    }
  }
}

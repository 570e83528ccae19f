package toro.check;

import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * What the references of a page are relative to. Nearly all of them are plain paths, and a site has
 * millions: these are resolved here, to what the parser would make of them; the parser does the
 * rest.
 */
final class Base {
  private final HttpUrl parsed;
  private final Url url;

  Base(HttpUrl parsed) throws MalformedUrlException {
    this.parsed = parsed;
    this.url = Url.of(parsed);
  }

  /** Resolves a cleaned reference. */
  Address resolve(String reference) throws MalformedUrlException {
    var hash = reference.indexOf('#');
    var plain = resolvePlain(hash < 0 ? reference : reference.substring(0, hash));
    return plain == null
        ? Address.resolve(parsed, reference)
        : new Address(new Url(plain), hash < 0 ? "" : reference.substring(hash + 1), null);
  }

  /** Returns null for what takes a parser. */
  private @Nullable String resolvePlain(String path) {
    if (path.isEmpty()) {
      return url.text();
    }
    if (!isPlain(path) || path.startsWith("//")) {
      return null;
    }
    if (path.startsWith("/")) {
      return path.contains("/.") ? null : url.origin() + path;
    }
    var folder = url.folder();
    var start = 0;
    while (path.startsWith("../", start)) {
      folder = parent(folder);
      start += 3;
    }
    var rest = path.substring(start);
    return rest.startsWith(".") || rest.contains("/.") ? null : folder + rest;
  }

  private static boolean isPlain(String path) {
    for (int i = 0; i < path.length(); i++) {
      var c = path.charAt(i);
      var isUnreserved =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '/'
              || c == '.'
              || c == '-'
              || c == '_'
              || c == '~';
      if (!isUnreserved) {
        return false;
      }
    }
    return true;
  }

  private String parent(String folder) {
    var end = folder.lastIndexOf('/', folder.length() - 2);
    return end < url.origin().length() ? folder : folder.substring(0, end + 1);
  }
}

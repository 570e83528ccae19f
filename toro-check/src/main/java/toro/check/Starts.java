package toro.check;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the crawl begins.
 *
 * @param files the local ones
 */
record Starts(List<Address> addresses, LocalFiles files) {
  static final Starts NONE = new Starts(List.of(), new LocalFiles());

  /**
   * Reads what the command line names: URLs, files and folders.
   *
   * @throws MalformedUrlException if one is neither; the message says which
   */
  static Starts parse(List<String> words) throws MalformedUrlException {
    var addresses = new ArrayList<Address>();
    var files = new LocalFiles();
    for (var word : words) {
      addresses.add(parse(word, files));
    }
    return new Starts(addresses, files);
  }

  private static Address parse(String word, LocalFiles files) throws MalformedUrlException {
    var cleaned = Address.clean(word);
    try {
      if (!Address.hasWebScheme(cleaned) && exists(word)) {
        return Address.parse(files.add(Path.of(word)).text());
      }
      return Address.parse(cleaned);
    } catch (MalformedUrlException e) {
      throw new MalformedUrlException("'" + word + "': " + e.getMessage() + hint(cleaned));
    }
  }

  private static boolean exists(String word) {
    try {
      return Files.exists(Path.of(word));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static String hint(String word) {
    return word.matches("[\\w-]+(\\.[\\w-]+)+(:\\d+)?(/.*)?")
        ? ", nor an existing file; did you mean https://" + word + " ?"
        : Address.hasWebScheme(word) ? "" : ", nor an existing file or folder";
  }

  /** Reports whether {@code url} is on the host of one of them. */
  boolean haveHostOf(Url url) {
    return addresses.stream().anyMatch(start -> start.url().authority().equals(url.authority()));
  }
}

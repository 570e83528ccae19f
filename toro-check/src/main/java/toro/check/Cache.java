package toro.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The URLs out of the site that were found lately, kept in a file from run to run. */
final class Cache {
  private final @Nullable Path file;
  private final Instant oldest;
  private final Instant now;
  private final Predicate<Url> isCached;
  private final Map<String, Instant> found = new TreeMap<>();

  private Cache(@Nullable Path file, Duration age, InstantSource clock, Predicate<Url> isCached) {
    this.file = file;
    this.now = clock.instant();
    this.oldest = now.minus(age);
    this.isCached = isCached;
  }

  /**
   * Reads the cache in {@code file}, if there is one.
   *
   * @param file null for a cache that keeps nothing
   * @param age how long an entry is of use
   * @param isCached whether a URL may be in it
   */
  static Cache open(@Nullable Path file, Duration age, InstantSource clock, Predicate<Url> isCached)
      throws IOException {
    var cache = new Cache(file, age, clock, isCached);
    if (file != null && Files.exists(file)) {
      for (var line : Files.readAllLines(file)) {
        cache.read(line);
      }
    }
    return cache;
  }

  /** A line that is none of ours is ignored: at worst one more request is made. */
  private void read(String line) {
    var timeAndUrl = line.split("\t", 2);
    try {
      var time = Instant.parse(timeAndUrl[0]);
      if (timeAndUrl.length == 2 && time.isAfter(oldest) && !time.isAfter(now)) {
        found.put(timeAndUrl[1], time);
      }
    } catch (DateTimeException ignored) {
      // not a time
    }
  }

  boolean holds(Url url) {
    return isCached.test(url) && found.containsKey(url.text());
  }

  void add(Url url) {
    if (file != null && isCached.test(url)) {
      found.put(url.text(), now);
    }
  }

  /** Writes what is still of use, in place of what was there. */
  void save() throws IOException {
    if (file == null) {
      return;
    }
    var folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    var lines = new ArrayList<String>();
    found.forEach((url, time) -> lines.add(time + "\t" + url));
    var unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.write(unfinished, lines);
    Files.move(
        unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}

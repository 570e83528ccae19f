package toro.redis;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a server says about itself in {@code INFO}. */
final class ServerFacts {
  private static final Pattern VERSION = Pattern.compile("^(\\d{1,6})\\.(\\d{1,6})");

  private final Map<String, String> facts = new HashMap<>();

  ServerFacts(String info) {
    info.lines()
        .filter(line -> line.indexOf(':') > 0)
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              facts.put(line.substring(0, colon), line.substring(colon + 1));
            });
  }

  private String fact(String name) {
    return facts.getOrDefault(name, "");
  }

  boolean isCluster() {
    return fact("redis_mode").equals("cluster");
  }

  /** Refuses a server that is too old, or that would evict locks. */
  void check(String address) {
    String valkey = fact("valkey_version");
    String version = valkey.isEmpty() ? fact("redis_version") : valkey;
    if (!version.isEmpty() && !isAtLeast(version, valkey.isEmpty() ? 6 : 7, 2)) {
      throw new IllegalStateException(
          address
              + " is "
              + (valkey.isEmpty() ? "Redis " : "Valkey ")
              + version
              + ": toro-redis needs Redis 6.2 or later, or Valkey 7.2 or later");
    }
    if (evicts() && fact("maxmemory_policy").startsWith("allkeys")) {
      throw new IllegalStateException(
          address
              + " evicts keys when its memory is full (maxmemory-policy "
              + fact("maxmemory_policy")
              + "), and an evicted lock is a lost lock: set maxmemory-policy to noeviction, or use"
              + " another server for locks");
    }
  }

  /** What is dangerous; null if nothing is. */
  @Nullable String warning(String address) {
    return evicts() && fact("maxmemory_policy").startsWith("volatile")
        ? address
            + " evicts keys that expire when its memory is full (maxmemory-policy "
            + fact("maxmemory_policy")
            + "): the state of idle and of held locks may be lost. noeviction is safe."
        : null;
  }

  private boolean evicts() {
    return !fact("maxmemory").isEmpty() && !fact("maxmemory").equals("0");
  }

  private static boolean isAtLeast(String version, int major, int minor) {
    Matcher numbers = VERSION.matcher(version);
    if (!numbers.find()) {
      return true; // a name: nobody knows
    }
    int first = Integer.parseInt(numbers.group(1));
    return first > major || (first == major && Integer.parseInt(numbers.group(2)) >= minor);
  }
}

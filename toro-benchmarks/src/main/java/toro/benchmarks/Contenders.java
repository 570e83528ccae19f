package toro.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import toro.benchmarks.contenders.AsyncutilContender;
import toro.benchmarks.contenders.JoxContender;
import toro.benchmarks.contenders.JucContender;
import toro.benchmarks.contenders.KotlinContender;
import toro.benchmarks.contenders.LimitContender;
import toro.benchmarks.contenders.ToroContender;
import toro.benchmarks.contenders.VertxContender;

/** All columns of the table, from left to right. */
final class Contenders {
  /** Toro's engine that any JVM allows. */
  static final String TORO = "Toro";

  /** Toro's engine for a JVM that lets it. */
  static final String TORO_FAST = "Toro fast";

  /** What nobody can be faster than: without futures, deadlines, cancellation or checks. */
  static final String LIMIT = "limit";

  private static final Map<String, Supplier<Contender>> ALL = new LinkedHashMap<>();

  static {
    ALL.put(TORO, () -> new ToroContender("virtual-threads"));
    ALL.put(TORO_FAST, () -> new ToroContender("continuations"));
    ALL.put("Kotlin", KotlinContender::new);
    ALL.put("Jox", JoxContender::new);
    ALL.put("j.u.c", JucContender::new);
    ALL.put("asyncutil", AsyncutilContender::new);
    ALL.put("Vert.x", VertxContender::new);
    ALL.put(LIMIT, LimitContender::new);
  }

  private Contenders() {}

  /** Their names. */
  static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /** The names of those that can run in this JVM. */
  static List<String> available() {
    return names().stream().filter(name -> named(name).isAvailable()).toList();
  }

  /** Those that one may take instead of Toro. */
  static List<String> peers() {
    List<String> peers = new ArrayList<>(names());
    peers.removeAll(List.of(TORO, TORO_FAST, LIMIT));
    return peers;
  }

  /** The contender of that name. */
  static Contender named(String name) {
    Supplier<Contender> contender = ALL.get(name);
    if (contender == null) {
      throw new NoSuchElementException("no contender " + name + ", only " + names());
    }
    return contender.get();
  }
}

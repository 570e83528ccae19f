package toro.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import toro.benchmarks.contenders.AsyncutilContender;
import toro.benchmarks.contenders.FuturesLimitContender;
import toro.benchmarks.contenders.JoxContender;
import toro.benchmarks.contenders.JucContender;
import toro.benchmarks.contenders.KotlinContender;
import toro.benchmarks.contenders.LimitContender;
import toro.benchmarks.contenders.OnExecutor;
import toro.benchmarks.contenders.OnNetty;
import toro.benchmarks.contenders.OnVertx;
import toro.benchmarks.contenders.OwnThread;
import toro.benchmarks.contenders.ToroContender;
import toro.benchmarks.contenders.ToroHost;
import toro.benchmarks.contenders.VertxAwaitContender;
import toro.benchmarks.contenders.VertxContender;

/** All columns of the tables, from left to right. */
final class Contenders {
  /** Toro's engine that any JVM allows. */
  static final String TORO = "Toro";

  /** Toro's engine for a JVM that lets it. */
  static final String TORO_FAST = "Toro fast";

  /** What nobody can be faster than: without futures, deadlines, cancellation or checks. */
  static final String LIMIT = "limit";

  /** The same with one thing that Toro's promise asks for: operations return futures. */
  static final String FUTURES_LIMIT = "limit, futures";

  private static final Map<String, Supplier<Contender>> ALL = new LinkedHashMap<>();

  static {
    toro(TORO, TORO_FAST, OwnThread::new);
    toro("on executor", "on executor, fast", OnExecutor::new);
    toro("on Netty", "on Netty, fast", OnNetty::new);
    toro("on Vert.x", "on Vert.x, fast", OnVertx::new);
    ALL.put("Vert.x await", VertxAwaitContender::new);
    ALL.put("Kotlin", KotlinContender::new);
    ALL.put("Jox", JoxContender::new);
    ALL.put("j.u.c", JucContender::new);
    ALL.put("asyncutil", AsyncutilContender::new);
    ALL.put("Vert.x", VertxContender::new);
    ALL.put(LIMIT, LimitContender::new);
    ALL.put(FUTURES_LIMIT, FuturesLimitContender::new);
  }

  private static void toro(String name, String fast, Supplier<ToroHost> host) {
    ALL.put(name, () -> new ToroContender("virtual-threads", host.get()));
    ALL.put(fast, () -> new ToroContender("continuations", host.get()));
  }

  private Contenders() {}

  /** Their names. */
  static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /** Can it run in this JVM? */
  static boolean isAvailable(String name) {
    return named(name).isAvailable();
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

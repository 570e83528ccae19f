package toro.stress;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs each race on threads of the machine, again and again for some time: nothing stands between
 * them and the memory, the JIT and the scheduler of virtual threads. {@code -Dtoro.stress.millis}
 * says for how long.
 */
class RealThreadsTest {
  private static final long NANOS = MILLISECONDS.toNanos(Long.getLong("toro.stress.millis", 300));

  /** A race that takes longer hangs. */
  private static final int HANGS_AFTER_SECONDS = 60;

  private static final int MAX_DELAY = 300;

  static List<Race.Entry> races() {
    return Race.all();
  }

  @ParameterizedTest
  @MethodSource("races")
  void nothingComesOfItThatIsNotAllowed(Race.Entry entry, TestReporter reporter) throws Exception {
    Map<String, Integer> outcomes = new TreeMap<>();
    try (ExecutorService platform = Executors.newCachedThreadPool();
        ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      long begin = System.nanoTime();
      do {
        Race race = entry.start().get();
        run(race, platform, ThreadLocalRandom.current().nextBoolean() ? platform : virtual);
        String outcome = race.end();
        outcomes.merge(outcome, 1, Integer::sum);
        assertTrue(entry.allowed().contains(outcome), () -> "«" + outcome + "» of " + outcomes);
      } while (System.nanoTime() - begin < NANOS);
    }
    reporter.publishEntry(entry + ": " + outcomes);
  }

  private static void run(Race race, ExecutorService platform, ExecutorService others)
      throws InterruptedException, ExecutionException {
    List<Runnable> roles = race.roles();
    AtomicInteger missing = new AtomicInteger(roles.size());
    List<Future<?>> ends = new ArrayList<>();
    for (Runnable role : roles) {
      int delay = ThreadLocalRandom.current().nextInt(MAX_DELAY);
      ends.add(
          (ends.isEmpty() ? platform : others)
              .submit(
                  () -> {
                    missing.decrementAndGet();
                    while (missing.get() > 0) {
                      Thread.yield();
                    }
                    for (int i = 0; i < delay; i++) {
                      Thread.onSpinWait();
                    }
                    role.run();
                  }));
    }
    for (Future<?> end : ends) {
      try {
        end.get(HANGS_AFTER_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException hangs) {
        for (var thread : ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)) {
          System.err.print(thread);
        }
        System.err.println("it hangs: " + race.loop);
        Runtime.getRuntime().halt(1);
      }
    }
  }
}

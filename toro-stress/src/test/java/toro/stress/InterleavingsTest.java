package toro.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs each race in many interleavings, which Lincheck makes: one thread runs at a time, and it
 * decides at each access to shared memory who is next. A hang is found as such, and a failure is
 * told with the interleaving that led there. {@code -Dtoro.stress.interleavings} says how many.
 *
 * <p>It knows no virtual threads, so this is run on the engine of continuations only.
 */
class InterleavingsTest {
  private static final int INTERLEAVINGS = Integer.getInteger("toro.stress.interleavings", 50);

  static List<Race.Entry> all() {
    return Race.explored();
  }

  static List<Race.Entry> some() {
    return Race.some();
  }

  @ParameterizedTest
  @MethodSource("all")
  @Tag("thorough")
  void nothingComesOfAnyThatIsNotAllowed(Race.Entry entry) {
    Lincheck.runConcurrentTest(INTERLEAVINGS, () -> run(entry));
  }

  @ParameterizedTest
  @MethodSource("some")
  void nothingComesOfSomeThatIsNotAllowed(Race.Entry entry) {
    Lincheck.runConcurrentTest(INTERLEAVINGS, () -> run(entry));
  }

  static void run(Race.Entry entry) {
    Race race = entry.start().get();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    List<Runnable> roles = race.roles();
    List<Thread> others = new ArrayList<>();
    for (Runnable role : roles.subList(1, roles.size())) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  role.run();
                } catch (Throwable failure) {
                  thrown.set(failure);
                }
              });
      others.add(thread);
      thread.start();
    }
    roles.get(0).run();
    for (Thread thread : others) {
      try {
        thread.join();
      } catch (InterruptedException nobodyDoes) {
        throw new AssertionError(nobodyDoes);
      }
    }
    if (thrown.get() != null) {
      throw new AssertionError("a role failed", thrown.get());
    }
    String outcome = race.end();
    if (!entry.allowed().contains(outcome)) {
      throw new AssertionError("«" + outcome + "» is not allowed");
    }
  }
}

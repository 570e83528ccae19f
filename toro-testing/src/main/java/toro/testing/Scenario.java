package toro.testing;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that distinguishes one run of a test from another. Its text is what replays it.
 *
 * @param seed what the order of what is ready is drawn from; null: first in, first out
 * @param interruption null: none
 */
record Scenario(@Nullable Long seed, @Nullable Interruption interruption) {
  static final Scenario FIFO = new Scenario(null, null);

  private static final String FIFO_TEXT = "fifo";
  private static final String SEED = "seed ";

  static Scenario seeded(long seed) {
    return new Scenario(seed, null);
  }

  Scenario with(Interruption interruption) {
    return new Scenario(seed, interruption);
  }

  /**
   * @throws IllegalArgumentException if it is not the text of one
   */
  static Scenario parse(String text) {
    String[] parts = text.split(", ", 2);
    Interruption interruption = parts.length == 1 ? null : Interruption.parse(parts[1]);
    try {
      Long seed =
          parts[0].equals(FIFO_TEXT) ? null : Long.valueOf(parts[0].replaceFirst("^" + SEED, ""));
      Scenario scenario = new Scenario(seed, interruption);
      if (scenario.toString().equals(text)) {
        return scenario;
      }
    } catch (NumberFormatException noSeed) {
      // said below
    }
    throw new IllegalArgumentException(
        "\""
            + text
            + "\" is not a run: copy the text that the failure printed, such as \"seed 7\" or \""
            + seeded(7).with(new Interruption(1, 3, false))
            + "\"");
  }

  @Override
  public String toString() {
    String schedule = seed == null ? FIFO_TEXT : SEED + seed;
    return interruption == null ? schedule : schedule + ", " + interruption;
  }

  /** Undisturbed runs: first in, first out, then the seeds from 1 on. */
  static Stream<Scenario> schedules(int n) {
    return Stream.iterate(0L, seed -> seed + 1)
        .limit(n)
        .map(seed -> seed == 0 ? FIFO : seeded(seed));
  }
}

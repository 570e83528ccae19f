package toro.benchmarks;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What one of several does of all operations.
 *
 * @param who the number of the one
 * @param from the first operation
 * @param to the one behind the last
 */
public record Share(int who, int from, int to) {
  /**
   * Shares out the operations.
   *
   * @param sharers among how many
   * @param operations how many
   */
  public static List<Share> of(int sharers, int operations) {
    return IntStream.range(0, sharers)
        .mapToObj(
            who ->
                new Share(who, part(who, sharers, operations), part(who + 1, sharers, operations)))
        .toList();
  }

  private static int part(int who, int sharers, int operations) {
    return (int) ((long) operations * who / sharers);
  }

  /** How many operations it has. */
  public int size() {
    return to - from;
  }

  /** Of ten operations one writes; not for all sharers at the same time. */
  public boolean isWrite(int operation) {
    return (operation + who) % 10 == 0;
  }
}

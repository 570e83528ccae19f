package toro.benchmarks;

import java.util.Arrays;

/**
 * Where a row and a column meet. One iteration in which the machine did something else spoils a
 * mean; so these are medians.
 *
 * @param row the {@link Row#id}
 * @param contender its name
 * @param score nanoseconds or bytes an operation: the median of all iterations
 * @param error how far from that half of them are at most
 */
record Result(String row, String contender, double score, double error) {
  static Result of(String row, String contender, double... iterations) {
    double score = median(iterations);
    double[] distances = Arrays.stream(iterations).map(each -> Math.abs(each - score)).toArray();
    return new Result(row, contender, score, median(distances));
  }

  private static double median(double... values) {
    double[] sorted = Arrays.stream(values).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}

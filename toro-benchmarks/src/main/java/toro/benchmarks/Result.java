package toro.benchmarks;

import java.util.List;

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
  static Result of(String row, String contender, List<Double> iterations) {
    double score = median(iterations);
    List<Double> distances = iterations.stream().map(each -> Math.abs(each - score)).toList();
    return new Result(row, contender, score, median(distances));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}

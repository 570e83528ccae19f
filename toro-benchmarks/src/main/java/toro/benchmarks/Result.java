package toro.benchmarks;

/**
 * Where a row and a column meet.
 *
 * @param row the {@link Row#id}
 * @param contender its name
 * @param score nanoseconds or bytes an operation
 * @param error half the width of the interval in which the mean is with 99.9 %; NaN: not known
 */
record Result(String row, String contender, double score, double error) {}

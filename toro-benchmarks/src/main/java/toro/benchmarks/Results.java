package toro.benchmarks;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import tools.jackson.jr.ob.JSON;

/** What was measured, as JMH writes it down. */
final class Results {
  private final List<Result> results;

  private Results(List<Result> results) {
    this.results = List.copyOf(results);
  }

  /** Writes what JMH has measured, in its own format. */
  static void write(Collection<RunResult> results, Path file) {
    ResultFormatFactory.getInstance(ResultFormatType.JSON, file.toString()).writeOut(results);
  }

  /** Reads such a file. */
  static Results read(Path file) throws IOException {
    List<Result> results = new ArrayList<>();
    for (Object benchmark : JSON.std.listFrom(Files.readString(file))) {
      results.add(result((Map<?, ?>) benchmark));
    }
    return new Results(results);
  }

  private static Result result(Map<?, ?> benchmark) {
    Map<?, ?> parameters = map(benchmark, "params");
    Map<?, ?> bytes = (Map<?, ?>) map(benchmark, "secondaryMetrics").get("bytes");
    Map<?, ?> metric = bytes == null ? map(benchmark, "primaryMetric") : bytes;
    double[] iterations =
        ((List<?>) requireNonNull(metric.get("rawData")))
            .stream()
                .flatMap(fork -> ((List<?>) fork).stream())
                .mapToDouble(Results::number)
                .toArray();
    return Result.of(
        String.valueOf(parameters.get("row")),
        String.valueOf(parameters.get("contender")),
        iterations);
  }

  private static Map<?, ?> map(Map<?, ?> object, String key) {
    if (object.get(key) instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException("this is not JSON of JMH: there is no \"" + key + "\"");
  }

  /** JMH writes "NaN" in quotes. */
  private static double number(@Nullable Object value) {
    return value instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  /** The rows that were measured, from top to bottom. */
  List<Row> rows(Board board) {
    return board.rows().stream().filter(row -> of(row).findAny().isPresent()).toList();
  }

  private Stream<Result> of(Row row) {
    return results.stream().filter(result -> result.row().equals(row.id()));
  }

  /** What was measured of a contender. */
  Optional<Result> of(Row row, String contender) {
    return of(row).filter(result -> result.contender().equals(contender)).findAny();
  }

  /** The best of some contenders. */
  Optional<Result> best(Row row, List<String> contenders) {
    return of(row)
        .filter(result -> contenders.contains(result.contender()))
        .min(Comparator.comparingDouble(Result::score));
  }
}

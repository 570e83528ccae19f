package toro.benchmarks;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
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

  /** Reads such a file: all that was measured of a cell, in whatever round, is one result. */
  static Results read(Path file) throws IOException {
    Map<Cell, List<Double>> iterations = new LinkedHashMap<>();
    for (Object each : JSON.std.listFrom(Files.readString(file))) {
      Map<?, ?> benchmark = (Map<?, ?>) each;
      Map<?, ?> parameters = map(benchmark, "params");
      Cell cell = new Cell(text(parameters, "row"), text(parameters, "contender"));
      iterations.computeIfAbsent(cell, any -> new ArrayList<>()).addAll(iterations(benchmark));
    }
    List<Result> results = new ArrayList<>();
    iterations.forEach((cell, all) -> results.add(Result.of(cell.row(), cell.contender(), all)));
    return new Results(results);
  }

  private record Cell(String row, String contender) {}

  private static String text(Map<?, ?> object, String key) {
    return String.valueOf(object.get(key));
  }

  private static List<Double> iterations(Map<?, ?> benchmark) {
    Map<?, ?> bytes = (Map<?, ?>) map(benchmark, "secondaryMetrics").get("bytes");
    Map<?, ?> metric = bytes == null ? map(benchmark, "primaryMetric") : bytes;
    return ((List<?>) requireNonNull(metric.get("rawData")))
        .stream().flatMap(fork -> ((List<?>) fork).stream()).map(Results::number).toList();
  }

  private static Map<?, ?> map(Map<?, ?> object, String key) {
    if (object.get(key) instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException("this is not JSON of JMH: there is no \"" + key + "\"");
  }

  /** JMH writes "NaN" in quotes. */
  private static Double number(@Nullable Object value) {
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

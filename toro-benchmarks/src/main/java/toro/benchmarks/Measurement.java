package toro.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Has JMH measure one workload of one contender, in a JVM of its own. */
final class Measurement {
  /** The same for all contenders: what one of them needs does the others no harm. */
  private static final List<String> JVM_OPTIONS =
      List.of(
          "--add-exports",
          "java.base/jdk.internal.vm=ALL-UNNAMED",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private final Plan plan;

  Measurement(Plan plan) {
    this.plan = plan;
  }

  /** Thrown with what the JVM has said. */
  static final class FailedException extends Exception {
    private static final long serialVersionUID = 1;

    FailedException(String output, Throwable cause) {
      super(output, cause);
    }
  }

  Collection<RunResult> run(Row row, String contender) throws FailedException {
    var output = new ByteArrayOutputStream();
    OutputFormat format =
        OutputFormatFactory.createFormatInstance(
            new PrintStream(output, true, StandardCharsets.UTF_8), VerboseMode.NORMAL);
    try {
      return new Runner(options(row, contender), format).run();
    } catch (RunnerException failure) {
      throw new FailedException(output.toString(StandardCharsets.UTF_8), failure);
    }
  }

  /** The figure of a run: the second one if there is one. */
  static double score(Collection<RunResult> results) {
    RunResult result = results.iterator().next();
    var bytes = result.getSecondaryResults().get("bytes");
    return (bytes == null ? result.getPrimaryResult() : bytes).getStatistics().getPercentile(50);
  }

  private Options options(Row row, String contender) {
    Plan.Phase warmup = plan.warmup(row);
    Plan.Phase measurement = plan.measurement(row);
    String method = row.unit() == Row.Unit.BYTES ? "bytes" : "time";
    return new OptionsBuilder()
        .include("^" + WorkloadBenchmark.class.getName().replace(".", "\\.") + "\\." + method + "$")
        .param("row", row.id())
        .param("contender", contender)
        .operationsPerInvocation(row.operations())
        .forks(1)
        .warmupIterations(warmup.iterations())
        .warmupTime(TimeValue.milliseconds(warmup.millis()))
        .measurementIterations(measurement.iterations())
        .measurementTime(TimeValue.milliseconds(measurement.millis()))
        .jvmArgs(Stream.concat(JVM_OPTIONS.stream(), plan.heap().stream()).toArray(String[]::new))
        .shouldFailOnError(true)
        .build();
  }
}

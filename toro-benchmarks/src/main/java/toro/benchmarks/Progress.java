package toro.benchmarks;

import java.io.PrintWriter;
import java.time.Duration;

/** Says how far it has come, a line a measurement. */
final class Progress {
  private final PrintWriter err;
  private final int total;
  private final long start = System.nanoTime();
  private int done;

  Progress(PrintWriter err, int total) {
    this.err = err;
    this.total = total;
  }

  void begin(Row row, String contender) {
    err.printf("[%d/%d] %s: %s ", ++done, total, row.title(), contender);
    err.flush();
  }

  void end(double score, Row.Unit unit) {
    Duration left = elapsed().dividedBy(done).multipliedBy(total - done);
    err.printf(
        "%s %s (%d:%02d left)%n",
        Table.number(score), unit.text, left.toMinutes(), left.toSecondsPart());
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  void failed(Measurement.FailedException failure) {
    err.println("FAILED");
    err.println(failure.getMessage());
  }
}

package toro.benchmarks;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What JMH runs: any workload of any contender. {@link Measurement} sets the number of operations
 * of an invocation. JMH forks for each pair of parameters, so each profile is of one alone.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class WorkloadBenchmark {
  /** The {@link Row#id}. */
  @Param("lock-free")
  public String row;

  /** The {@link Contenders name}. */
  @Param("Toro")
  public String contender;

  private static final Duration BRIEFLY = Duration.ofMillis(300);

  private Row theRow;
  private Work work;

  /** Opens the work. */
  @Setup(Level.Trial)
  public void open() throws Exception {
    theRow = Rows.named(row);
    startOften();
    work = workOf(theRow);
    work.open();
  }

  /**
   * Does many brief runs first: what happens once a coroutine is compiled after some thousands of
   * them, and runs of many operations start few.
   */
  private void startOften() throws Exception {
    Row brief = Rows.brief(theRow);
    try (Work briefWork = workOf(brief)) {
      briefWork.open();
      for (long start = System.nanoTime(); System.nanoTime() - start < BRIEFLY.toNanos(); ) {
        briefWork.prepare();
        brief.check(briefWork.run());
      }
    }
  }

  private Work workOf(Row size) {
    return requireNonNull(size.work(Contenders.named(contender)), "the contender has no such work");
  }

  /** Prepares the next invocation; not measured. */
  @Setup(Level.Invocation)
  public void prepare() throws Exception {
    work.prepare();
  }

  /** Closes the work if need be: to end a million of waits takes long, and this JVM ends now. */
  @TearDown(Level.Trial)
  public void close() throws Exception {
    if (work.keepsJvmAlive()) {
      work.close();
    }
  }

  /** Time an operation. */
  @Benchmark
  public long time() throws Exception {
    return theRow.check(work.run());
  }

  /** Heap an operation leaves in use. */
  @Benchmark
  public long bytes(Bytes bytes) throws Exception {
    long before = Heap.used();
    long sum = theRow.check(work.run());
    bytes.bytes = (Heap.used() - before) / theRow.operations();
    return sum;
  }

  /** A second figure beside the time. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Bytes {
    /** Of one operation. */
    public long bytes;
  }
}

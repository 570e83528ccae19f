package toro.examples.netty;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import toro.examples.Version;

/**
 * {@code toro load}: the service in this process, and clients that go away in another one; then
 * what is left behind. Nothing should be.
 */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    usageHelpAutoWidth = true,
    description = {
      "Puts a web service on Netty, whose handlers are coroutines, under load by clients in another process that"
          + " cut their connections at random. Afterwards no lease may be left, no coroutine, no request upstream.",
      "",
      "Where wrk is installed (apt-get install wrk), it sends requests at the same time, and reports."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:nothing is left", "1:something is, or an answer was wrong"})
public final class Load implements Callable<Integer> {
  private static final int AT_ONCE = 16; // requests upstream
  private static final Duration DEADLINE = Duration.ofMillis(200);
  private static final Duration LONG_TURN = Duration.ofMillis(10);

  /**
   * @param clients what they print
   * @param leftOver on the loop, or null
   * @param failures that nobody has seen but the loop
   * @param longestTurn of a callback or coroutine without a break, if it was longer than 10 ms
   */
  record Result(
      String clients,
      @Nullable String leftOver,
      List<Throwable> failures,
      Duration longestTurn,
      SlowUpstream upstream) {

    /** What went wrong: null if nothing did. */
    @Nullable String problem() {
      return !clients.endsWith(" wrong=0")
          ? "the clients say " + clients
          : leftOver != null
              ? "left on the loop: " + leftOver
              : !failures.isEmpty()
                  ? "nobody saw " + failures
                  : upstream.now() > 0
                      ? "left upstream: " + upstream.now()
                      : upstream.twice() > 0
                          ? "pages that were under way already: " + upstream.twice()
                          : upstream.most() > AT_ONCE
                              ? "too many requests upstream: " + upstream.most()
                              : null;
    }
  }

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-s", "--seconds"},
      defaultValue = "10",
      description = "How long. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = {"-c", "--clients"},
      defaultValue = "64",
      description = "How many at a time. Default: ${DEFAULT-VALUE}.")
  private int clients;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Result result = run(clients, Duration.ofSeconds(seconds), findWrk());
    String problem = result.problem();
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    out.println("clients: " + result.clients);
    out.println(
        "upstream: %d requests, at most %d at a time"
            .formatted(result.upstream.requests(), result.upstream.most()));
    out.println(
        result.longestTurn.isZero()
            ? "nobody held the event loop for longer than " + LONG_TURN.toMillis() + " ms"
            : "somebody held the event loop for " + result.longestTurn.toMillis() + " ms");
    out.println(problem == null ? "nothing is left" : problem);
    return problem == null ? 0 : 1;
  }

  /**
   * @param wrk runs at the same time, and prints what it measures; null: not
   */
  static Result run(int clients, Duration time, @Nullable Path wrk)
      throws IOException, InterruptedException {
    var upstream = new SlowUpstream();
    var failures = new ConcurrentLinkedQueue<Throwable>();
    var longestTurn = new LongAccumulator(Math::max, 0);
    try (var server = new PageServer(0, upstream, AT_ONCE, DEADLINE)) {
      server.loop().setExceptionHandler((source, failure) -> failures.add(failure));
      server.loop().reportSlow(LONG_TURN, (source, held) -> longestTurn.accumulate(held.toNanos()));
      Process cutting = startClients(server.port(), clients, time);
      Process measuring = wrk == null ? null : startWrk(wrk, server.port(), clients, time);
      String said = outputOf(cutting);
      if (measuring != null) {
        measuring.waitFor();
      }
      String leftOver = server.awaitRest(Duration.ofSeconds(30));
      return new Result(
          said, leftOver, List.copyOf(failures), Duration.ofNanos(longestTurn.get()), upstream);
    }
  }

  private static Process startClients(int port, int clients, Duration time) throws IOException {
    try {
      Path classes =
          Path.of(Clients.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx256m",
              "-cp",
              classes.toString(),
              Clients.class.getName(),
              "" + port,
              "" + clients,
              "" + time.toMillis(),
              "1")
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private static String outputOf(Process process) throws IOException, InterruptedException {
    try (BufferedReader lines = process.inputReader()) {
      String line = lines.readLine();
      process.waitFor(1, TimeUnit.MINUTES);
      return line == null ? "nothing" : line;
    } finally {
      process.destroyForcibly();
    }
  }

  /** Other pages than the clients ask for, too. */
  private static Process startWrk(Path wrk, int port, int clients, Duration time)
      throws IOException {
    Path script = Files.createTempFile("pages", ".lua");
    script.toFile().deleteOnExit();
    Files.writeString(
        script, "request = function() return wrk.format('GET', '/' .. math.random(100)) end\n");
    return new ProcessBuilder(
            wrk.toString(),
            "--threads=2",
            "--connections=" + clients,
            "--duration=" + time.toSeconds() + "s",
            "--latency",
            "--script=" + script,
            "http://127.0.0.1:" + port + "/")
        .inheritIO()
        .start();
  }

  private static @Nullable Path findWrk() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(folder -> Path.of(folder, "wrk"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }
}

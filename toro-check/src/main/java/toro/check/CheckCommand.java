package toro.check;

import static toro.Coroutines.await;
import static toro.Coroutines.spawn;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import toro.IOLoop;

/** {@code toro check}: the options, and the order of events. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Checks the links of a web site.",
      "",
      "Reads every page beneath URL, each once, and sees whether what its links and images, scripts and style"
          + " sheets lead to is there, and whether the #fragments are there in the pages. Prints the broken"
          + " ones page by page.",
      ""
    },
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "Parameters:%n",
    footer = "%nDurations are such as 30s, 2m, 500ms, 1m30s or PT30S.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:no link is broken",
      "1:some are",
      "2:wrong usage, or nothing could be fetched",
      "130:ended by Ctrl-C, with a report of what was done"
    },
    exitCodeOnExecutionException = 2)
public final class CheckCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "URL",
      converter = UrlConverter.class,
      description =
          "Where to begin. The crawl stays in the folder of this page, which is up to the last slash. Without"
              + " a URL: a demonstration, on the Javadoc of a well-known library.")
  private @Nullable URI url;

  @Option(
      names = {"-c", "--concurrency"},
      paramLabel = "N",
      defaultValue = "16",
      description = "Requests under way at a time (default: ${DEFAULT-VALUE}).")
  private int concurrency;

  @Option(
      names = {"-t", "--timeout"},
      paramLabel = "DURATION",
      defaultValue = "10s",
      converter = Durations.class,
      description = "For one request and its whole answer (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ZERO;

  @Option(
      names = {"-d", "--deadline"},
      paramLabel = "DURATION",
      converter = Durations.class,
      description = "For all of it; what was found until then is reported (default: none).")
  private @Nullable Duration deadline;

  @Option(
      names = {"-n", "--max-pages"},
      paramLabel = "N",
      description =
          "Read the links of so many pages at most; these links are still checked (default: no limit).")
  private int maxPages = Integer.MAX_VALUE;

  @Option(
      names = {"-e", "--external"},
      description =
          "Also check links that lead out of the site; nothing is crawled there, and fragments are not checked.")
  private boolean external;

  @Option(
      names = {"-r", "--rate"},
      paramLabel = "N",
      description = "Requests a second to one host at most, such as 5 or 0.5 (default: no limit).")
  private double rate = Double.POSITIVE_INFINITY;

  @Option(
      names = {"-f", "--format"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  @Option(
      names = "--ignore-robots",
      description = "Fetch what robots.txt forbids, and do not wait as it asks.")
  private boolean ignoreRobots;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    validate();
    if (url != null) {
      return check(url);
    }
    try (var site = DemoSite.open()) {
      say("no URL given: checking the Javadoc of AssertJ, served at " + site.url());
      return check(site.url());
    }
  }

  private int check(URI start) {
    return IOLoop.run(
        () -> {
          var loop = IOLoop.current();
          try (var fetcher = new Fetcher(timeout)) {
            var crawl = spawn(() -> crawl(start, fetcher));
            try (var interruption =
                new Interruption(() -> loop.execute(() -> crawl.cancel(true)))) {
              var report = await(crawl);
              print(report);
              return report.status();
            }
          }
        });
  }

  private Report crawl(URI start, Fetcher fetcher) {
    try (var progress = Terminal.isStderr() ? new ProgressLine() : Progress.NONE) {
      return new Crawler(options(start), fetcher, progress).crawl();
    }
  }

  private void print(Report report) {
    var out = spec().commandLine().getOut();
    out.println(format.write(report));
    out.flush();
    if (report.failure() != null) {
      say(report.start() + ": " + report.failure());
    }
  }

  private void say(String message) {
    var err = spec().commandLine().getErr();
    err.println("toro check: " + message);
    err.flush();
  }

  private Options options(URI start) {
    return new Options(
        start,
        concurrency,
        timeout,
        deadline,
        maxPages,
        external,
        Duration.ofNanos((long) (1e9 / rate)),
        !ignoreRobots);
  }

  private void validate() {
    require(concurrency > 0, "--concurrency must be at least 1");
    require(maxPages > 0, "--max-pages must be at least 1");
    require(rate > 0, "--rate must be more than 0");
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec().commandLine(), message);
    }
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("not run by picocli");
    }
    return spec;
  }

  /** Says what is wrong with a URL. */
  static final class UrlConverter implements ITypeConverter<URI> {
    @Override
    public URI convert(String text) {
      try {
        return Urls.parse(text);
      } catch (URISyntaxException e) {
        throw new TypeConversionException("'" + text + "': " + e.getReason());
      }
    }
  }
}

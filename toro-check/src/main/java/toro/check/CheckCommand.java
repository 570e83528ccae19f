package toro.check;

import static toro.Coroutines.await;
import static toro.Coroutines.spawn;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import toro.IOLoop;

/** {@code toro check}: the order of events. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Checks the links of a web site.",
      "",
      "Reads every page beneath each URL, once, and sees whether what its links and images, scripts and style"
          + " sheets lead to is there, and whether the #fragments are there in the pages. Prints each broken"
          + " link with the pages that have it.",
      ""
    },
    optionListHeading = "%nOptions:%n",
    parameterListHeading = "Parameters:%n",
    footer = {
      "",
      "Durations are such as 30s, 2m, 500ms, 1d, 1m30s or PT30S. Options can also stand in a file"
          + " .toro-check in the current folder. The proxies in http_proxy, https_proxy and no_proxy are used.",
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:no link is broken",
      "1:some are",
      "2:wrong usage, a URL that could not be read, or a report that could not be written",
      "130:ended by Ctrl-C, with a report of what was done"
    },
    exitCodeOnExecutionException = 2)
public final class CheckCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "URL",
      description =
          "Where to begin: a page, a sitemap, or a local file or folder. The crawl stays in the folder of this"
              + " page, which is up to the last slash; other pages of its host are checked, but not searched."
              + " Without a URL: a demonstration, on the Javadoc of a well-known library.")
  private List<String> urls = List.of();

  @Mixin private final Options options = new Options();

  @Option(
      names = {"-f", "--format"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text, json, csv, junit, sarif or github (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  @Option(
      names = {"-q", "--quiet"},
      description = "Write the broken links and nothing else.")
  private boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      description = "Also write each URL to standard error as soon as it is checked.")
  private boolean verbose;

  @Option(
      names = ConfigFile.OPTION,
      paramLabel = "FILE",
      description = "Read options from this file, not from .toro-check.")
  private @Nullable Path config; // taken by ConfigFile

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (config != null && !Files.isReadable(config)) {
      refuse(ConfigFile.OPTION + ": cannot read " + config);
    }
    options.problem().ifPresent(this::refuse);
    if (!urls.isEmpty()) {
      return check(urls);
    }
    try (var site = DemoSite.open()) {
      say("no URL given: checking the Javadoc of AssertJ, served at " + site.url());
      var status = check(List.of(site.url().toString()));
      say("now try a site of your own: ./toro check https://example.org/docs/, or a folder");
      return status;
    }
  }

  private int check(List<String> starts) throws IOException {
    try {
      options.start(Starts.parse(starts));
    } catch (MalformedUrlException e) {
      refuse(e.getMessage());
    }
    var cache =
        Cache.open(
            options.cacheFile(),
            options.cacheAge(),
            InstantSource.system(),
            url -> !options.starts().haveHostOf(url));
    return IOLoop.run(() -> check(cache));
  }

  private int check(Cache cache) throws IOException {
    var loop = IOLoop.current();
    var crawl = spawn(() -> crawl(cache));
    try (var interruption = new Interruption(() -> loop.execute(() -> crawl.cancel(true)))) {
      var report = await(crawl);
      cache.save();
      return print(report.renamed(options.starts().files()::name));
    }
  }

  private Report crawl(Cache cache) {
    try (var fetcher = new Fetcher(options);
        var parser = new Parser();
        var progress = progress()) {
      return new Crawler(options, fetcher, parser, cache, progress).crawl();
    }
  }

  private Progress progress() {
    if (verbose) {
      return (resource, done, known) ->
          err()
              .println(
                  Visible.text(
                      resource.describe()
                          + ": "
                          + options.starts().files().name(resource.url().text())));
    }
    return !quiet && Terminal.isStderr() ? new ProgressLine() : Progress.NONE;
  }

  /** Returns the exit status. */
  private int print(Report report) {
    var text = text(report);
    var out = spec().commandLine().getOut();
    if (!text.isEmpty()) {
      out.println(text);
    }
    report.failures().forEach((start, reason) -> say(start + ": " + reason));
    if (out.checkError() || System.out.checkError()) { // which may be beneath, and keeps silent
      say("the report could not be written");
      return 2;
    }
    return report.status();
  }

  private String text(Report report) {
    if (format != Format.TEXT) {
      return format.write(report);
    }
    var isColored = Terminal.isStdout() && System.getenv("NO_COLOR") == null;
    return quiet ? TextReport.writeBroken(report, isColored) : TextReport.write(report, isColored);
  }

  private void say(String message) {
    err().println("toro check: " + Visible.text(message));
    err().flush();
  }

  private PrintWriter err() {
    return spec().commandLine().getErr();
  }

  private void refuse(@Nullable String problem) {
    throw new ParameterException(spec().commandLine(), String.valueOf(problem));
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("not run by picocli");
    }
    return spec;
  }
}

package toro.check;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import okhttp3.Credentials;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import toro.Deadline;

/** What to check, and how: the options of the command line. */
final class Options {
  @Option(
      names = {"-e", "--external"},
      arity = "0..1",
      paramLabel = "fragments",
      parameterConsumer = External.Consumer.class,
      description =
          "Also check links that lead to other hosts; nothing is crawled there. With =fragments, their pages"
              + " are read to check the #fragments, too.")
  private External external = External.NOT;

  @Option(names = "--no-fragments", negatable = false, description = "Do not check #fragments.")
  private boolean noFragments;

  @Option(
      names = {"-x", "--exclude"},
      paramLabel = "REGEX",
      converter = PatternConverter.class,
      description =
          "Leave out links in which this is found. What it finds only in the #fragment leaves out the check of"
              + " the fragment. May be given several times.")
  private List<Pattern> exclude = List.of();

  @Option(
      names = {"-i", "--include"},
      paramLabel = "REGEX",
      converter = PatternConverter.class,
      description = "Leave out links in which none of these is found. May be given several times.")
  private List<Pattern> include = List.of();

  @Option(
      names = {"-n", "--max-pages"},
      paramLabel = "N",
      description =
          "Read the links of so many pages at most; these links are still checked (default: no limit).")
  private int maxPages = Integer.MAX_VALUE;

  @Option(
      names = {"-c", "--concurrency"},
      paramLabel = "N",
      defaultValue = "16",
      description = "Requests under way at a time (default: ${DEFAULT-VALUE}).")
  private int concurrency;

  @Option(
      names = {"-r", "--rate"},
      paramLabel = "N",
      description = "Requests a second to one host at most, such as 5 or 0.5 (default: no limit).")
  private double rate = Double.POSITIVE_INFINITY;

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
      names = "--retries",
      paramLabel = "N",
      defaultValue = "2",
      description =
          "Repeat a request whose connection broke so many times (default: ${DEFAULT-VALUE}).")
  private int retries;

  @Option(
      names = "--ignore-robots",
      description = "Fetch what robots.txt forbids, and do not wait as it asks.")
  private boolean ignoreRobots;

  @Option(
      names = {"-u", "--user"},
      paramLabel = "USER:PASSWORD",
      description =
          "Log in to the site with this (HTTP Basic). A URL with user:password@ does that, too.")
  private @Nullable String user;

  @Option(
      names = {"-H", "--header"},
      paramLabel = "'NAME: VALUE'",
      converter = HeaderConverter.class,
      description = "Send this header to the site's hosts. May be given several times.")
  private List<Header> headers = List.of();

  @Option(
      names = {"-b", "--cookie"},
      paramLabel = "NAME=VALUE",
      description =
          "Send this cookie to the site's hosts, until they set another. May be given several times.")
  private Map<String, String> cookies = new LinkedHashMap<>();

  @Option(
      names = {"-A", "--user-agent"},
      paramLabel = "TEXT",
      defaultValue = "toro-check",
      description = "Say that this program is another one (default: ${DEFAULT-VALUE}).")
  private String userAgent = "";

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description = "Trust in the certificates of this PEM file, instead of those of Java.")
  private @Nullable Path caFile;

  @Option(names = "--insecure", description = "Accept any certificate.")
  private boolean insecure;

  @Option(
      names = "--cache",
      paramLabel = "FILE",
      description =
          "Keep there which URLs of other hosts were found, and do not ask again for some time.")
  private @Nullable Path cacheFile;

  @Option(
      names = "--cache-age",
      paramLabel = "DURATION",
      defaultValue = "1d",
      converter = Durations.class,
      description = "How long that is (default: ${DEFAULT-VALUE}).")
  private Duration cacheAge = Duration.ZERO;

  private Starts starts = Starts.NONE;

  /** Checks what no single option can check for itself. */
  Optional<String> problem() {
    return concurrency < 1
        ? Optional.of("--concurrency must be at least 1")
        : maxPages < 1
            ? Optional.of("--max-pages must be at least 1")
            : !(rate > 0)
                ? Optional.of("--rate must be more than 0")
                : retries < 0
                    ? Optional.of("--retries must be at least 0")
                    : user != null && user.indexOf(':') < 0
                        ? Optional.of("--user must be USER:PASSWORD")
                        : caFile != null && !Files.isReadable(caFile)
                            ? Optional.of("--ca-file: cannot read " + caFile)
                            : Optional.empty();
  }

  /** Sets where the crawl begins. */
  void start(Starts newStarts) {
    starts = newStarts;
  }

  Starts starts() {
    return starts;
  }

  int concurrency() {
    return concurrency;
  }

  /** Returns how long one request and its whole answer may take. */
  Duration timeout() {
    return timeout;
  }

  /** Returns when all of it ends. */
  Deadline deadline() {
    return deadline == null ? Deadline.never() : Deadline.after(deadline);
  }

  /** Returns how many pages are read for links. */
  int maxPages() {
    return maxPages;
  }

  /** Reports whether links to other hosts are checked. */
  boolean external() {
    return external != External.NOT;
  }

  boolean externalFragments() {
    return external == External.FRAGMENTS;
  }

  boolean fragments() {
    return !noFragments;
  }

  /** Reports whether a link is to be checked. */
  boolean admits(Link link) {
    return finds(exclude, link.target().text())
        ? false
        : include.isEmpty() || finds(include, link.toString());
  }

  /** Reports whether the fragment of a link is to be checked. */
  boolean admitsFragment(Link link) {
    return !finds(exclude, link.toString());
  }

  private static boolean finds(List<Pattern> patterns, String text) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(text).find());
  }

  /** Returns the least time between two requests to one host. */
  Duration interval() {
    return Duration.ofNanos((long) (1e9 / rate));
  }

  int retries() {
    return retries;
  }

  boolean robots() {
    return !ignoreRobots;
  }

  /** Returns the header for the user that was named, if one was. */
  Optional<String> userAuthorization() {
    if (user == null) {
      return Optional.empty();
    }
    var colon = user.indexOf(':');
    return Optional.of(Credentials.basic(user.substring(0, colon), user.substring(colon + 1)));
  }

  List<Header> headers() {
    return headers;
  }

  Map<String, String> cookies() {
    return cookies;
  }

  String userAgent() {
    return userAgent;
  }

  @Nullable Path caFile() {
    return caFile;
  }

  boolean isInsecure() {
    return insecure;
  }

  @Nullable Path cacheFile() {
    return externalFragments() ? null : cacheFile; // it has no fragments
  }

  Duration cacheAge() {
    return cacheAge;
  }

  /** A header of requests. */
  record Header(String name, String value) {}

  /** What of other hosts is checked. */
  enum External {
    NOT,
    LINKS,
    FRAGMENTS;

    /** Takes the next word only if it is meant, since it may as well be a URL. */
    static final class Consumer implements IParameterConsumer {
      @Override
      public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
        var hasValue = !words.isEmpty() && words.peek().equalsIgnoreCase("fragments");
        if (hasValue) {
          words.pop();
        }
        option.setValue(hasValue ? FRAGMENTS : LINKS);
      }
    }
  }

  /** Reads a regular expression. */
  static final class PatternConverter implements ITypeConverter<Pattern> {
    @Override
    public Pattern convert(String text) {
      try {
        return Pattern.compile(text);
      } catch (PatternSyntaxException e) {
        throw new TypeConversionException(
            "'" + text + "' is not a regular expression: " + e.getDescription());
      }
    }
  }

  /** Reads a header. */
  static final class HeaderConverter implements ITypeConverter<Header> {
    @Override
    public Header convert(String text) {
      var colon = text.indexOf(':');
      var name = colon < 0 ? "" : text.substring(0, colon).strip();
      if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+") || text.matches("(?s).*[\\r\\n].*")) {
        throw new TypeConversionException("'" + text + "' is not a header such as 'Name: value'");
      }
      return new Header(name, text.substring(colon + 1).strip());
    }
  }
}

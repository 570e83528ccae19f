package toro.benchmarks;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command behind {@code ./bench}: measures, and shows what was measured. */
@Command(
    name = "bench",
    sortOptions = false,
    description =
        "Measures Toro beside what one would take instead, and prints a table in Markdown.",
    footer = {"", "Exit status: 0 all was measured, 1 something failed, 2 wrong usage."})
public final class Bench implements Callable<Integer> {
  private static final Path TARGET = Path.of("toro-benchmarks", "target");

  @Parameters(
      arity = "0..1",
      paramLabel = "PATTERN",
      description = "only the rows and contenders whose names have this regular expression in them")
  private @Nullable String pattern;

  @Option(
      names = "--rows",
      paramLabel = "PATTERN",
      description = "only the rows whose names have this regular expression in them")
  private @Nullable String rows;

  @Option(
      names = "--contenders",
      paramLabel = "PATTERN",
      description =
          "only the contenders whose names have this regular expression in them; goes together with --rows")
  private @Nullable String contenders;

  @Option(
      names = "--quick",
      description = "one round of fewer and shorter measurements: some ten minutes for all")
  private boolean quick;

  @Option(
      names = "--loops",
      description = "compare Toro on the event loops of others, and not with its peers")
  private boolean loops;

  @Option(names = "--list", description = "say which rows and contenders there are, and end")
  private boolean list;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "measure nothing: show the results of JMH in this file")
  private @Nullable Path from;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description =
          "where JMH's results are written (default: results.json, or loops.json, in toro-benchmarks/target)")
  private @Nullable Path to;

  @Option(
      names = "--docs",
      description = "put the table into docs/benchmarks.md, and the chart beside it")
  private boolean docs;

  @Option(names = "--docs-folder", hidden = true, defaultValue = "docs")
  private Path docsFolder = Path.of("docs");

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help, and end")
  @SuppressWarnings("UnusedVariable") // picocli looks at it
  private boolean help;

  @Spec private CommandSpec spec = CommandSpec.create();

  static void main(String[] arguments) {
    var out = new FileOutputStream(FileDescriptor.out);
    System.exit(execute(new PrintWriter(out, true, StandardCharsets.UTF_8), arguments));
  }

  static int execute(PrintWriter out, String... arguments) {
    return new CommandLine(new Bench()).setOut(out).execute(arguments);
  }

  @Override
  public Integer call() throws IOException {
    if (list) {
      out().print(listing());
      out().flush();
      return 0;
    }
    Path file = from != null ? from : to != null ? to : TARGET.resolve(board().id() + ".json");
    boolean complete = from != null || measure(file);
    if (!Files.isReadable(file)) {
      throw wrong("there is no " + file + " to read: run ./bench first");
    }
    Results results = read(file);
    out().println(new Table(board(), results).markdown());
    if (docs) {
      document(results, file, docsFolder);
    }
    return complete ? 0 : 1;
  }

  private Board board() {
    return loops ? Board.LOOPS : Board.PEERS;
  }

  private Results read(Path file) throws IOException {
    try {
      return Results.read(file);
    } catch (RuntimeException | IOException failure) {
      throw wrong(file + " is not a file of JMH's results: " + failure.getMessage());
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  // Measuring.

  private record Cell(Row row, String contender) {}

  private boolean measure(Path to) throws IOException {
    Plan plan = quick ? Plan.QUICK : Plan.FULL;
    List<Cell> cells = cells(plan.rounds());
    Files.createDirectories(to.toAbsolutePath().getParent());
    Files.writeString(about(to), Machine.describe() + "\n" + command() + "\n");
    Files.deleteIfExists(to);
    var measurement = new Measurement(plan);
    var progress = new Progress(spec.commandLine().getErr(), cells.size());
    List<RunResult> results = new ArrayList<>();
    boolean complete = true;
    for (Cell cell : cells) {
      progress.begin(cell.row(), cell.contender());
      try {
        Collection<RunResult> measured = measurement.run(cell.row(), cell.contender());
        results.addAll(measured);
        progress.end(Measurement.score(measured), cell.row().unit());
        Results.write(results, to); // each time: who stops this has what was measured
      } catch (Measurement.FailedException failure) {
        progress.failed(failure);
        complete = false;
      }
    }
    return complete;
  }

  /** What is measured one after the other: the rounds of a row, and then those of the next. */
  private List<Cell> cells(int rounds) {
    List<Cell> cells = new ArrayList<>();
    List<String> contenders =
        board().contenders().stream().filter(Contenders::isAvailable).toList();
    for (Row row : board().rows()) {
      List<Cell> round =
          contenders.stream()
              .filter(contender -> matches(row, contender))
              .filter(contender -> row.work(Contenders.named(contender)) != null)
              .map(contender -> new Cell(row, contender))
              .toList();
      for (int i = 0; i < rounds; i++) {
        cells.addAll(round);
      }
    }
    if (cells.isEmpty()) {
      throw wrong("nothing is selected by" + selection() + "\n" + listing());
    }
    return cells;
  }

  private boolean matches(Row row, String contender) {
    return has(rows, row.id(), row.title())
        && has(contenders, contender)
        && has(pattern, row.id(), row.title(), contender);
  }

  /** Has one of the names the expression in it? Without an expression each is meant. */
  private boolean has(@Nullable String expression, String... names) {
    if (expression == null) {
      return true;
    }
    try {
      Pattern wanted = Pattern.compile(expression, Pattern.CASE_INSENSITIVE);
      return Stream.of(names).anyMatch(name -> wanted.matcher(name).find());
    } catch (PatternSyntaxException failure) {
      throw wrong(
          "\"" + expression + "\" is not a regular expression: " + failure.getDescription());
    }
  }

  private String listing() {
    String rows =
        board().rows().stream()
            .map(row -> "  %-26s %s%n".formatted(row.id(), row.title()))
            .collect(Collectors.joining());
    return "Rows:%n%sContenders:%n  %s%n".formatted(rows, String.join(", ", board().contenders()));
  }

  private String command() {
    return "./bench" + (loops ? " --loops" : "") + (quick ? " --quick" : "") + selection();
  }

  private String selection() {
    return (rows == null ? "" : " --rows '" + rows + "'")
        + (contenders == null ? "" : " --contenders '" + contenders + "'")
        + (pattern == null ? "" : " '" + pattern + "'");
  }

  // Documents.

  /** The machine and the command of some results, beside them. */
  private static Path about(Path results) {
    return results.resolveSibling(results.getFileName() + ".about");
  }

  private void document(Results results, Path file, Path folder) throws IOException {
    var document = new Document(folder.resolve("benchmarks.md"));
    var table = new Table(board(), results);
    document.replace(board().id(), table.markdown() + "\n" + provenance(file));
    document.replace(board().id() + " losses", table.losses());
    Files.writeString(folder.resolve(board().chart()), new Chart(board(), results).svg());
  }

  private static String provenance(Path file) throws IOException {
    Instant written = Files.getLastModifiedTime(file).toInstant();
    LocalDate date = LocalDate.ofInstant(written, ZoneOffset.UTC);
    List<String> about =
        Files.exists(about(file)) ? Files.readAllLines(about(file)) : List.of("", "");
    return "Measured on %s with `%s`: %s.%n".formatted(date, about.get(1), about.get(0));
  }
}

package toro.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of JMH's results, and what the command says to wrong usage. */
class ReportTest {
  private static final Path SAMPLE = Path.of("src/test/resources/toro/benchmarks/results.json");

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();

  private int bench(String... arguments) {
    return Bench.execute(new PrintWriter(out, true), arguments);
  }

  @Test
  void aRowAWorkloadAColumnAContender() throws Exception {
    String table = new Table(Board.PEERS, Results.read(SAMPLE)).markdown();
    assertThat(table.lines().toList())
        .startsWith(
            "| workload |  | Toro | Toro fast | Kotlin | Jox | j.u.c | asyncutil | Vert.x | limit | limit, futures | best peer ÷ Toro fast | best peer ÷ Toro |",
            "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
            "| queue, 1 to 1, capacity 1 | ns | 340 ± 12 | 100 ± 4.0 | 150 ± 5.0 | 206 ± 9.0 | — | — | — | 60 ± 1.5 | — | 1.50× | 0.44× |",
            "| a waiting future | bytes | 72 | 72 | — | — | — | 144 | — | — | — | 2.00× | 2.00× |");
  }

  private static String round(String iterations) {
    return """
        {"params": {"row": "lock-free", "contender": "Kotlin"},
         "primaryMetric": {"rawData": [[%s]]}, "secondaryMetrics": {}}
        """
        .formatted(iterations);
  }

  @Test
  void theRoundsOfACellAreOneResult() throws Exception {
    Path file = folder.resolve("rounds.json");
    Files.writeString(
        file, "[" + String.join(",", round("10, 11"), round("30, 12"), round("13")) + "]");
    assertThat(Results.read(file).of(Rows.named("lock-free"), "Kotlin"))
        .contains(new Result("lock-free", "Kotlin", 12, 1));
  }

  @Test
  void theRowsInWhichAPeerIsAheadAreListed() throws Exception {
    assertThat(new Table(Board.PEERS, Results.read(SAMPLE)).losses())
        .isEqualTo("- queue, 1 to 1, capacity 1 (ns): Kotlin 150; Toro 340; limit 60\n");
  }

  @Test
  void theChartIsXmlWithABarAMeasurement() throws Exception {
    String svg = new Chart(Board.PEERS, Results.read(SAMPLE)).svg();
    var document =
        DocumentBuilderFactory.newDefaultNSInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertThat(document.getDocumentElement().getLocalName()).isEqualTo("svg");
    assertThat(svg).contains("queue, 1 to 1, capacity 1", "a waiting future (bytes)", "Kotlin");
    assertThat(svg.split("height=\"8.0\"", -1)).hasSize(1 + 8);
  }

  @Test
  void theDocumentIsFilledInBetweenItsMarks() throws Exception {
    Path document = folder.resolve("benchmarks.md");
    Files.writeString(
        document,
        "# Before\n<!-- results -->\nold\n<!-- /results -->\nbetween\n<!-- results losses -->\n<!-- /results losses -->\nafter\n");
    assertThat(bench("--from", SAMPLE.toString(), "--docs", "--docs-folder", folder.toString()))
        .isZero();
    assertThat(Files.readString(document))
        .startsWith("# Before\n<!-- results -->\n| workload |")
        .contains("Measured on ", "<!-- /results -->\nbetween\n<!-- results losses -->\n- queue")
        .endsWith("<!-- /results losses -->\nafter\n")
        .doesNotContain("old\n");
    assertThat(folder.resolve("benchmarks.svg")).content().startsWith("<svg");
  }

  @Test
  void wrongUsageEndsWithTwo() throws Exception {
    Path noResults = Files.writeString(folder.resolve("none.json"), "{}");
    assertThat(bench("no such row")).isEqualTo(2);
    assertThat(bench("(")).isEqualTo(2);
    assertThat(bench("--rows", "(")).isEqualTo(2);
    assertThat(bench("--rows", "lock", "--contenders", "no such one")).isEqualTo(2);
    assertThat(bench("--nothing")).isEqualTo(2);
    assertThat(bench("--from", folder.resolve("missing.json").toString())).isEqualTo(2);
    assertThat(bench("--from", noResults.toString())).isEqualTo(2);
  }

  @Test
  void theRowsAreListed() {
    assertThat(bench("--list")).isZero();
    assertThat(out.toString())
        .contains("queue-1-1-1", "growth-lock-100000", "Vert.x")
        .doesNotContain("on Netty");
  }

  @Test
  void theRowsOfTheOtherTableAreListed() {
    assertThat(bench("--loops", "--list")).isZero();
    assertThat(out.toString())
        .contains("queue-1-1-1", "ask", "on Netty, fast", "Vert.x await")
        .doesNotContain("growth", "Kotlin");
  }
}

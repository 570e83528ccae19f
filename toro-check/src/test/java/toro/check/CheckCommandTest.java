package toro.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.jr.ob.JSON;

/** The command line, and what is written. */
class CheckCommandTest {
  private final HostileServer server = new HostileServer();

  @AfterEach
  void closeServer() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          --concurrency=0,         --concurrency must be at least 1
          --concurrency=many,      'many' is not an int
          --max-pages=0,           --max-pages must be at least 1
          --rate=0,                --rate must be more than 0
          --rate=NaN,              --rate must be more than 0
          --timeout=soon,          'soon' is not a duration
          --timeout=0s,            '0s' is not a positive duration
          --deadline=-3s,          '-3s' is not a duration
          --format=xml,            xml
          --nonsense,              --nonsense
          """)
  void wrongUsageIsExplainedAndEndsWithStatusTwo(String option, String message) {
    var run = Run.check(option, server.url("/")).assertStatus(2);

    assertThat(run.err()).contains(message);
    assertThat(run.out()).isEmpty();
    assertThat(server.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"example.org", "ftp://example.org/", "http://", "http://a b/", "/docs", "x:"})
  void aUrlThatIsNoneIsWrongUsage(String url) {
    assertThat(Run.check(url).assertStatus(2).err()).contains("'" + url + "'");
  }

  @Test
  void twoUrlsAreWrongUsage() {
    Run.check(server.url("/a"), server.url("/b")).assertStatus(2);
  }

  @Test
  void aStartThatIsNotThereEndsWithStatusTwo() {
    var run = Run.check(server.url("/")).assertStatus(2);

    assertThat(run.err()).contains(server.url("/") + ": 404 Not Found");
    assertThat(run.summary()).isEqualTo("checked 0 pages, 0 links, 0 broken");
  }

  @Test
  void aHostThatCannotBeReachedEndsWithStatusTwo() {
    server.close();

    assertThat(Run.check(server.url("/")).assertStatus(2).err()).contains("cannot connect");
  }

  @Test
  void aStartThatIsNotAPageEndsWithStatusTwo() {
    server.file("/a.png", "image/png", new byte[9]);

    assertThat(Run.check(server.url("/a.png")).assertStatus(2).err()).contains("not an HTML page");
  }

  @Test
  void jsonHasEverythingThatTheTextHas() throws IOException {
    server.page("/", "<a href=none></a><a href='http://elsewhere.example/'></a>");

    var report = json(Run.check("--format=json", server.url("/")).assertStatus(1));

    assertThat(report)
        .containsEntry("start", server.url("/").toString())
        .containsEntry("ending", "complete")
        .containsEntry("pages", 1)
        .containsEntry("links", 1)
        .containsEntry("broken", 1)
        .containsEntry("external", 1)
        .containsEntry("forbidden", 0)
        .containsEntry("unfinished", 0)
        .containsKey("seconds")
        .doesNotContainKey("error")
        .containsEntry(
            "brokenPages",
            List.of(
                Map.of(
                    "page",
                    server.url("/").toString(),
                    "links",
                    List.of(
                        Map.of(
                            "link", server.url("/none").toString(), "reason", "404 Not Found")))));
  }

  @Test
  void jsonSaysWhyNothingCouldBeFetched() throws IOException {
    var report = json(Run.check("--format=json", server.url("/")).assertStatus(2));

    assertThat(report).containsEntry("error", "404 Not Found").containsEntry("pages", 0);
  }

  @Test
  void jsonSaysThatTheDeadlineEndedIt() throws IOException {
    server.page("/", "<a href=slow>").silence("/slow");

    var report = json(Run.check("--format=json", "--deadline=1s", server.url("/")).assertStatus(0));

    assertThat(report).containsEntry("ending", "deadline").containsEntry("unfinished", 1);
  }

  private static Map<String, Object> json(Run run) throws IOException {
    return JSON.std.mapFrom(run.out());
  }

  @Test
  void helpNamesEachOption() {
    var run = Run.check("--help").assertStatus(0);

    assertThat(run.out())
        .contains("--concurrency", "--timeout", "--deadline", "--max-pages", "--external", "--rate")
        .contains("--format", "--ignore-robots", "--help", "--version", "Exit status");
  }

  @Test
  void theVersionIsPrinted() {
    assertThat(Run.check("--version").assertStatus(0).out()).startsWith("toro ");
  }

  @Test
  void aCommandIsNeeded() {
    assertThat(Main.commandLine().setErr(new PrintWriter(Writer.nullWriter())).execute())
        .isEqualTo(2);
  }

  @Test
  void withoutAUrlItChecksADocumentationSiteOfItsOwn() {
    var run = Run.check();

    assertThat(run.err()).contains("AssertJ");
    assertThat(run.status()).isLessThan(2);
    assertThat(run.summary()).matches("checked 1\\d{3} pages, \\d{5,} links, \\d+ broken");
  }
}

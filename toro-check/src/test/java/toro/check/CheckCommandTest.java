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
          --retries=-1,            --retries must be at least 0
          --exclude=[,             '[' is not a regular expression
          --header=x,              'x' is not a header
          --user=x,                --user must be USER:PASSWORD
          --ca-file=none.pem,      cannot read none.pem
          --config=none.txt,       cannot read none.txt
          """)
  void wrongUsageIsExplainedAndEndsWithStatusTwo(String option, String message) {
    var run = Run.check(option, server.url("/")).assertStatus(2);

    assertThat(run.err()).contains(message);
    assertThat(run.err().lines()).singleElement().asString().endsWith("(see 'toro check --help')");
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
  void aUrlWithoutASchemeGetsAHint() {
    assertThat(Run.check("example.org").err()).contains("did you mean https://example.org ?");
  }

  @Test
  void severalUrlsAreOneSite() {
    server.page("/a/", "<a href=x>").page("/b/", "<a href=/a/x>").page("/a/x", "");

    assertThat(Run.check(server.url("/a/"), server.url("/b/")).assertStatus(0).summary())
        .isEqualTo("checked 3 pages, 2 links, 0 broken");
  }

  @Test
  void ofSeveralUrlsTheOneThatIsNotThereIsNamed() {
    server.page("/a/", "");

    assertThat(Run.check(server.url("/a/"), server.url("/b/")).assertStatus(2).err())
        .isEqualTo("toro check: " + server.url("/b/") + ": 404 Not Found\n");
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
        .containsEntry("starts", List.of(server.url("/").toString()))
        .containsEntry("ending", "complete")
        .containsEntry("pages", 1)
        .containsEntry("links", 1)
        .containsEntry("broken", 1)
        .containsEntry("places", 1)
        .containsEntry("external", 1)
        .containsEntry("excluded", 0)
        .containsEntry("forbidden", 0)
        .containsEntry("unfinished", 0)
        .containsEntry("pagesBeyondLimit", 0)
        .containsKey("seconds")
        .containsEntry("errors", List.of())
        .containsEntry("unreadable", List.of())
        .containsEntry("notes", List.of())
        .containsEntry(
            "brokenLinks",
            List.of(
                Map.of(
                    "link",
                    server.url("/none").toString(),
                    "reason",
                    "404 Not Found",
                    "pages",
                    List.of(server.url("/").toString()))));
  }

  @Test
  void jsonSaysWhyNothingCouldBeFetched() throws IOException {
    var report = json(Run.check("--format=json", server.url("/")).assertStatus(2));

    assertThat(report)
        .containsEntry("pages", 0)
        .containsEntry(
            "errors",
            List.of(Map.of("url", server.url("/").toString(), "reason", "404 Not Found")));
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

    assertThat(run.err()).contains("AssertJ").contains("now try a site of your own");
    assertThat(run.status()).isLessThan(2);
    assertThat(run.summary()).matches("checked 1\\d{3} pages, \\d{5,} links, \\d+ broken.*");
  }
}

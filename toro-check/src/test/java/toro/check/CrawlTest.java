package toro.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pages are read, and which links are checked. */
class CrawlTest {
  private final HostileServer server = new HostileServer();

  @AfterEach
  void closeServer() {
    server.close();
  }

  @Test
  void aSiteWithoutBrokenLinksEndsWithStatusZero() {
    server.page("/", "<a href=a.html>a</a>").page("/a.html", "<a href=./>back</a>");

    var run = Run.check(server.url("/")).assertStatus(0);

    assertThat(run.summary()).isEqualTo("checked 2 pages, 2 links, 0 broken");
    assertThat(run.lines()).singleElement().asString().matches(".* in \\d+\\.\\d s");
  }

  @Test
  void aBrokenLinkIsOneEntryWithAllItsPages() {
    server
        .page("/", "<a href=a.html>a</a><a href=no1>1</a><a href=no2>2</a>")
        .page("/a.html", "<a href=no1>1</a>");

    var run = Run.check(server.url("/")).assertStatus(1);

    assertThat(run.out())
        .startsWith(
            """
            404 Not Found: %1$sno1
              on %1$s
              on %1$sa.html
            404 Not Found: %1$sno2
              on %1$s

            checked 2 pages, 4 links, 2 broken, in 3 places, in\
            """
                .formatted(server.url("/")));
  }

  @Test
  void eachUrlIsFetchedOnceHoweverManyLinksLeadThere() {
    for (int i = 0; i < 30; i++) {
      var links = new StringBuilder();
      for (int j = 0; j < 30; j++) {
        links.append(
            "<a href='/%d#top'></a><a href='/x/../%d'></a><img src=/none>".formatted(j, j));
      }
      server.page("/" + i, links.toString());
    }
    server.redirect("/", "/0");

    Run.check(server.url("/")).assertStatus(1);

    assertThat(server.requests()).hasSize(new HashSet<>(server.requests()).size()).hasSize(33);
  }

  @Test
  void theCrawlStaysInTheFolderAndChecksLinksToTheRestOfTheHost() {
    server
        .page("/docs/", "<a href=a.html></a><a href=/other.html></a><a href=../docsier#x></a>")
        .page("/docs/a.html", "")
        .page("/docsier", "<a href=/unseen>");

    var run = Run.check(server.url("/docs/")).assertStatus(1);

    assertThat(server.requests())
        .containsExactlyInAnyOrder(
            "GET /robots.txt", "GET /docs/", "GET /docs/a.html", "GET /other.html", "GET /docsier");
    assertThat(run.broken())
        .containsExactly(
            "no such fragment: " + server.url("/docsier#x"),
            "404 Not Found: " + server.url("/other.html"));
    assertThat(run.summary()).isEqualTo("checked 2 pages, 3 links, 2 broken");
  }

  @Test
  void aBrokenFooterNamesItsFirstFivePages() {
    var links = new StringBuilder("<a href=/footer></a>");
    for (int i = 0; i < 8; i++) {
      links.append("<a href='/" + i + "'></a>");
      server.page("/" + i, "<a href=/footer></a>");
    }
    server.page("/", links.toString());

    var run = Run.check("--concurrency=1", server.url("/")).assertStatus(1);

    assertThat(run.broken()).containsExactly("404 Not Found: " + server.url("/footer"));
    assertThat(run.pages()).hasSize(5);
    assertThat(run.out()).contains("  and on 4 more pages");
    assertThat(run.summary()).endsWith("1 broken, in 9 places,");
  }

  @Test
  void aPageThatIsGivenStandsForItsFolder() {
    server.page("/docs/a.html", "<a href=b.html></a>").page("/docs/b.html", "");

    assertThat(Run.check(server.url("/docs/a.html")).assertStatus(0).summary())
        .isEqualTo("checked 2 pages, 1 link, 0 broken");
  }

  @Test
  void externalLinksAreCheckedAndNotCrawled() {
    try (var elsewhere = new HostileServer()) {
      elsewhere.page("/a", "<a href=/unseen>");
      server.page(
          "/",
          "<a href='%s'></a><a href='%s'></a>"
              .formatted(elsewhere.url("/a#x"), elsewhere.url("/b")));

      var run = Run.check("--external", server.url("/")).assertStatus(1);

      assertThat(run.broken()).containsExactly("404 Not Found: " + elsewhere.url("/b"));
      assertThat(elsewhere.requests())
          .containsExactlyInAnyOrder("GET /robots.txt", "HEAD /a", "HEAD /b", "GET /b");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"405 Method Not Allowed", "501 Not Implemented", "404 Not Found"})
  void aServerThatDoesNotKnowHeadIsAskedWithGet(String status) {
    try (var elsewhere = new HostileServer()) {
      elsewhere.answer(
          "/a",
          (method, out) -> HostileServer.head(out, method.equals("HEAD") ? status : "200 OK"));
      server.page("/", "<a href='%s'></a>".formatted(elsewhere.url("/a")));

      Run.check("--external", server.url("/")).assertStatus(0);
    }
  }

  @Test
  void fragmentsAreCheckedInTheirPages() {
    server
        .page(
            "/",
            "<p id=a></p><a href='#a'></a><a href='#b'></a><a href='p#c'></a><a href='p#d'></a>")
        .page("/p", "<a name=c></a><a href='/#a'></a><a href='/#e'></a>");

    assertThat(Run.check(server.url("/")).assertStatus(1).broken())
        .containsExactly(
            "no such fragment: " + server.url("/#b"),
            "no such fragment: " + server.url("/#e"),
            "no such fragment: " + server.url("/p#d"));
  }

  @Test
  void aFragmentIsLookedForWhereTheRedirectLeads() {
    server
        .page("/", "<a href='old#a'></a><a href='old#b'></a>")
        .redirect("/old", "new")
        .page("/new", "<p id=a>");

    assertThat(Run.check(server.url("/")).assertStatus(1).broken())
        .containsExactly("no such fragment: " + server.url("/old#b"));
  }

  @Test
  void fragmentsOfWhatIsNotAPageAreNotChecked() {
    server.page("/", "<img src='a.svg#icon'>").file("/a.svg", "image/svg+xml", new byte[0]);

    Run.check(server.url("/")).assertStatus(0);
  }

  @Test
  void theAddressAfterARedirectIsTheBase() {
    server
        .page("/", "<a href=old></a>")
        .redirect("/old", "/new/place.html")
        .page("/new/place.html", "<a href=next></a>")
        .page("/new/next", "");

    assertThat(Run.check(server.url("/")).assertStatus(0).summary())
        .isEqualTo("checked 3 pages, 2 links, 0 broken");
  }

  @Test
  void aStartThatRedirectsWithinItsFolderDoesNotShrinkTheSite() {
    server.redirect("/", "/en/").page("/en/", "<a href=/a></a>").page("/a", "<a href=/bad></a>");

    var run = Run.check(server.url("/")).assertStatus(1);

    assertThat(run.broken()).containsExactly("404 Not Found: " + server.url("/bad"));
    assertThat(run.summary()).isEqualTo("checked 2 pages, 2 links, 1 broken");
  }

  @Test
  void aStartThatRedirectsElsewhereTakesTheCrawlThereToo() {
    try (var elsewhere = new HostileServer()) {
      server.redirect("/old/", elsewhere.url("/v2/").toString());
      elsewhere.page("/v2/", "<a href=a></a><a href=/v1/></a>").page("/v2/a", "");

      var run = Run.check(server.url("/old/")).assertStatus(1);

      assertThat(run.broken()).containsExactly("404 Not Found: " + elsewhere.url("/v1/"));
      assertThat(run.summary()).isEqualTo("checked 2 pages, 2 links, 1 broken");
    }
  }

  @Test
  void noMoreThanMaxPagesAreReadAndTheirLinksAreChecked() {
    server
        .page("/", "<a href=a></a><a href=b></a><a href=none></a><a href='a#x'></a>")
        .page("/a", "<a href=unseen></a>")
        .page("/b", "<a href=unseen></a>");

    var run = Run.check("--max-pages=1", server.url("/")).assertStatus(1);

    assertThat(run.summary()).isEqualTo("checked 1 page, 4 links, 2 broken");
    assertThat(run.out()).contains("not read: 2 pages beyond --max-pages");
    assertThat(server.requests()).doesNotContain("GET /unseen");
  }

  @Test
  void robotsTxtIsHonoured() {
    server
        .file("/robots.txt", "text/plain", "User-agent: *\nDisallow: /private/\n".getBytes())
        .page("/", "<a href=private/a></a><a href=b></a>")
        .page("/b", "");

    var run = Run.check(server.url("/")).assertStatus(0);

    assertThat(server.requests()).doesNotContain("GET /private/a");
    assertThat(run.out())
        .contains("not checked: 1 link that robots.txt forbids (see --ignore-robots)");
    assertThat(run.summary()).isEqualTo("checked 2 pages, 1 link, 0 broken");
  }

  @Test
  void robotsTxtIsNotAskedWhenItIsIgnored() {
    server
        .file("/robots.txt", "text/plain", "User-agent: *\nDisallow: /\n".getBytes())
        .page("/", "");

    Run.check("--ignore-robots", server.url("/")).assertStatus(0);

    assertThat(server.requests()).containsExactly("GET /");
  }

  @Test
  void aSiteThatForbidsEverythingIsNotFetched() {
    server.file("/robots.txt", "text/plain", "User-agent: *\nDisallow: /\n".getBytes());

    var run = Run.check(server.url("/")).assertStatus(2);

    assertThat(run.err()).contains("robots.txt");
    assertThat(server.requests()).containsExactly("GET /robots.txt");
  }

  @Test
  void aRobotsTxtThatNeverAnswersIsNoObstacle() {
    server.silence("/robots.txt").page("/", "");

    Run.check("--timeout=200ms", server.url("/")).assertStatus(0);
  }

  @Test
  void requestsToAHostKeepTheRate() {
    server.page("/", "<a href=1></a><a href=2></a><a href=3></a>");
    List.of("/1", "/2", "/3").forEach(path -> server.page(path, ""));
    var began = System.nanoTime();

    Run.check("--rate=20", server.url("/")).assertStatus(0);

    // Four pages: three times 50 ms between them.
    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(150_000_000L);
  }

  @Test
  void theCrawlDelayOfRobotsTxtIsKept() {
    server
        .file("/robots.txt", "text/plain", "User-agent: *\nCrawl-delay: 0.1\n".getBytes())
        .page("/", "<a href=1></a>")
        .page("/1", "");
    var began = System.nanoTime();

    Run.check(server.url("/")).assertStatus(0);

    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(100_000_000L);
  }

  @Test
  void whenTheDeadlineIsOverWhatWasFoundIsReported() {
    server
        .page("/", "<a href=none></a><a href=slow></a><a href=slow2></a>")
        .silence("/slow")
        .silence("/slow2");

    var run = Run.check("--deadline=1s", server.url("/")).assertStatus(1);

    assertThat(run.broken()).containsExactly("404 Not Found: " + server.url("/none"));
    assertThat(run.out()).contains("not checked: 2 links that the deadline left no time for");
    assertThat(run.summary()).isEqualTo("checked 1 page, 1 link, 1 broken");
  }

  @Test
  void aDeadlineThatLeavesNoTimeForTheFirstPageEndsWithStatusTwo() {
    server.silence("/");

    var run = Run.check("--deadline=200ms", server.url("/")).assertStatus(2);

    assertThat(run.err()).contains("no answer yet");
    assertThat(run.summary()).isEqualTo("checked 0 pages, 0 links, 0 broken");
  }

  @Test
  void oneWorkerIsEnough() {
    server.page("/", "<a href=a></a><a href=b></a>").page("/a", "").page("/b", "<a href=none></a>");

    assertThat(Run.check("--concurrency=1", server.url("/")).assertStatus(1).summary())
        .isEqualTo("checked 3 pages, 3 links, 1 broken");
  }
}

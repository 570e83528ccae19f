package toro.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers and pages do that is allowed, or common, and must not make a link broken. */
class RealWebTest {
  private final HostileServer server = new HostileServer();

  @AfterEach
  void closeServer() {
    server.close();
  }

  private Run checkLink(String link, Object... options) {
    server.page("/", "<a href=\"" + link + "\">it</a>");
    var arguments = new Object[options.length + 1];
    System.arraycopy(options, 0, arguments, 0, options.length);
    arguments[options.length] = server.url("/");
    return Run.check(arguments);
  }

  @Test
  void aPageThatOnlyRefreshesLeadsOn() {
    server
        .page("/", "<meta http-equiv=refresh content='0; url=docs/index.html'>")
        .page("/docs/index.html", "<a href=bad></a>");

    assertThat(Run.check(server.url("/")).assertStatus(1).broken())
        .containsExactly("404 Not Found: " + server.url("/docs/bad"));
  }

  @Test
  void aRequestWhoseConnectionBreaksIsMadeAgain() {
    var requests = new AtomicInteger();
    server.answer(
        "/x",
        (method, out) -> {
          if (requests.incrementAndGet() > 2) {
            HostileServer.head(out, "200 OK", "Content-Type: text/html", "Content-Length: 0");
          }
        });

    checkLink("/x").assertStatus(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"429 Too Many Requests", "503 Service Unavailable"})
  void aServerThatAsksForPatienceGetsIt(String status) {
    var links = new StringBuilder();
    var requests = new AtomicInteger();
    for (int i = 0; i < 20; i++) {
      links.append("<a href='/" + i + "'></a>");
      server.answer(
          "/" + i,
          (method, out) -> {
            if (requests.incrementAndGet() <= 10) {
              HostileServer.head(out, status, "Retry-After: 0");
            } else {
              HostileServer.head(out, "200 OK", "Content-Type: text/html", "Content-Length: 0");
            }
          });
    }
    server.page("/", links.toString());

    assertThat(Run.check(server.url("/")).assertStatus(0).summary())
        .isEqualTo("checked 21 pages, 20 links, 0 broken");
  }

  @Test
  void aDateMayBeGivenForTheEndOfPatience() {
    var requests = new AtomicInteger();
    var past = DateTimeFormatter.RFC_1123_DATE_TIME.format(Instant.EPOCH.atZone(ZoneOffset.UTC));
    server.answer(
        "/x",
        (method, out) ->
            HostileServer.head(
                out,
                requests.incrementAndGet() == 1 ? "429 Too Many Requests" : "200 OK",
                "Retry-After: " + past,
                "Content-Type: text/html"));

    checkLink("/x").assertStatus(0);
  }

  @Test
  void patienceHasALimit() {
    server.status("/x", "429 Too Many Requests", "Retry-After: 3600");

    assertThat(checkLink("/x").assertStatus(1).broken())
        .containsExactly("429 Too Many Requests, for 3600 s at least: " + server.url("/x"));
    assertThat(server.requests("GET /x")).isOne();
  }

  @Test
  void aHeadThatIsRefusedForNowIsNotFollowedByAGetAtOnce() {
    try (var elsewhere = new HostileServer()) {
      elsewhere.status("/x", "429 Too Many Requests", "Retry-After: 3600");

      checkLink(elsewhere.url("/x").toString(), "--external").assertStatus(1);

      assertThat(elsewhere.requests()).containsExactly("GET /robots.txt", "HEAD /x");
    }
  }

  @Test
  void aHeadWithTooManyRequestsIsNotFollowedByOneMore() {
    try (var elsewhere = new HostileServer()) {
      elsewhere.status("/x", "429 Too Many Requests");

      checkLink(elsewhere.url("/x").toString(), "--external").assertStatus(1);

      assertThat(elsewhere.requests()).containsExactly("GET /robots.txt", "HEAD /x");
    }
  }

  @Test
  void aHeadThatHangsOrClosesIsFollowedByAGet() {
    try (var elsewhere = new HostileServer()) {
      elsewhere.answer(
          "/hangs",
          (method, out) -> {
            if (method.equals("HEAD")) {
              Thread.currentThread().join();
            }
            HostileServer.head(out, "200 OK");
          });
      elsewhere.answer(
          "/closes",
          (method, out) -> {
            if (method.equals("GET")) {
              HostileServer.head(out, "200 OK");
            }
          });
      server.page(
          "/",
          "<a href='%s'></a><a href='%s'></a>"
              .formatted(elsewhere.url("/hangs"), elsewhere.url("/closes")));

      Run.check("--external", "--timeout=1s", server.url("/")).assertStatus(0);
    }
  }

  @Test
  void theFragmentOfARedirectWins() {
    server
        .page("/", "<a href='old#oldname'></a><a href='older#x'></a><a href='oldest'></a>")
        .redirect("/old", "new.html#sec")
        .redirect("/older", "old")
        .redirect("/oldest", "new.html#none")
        .page("/new.html", "<p id=sec>");

    assertThat(Run.check(server.url("/")).assertStatus(1).broken())
        .containsExactly("no such fragment: " + server.url("/oldest"));
  }

  @Test
  void aLocationInRawUtf8IsUnderstood() {
    server.answer(
        "/x",
        (method, out) ->
            out.write(
                "HTTP/1.1 302 Found\r\nLocation: /café\r\nContent-Length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.UTF_8)));
    server.page("/caf%C3%A9", "");

    checkLink("/x").assertStatus(0);
  }

  @Test
  void aRedirectToItselfThatSetsACookieIsNoLoop() {
    server.answerTo(
        "/x",
        (request, out) -> {
          if (request.header("cookie").contains("seen=1")) {
            HostileServer.head(out, "200 OK", "Content-Type: text/html", "Content-Length: 0");
          } else {
            HostileServer.head(out, "302 Found", "Location: /x", "Set-Cookie: seen=1");
          }
        });

    checkLink("/x").assertStatus(0);
  }

  @Test
  void aRoundTripForACookieIsNoLoop() {
    server
        .status("/consent", "302 Found", "Location: /x", "Set-Cookie: consent=1; Path=/")
        .answerTo(
            "/x",
            (request, out) -> {
              if (request.header("cookie").contains("consent=1")) {
                HostileServer.head(out, "200 OK", "Content-Type: text/html", "Content-Length: 0");
              } else {
                HostileServer.head(out, "302 Found", "Location: /consent");
              }
            });

    checkLink("/x").assertStatus(0);
  }

  @ParameterizedTest
  @CsvSource({
    "a b.html, /a%20b.html",
    "back\\slash.html, /back/slash.html",
    "100%.html, /100%.html",
    "?a=%u1234, /?a=%u1234",
    "http:rel.html, /rel.html",
    "x/%2e%2e/y, /y",
    "/%7Eu/, /~u/"
  })
  void linksAreRequestedAsBrowsersDo(String link, String request) {
    server.page(request, "");

    checkLink(link).assertStatus(0);
  }

  @Test
  void aUserInALinkIsUsedAndNotShown() {
    var authorization = new ConcurrentHashMap<String, String>();
    server.answerTo(
        "/x",
        (request, out) -> {
          authorization.put("/x", request.header("authorization"));
          HostileServer.head(out, "404 Not Found");
        });
    var run = checkLink(server.url("/x").toString().replace("//", "//user:pw@")).assertStatus(1);

    assertThat(authorization).containsEntry("/x", "Basic dXNlcjpwdw==");
    assertThat(run.out() + run.err()).doesNotContain("pw");
  }

  @Test
  void aUserIsNotSentToOtherHosts() {
    var seen = new ConcurrentHashMap<String, Map<String, String>>();
    try (var elsewhere = new HostileServer()) {
      HostileServer.RequestAnswer note =
          (request, out) -> {
            seen.put(request.header("host"), request.headers());
            HostileServer.head(out, "200 OK", "Content-Type: text/html", "Content-Length: 0");
          };
      elsewhere.answerTo("/x", note);
      server.answerTo("/y", note);
      // Cookies are for all ports of a host, so it needs another name.
      var other = elsewhere.url("/x").toString().replace("127.0.0.1", "localhost");
      server.page("/", "<a href='" + other + "'></a><a href=/y></a>");

      Run.check(
              "--external",
              "--header=X-Key: secret",
              "--cookie=id=7",
              "--user=u:p",
              "--user-agent=me",
              server.url("/"))
          .assertStatus(0);

      assertThat(seen.get(server.url("/").getAuthority()))
          .containsEntry("authorization", "Basic dTpw")
          .containsEntry("x-key", "secret")
          .containsEntry("cookie", "id=7")
          .containsEntry("user-agent", "me");
      assertThat(seen.get("localhost:" + elsewhere.url("/").getPort()))
          .doesNotContainKeys("authorization", "x-key", "cookie")
          .containsEntry("user-agent", "me");
    }
  }

  @Test
  void whatWouldObeyATerminalIsWrittenAsACode() {
    var run = checkLink("/x#\033]0;title\007\nnext\u202E");

    assertThat(run.broken())
        .containsExactly(
            "404 Not Found: " + server.url("/x") + "#\\u{1B}]0;title\\u{7}next\\u{202E}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"gzip", "GZIP", "x-gzip", "deflate", "raw", "br", "gzip, gzip", "identity"})
  void aPageIsDecoded(String encoding) throws IOException {
    var page = "<!DOCTYPE html><p id=x><a href=\"bad-br.html\">BAD</a>".getBytes();
    var body =
        switch (encoding) {
          case "deflate" -> deflate(page, false);
          case "raw" -> deflate(page, true);
          case "br" ->
              HexFormat.of()
                  .parseHex(
                      "1f3300f8454f96aa5084c8c6a4e27bd14cd29ad472cb303a155e9cf1c7bed995a1bda785a6e26c320a03");
          case "gzip, gzip" -> gzip(gzip(page));
          case "identity" -> page;
          default -> gzip(page);
        };
    var name = encoding.equals("raw") ? "deflate" : encoding;
    server.answer(
        "/x",
        (method, out) -> {
          HostileServer.head(out, "200 OK", "Content-Type: text/html", "Content-Encoding: " + name);
          out.write(body);
        });

    assertThat(checkLink("/x#x").broken())
        .containsExactly("404 Not Found: " + server.url("/bad-br.html"));
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    }
    return packed.toByteArray();
  }

  private static byte[] deflate(byte[] bytes, boolean isRaw) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var deflate = new DeflaterOutputStream(packed, new Deflater(6, isRaw))) {
      deflate.write(bytes);
    }
    return packed.toByteArray();
  }

  @Test
  void anUnknownEncodingIsNamedAndNotBroken() {
    server.status("/x", "200 OK", "Content-Type: text/html", "Content-Encoding: zstd");

    assertThat(checkLink("/x#y").assertStatus(0).out())
        .contains("not read: " + server.url("/x") + ": encoded as zstd");
  }

  @Test
  void aFalseEncodingIsABrokenLink() {
    server.answer(
        "/x",
        (method, out) -> {
          HostileServer.head(out, "200 OK", "Content-Type: text/html", "Content-Encoding: gzip");
          out.write("<p>".getBytes());
        });

    assertThat(checkLink("/x").assertStatus(1).broken())
        .containsExactly("not encoded as gzip, as its header says: " + server.url("/x"));
  }

  @Test
  void theGroupOfRobotsTxtForThisProgramIsItsOwn() {
    server
        .file(
            "/robots.txt",
            "text/plain",
            "User-agent: toro-check\nDisallow: /private/\n\nUser-agent: *\nDisallow:\n".getBytes())
        .page("/", "<a href=private/a></a>");

    assertThat(Run.check(server.url("/")).assertStatus(0).out())
        .contains("not checked: 1 link that robots.txt forbids");
  }

  @Test
  void aRobotsTxtThatFailsForbidsEverythingAndSaysSo() {
    server.status("/robots.txt", "500 Internal Server Error").page("/", "");

    var run = Run.check(server.url("/")).assertStatus(2);

    assertThat(run.out())
        .contains(
            "note: "
                + server.url("/robots.txt")
                + ": 500 Internal Server Error, so nothing is taken as allowed");
  }

  @Test
  void aRobotsTxtThatRedirectsForeverAllowsEverythingAndSaysSo() {
    server.redirect("/robots.txt", "/robots.txt").page("/", "");

    assertThat(Run.check(server.url("/")).assertStatus(0).out())
        .contains("too many redirects, so everything is taken as allowed");
  }

  @Test
  void aHugeCrawlDelayForbidsEverythingAndSaysSo() {
    server
        .file("/robots.txt", "text/plain", "User-agent: *\nCrawl-delay: 3600\n".getBytes())
        .page("/", "");

    assertThat(Run.check(server.url("/")).assertStatus(2).out())
        .contains("asks for 3600 s between requests, too long");
  }

  @Test
  void aPageWithTwoTypesIsAPage() {
    server.file("/x", "text/html, text/html", "<a href=/bad>".getBytes());

    assertThat(checkLink("/x").broken()).containsExactly("404 Not Found: " + server.url("/bad"));
  }

  @Test
  void aStyleSheetIsReadForItsImages() {
    server
        .page("/", "<link rel=stylesheet href=/css/a.css>")
        .file("/css/a.css", "text/css", "p { background: url(b.png) }".getBytes());

    var run = Run.check(server.url("/")).assertStatus(1);

    assertThat(run.broken()).containsExactly("404 Not Found: " + server.url("/css/b.png"));
    assertThat(run.summary()).isEqualTo("checked 1 page, 2 links, 1 broken");
  }
}

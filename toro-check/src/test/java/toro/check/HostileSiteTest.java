package toro.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a server does, the run goes on and ends; what is not there is a broken link with a
 * reason.
 */
class HostileSiteTest {
  private final HostileServer server = new HostileServer();

  @AfterEach
  void closeServer() {
    server.close();
  }

  /**
   * Checks a page with this link and one that is fine, and returns the reason why the first is
   * broken.
   */
  private String reason(String link, Object... options) {
    var run = checkLink(link, options).assertStatus(1);
    assertThat(run.broken()).singleElement().asString().contains(link);
    assertThat(server.requests("GET /fine.html")).isOne();
    return run.broken().getFirst().replaceFirst(": http.*", "");
  }

  private Run checkLink(String link, Object... options) {
    server.page("/", "<a href='" + link + "'>it</a> <a href=fine.html>fine</a>");
    server.page("/fine.html", "");
    var arguments = new Object[options.length + 1];
    System.arraycopy(options, 0, arguments, 0, options.length);
    arguments[options.length] = server.url("/");
    return Run.check(arguments);
  }

  @Test
  void aPageThatIsNotThereIsABrokenLink() {
    assertThat(reason("/missing.html")).isEqualTo("404 Not Found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"400 Bad Request", "403 Forbidden", "410 Gone", "429 Too Many Requests"})
  void aRefusalIsABrokenLink(String status) {
    server.status("/x", status);

    assertThat(reason("/x")).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable"})
  void aFailureOfTheServerIsABrokenLink(String status) {
    server.status("/x", status);

    assertThat(reason("/x")).isEqualTo(status);
  }

  @Test
  void anUnknownStatusIsABrokenLink() {
    server.status("/x", "599 Whatever");

    assertThat(reason("/x")).isEqualTo("status 599");
  }

  @Test
  void aServerThatDoesNotListenIsABrokenLink() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    assertThat(reason("http://127.0.0.1:" + port + "/", "--external")).contains("cannot connect");
  }

  @Test
  void anUnknownHostIsABrokenLink() {
    assertThat(reason("http://nowhere.invalid/", "--external")).isEqualTo("unknown host");
  }

  @Test
  void aRedirectLoopIsABrokenLink() {
    server.redirect("/a", "/b").redirect("/b", "/c").redirect("/c", "/a");

    assertThat(reason("/a")).isEqualTo("redirect loop");
    assertThat(server.requests("GET /a")).isOne();
  }

  @Test
  void aRedirectToItselfIsABrokenLink() {
    server.redirect("/a", "/a");

    assertThat(reason("/a")).isEqualTo("redirect loop");
  }

  @Test
  void redirectsWithoutEndAreABrokenLink() {
    for (int i = 0; i < 30; i++) {
      server.redirect("/" + i, "/" + (i + 1));
    }

    assertThat(reason("/0")).isEqualTo("more than 10 redirects");
  }

  @Test
  void aRedirectToNowhereIsABrokenLink() {
    server.redirect("/x", "http://[nowhere/");

    assertThat(reason("/x")).startsWith("redirected to a malformed URL");
  }

  @Test
  void aRedirectWithoutALocationIsABrokenLink() {
    server.status("/x", "302 Found");

    assertThat(reason("/x")).isEqualTo("redirected without saying where");
  }

  @Test
  void aRedirectThatLeavesTheWebIsABrokenLink() {
    server.redirect("/x", "mailto:someone@example.org");

    assertThat(reason("/x")).startsWith("redirected to a malformed URL");
  }

  @Test
  void anEndlessPageIsNotReadAndNotBroken() {
    server.endless("/x", "text/html", "<p>and so on".repeat(1000));

    assertThat(checkLink("/x").assertStatus(0).out())
        .contains("not read: " + server.url("/x") + ": larger than 16 MiB");
  }

  @Test
  void anEventStreamIsThereAsSoonAsItBegins() {
    server.stalled("/x", "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");

    checkLink("/x", "--timeout=1h").assertStatus(0);
  }

  @Test
  void anEndlessDownloadIsFine() {
    server.endless("/x", "application/zip", "more".repeat(1000));

    checkLink("/x").assertStatus(0);
  }

  @Test
  void anEndlessHeaderIsABrokenLink() {
    server.answer(
        "/x",
        (method, out) -> {
          out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.ISO_8859_1));
          while (true) {
            out.write("X-More: and more\r\n".getBytes(StandardCharsets.ISO_8859_1));
          }
        });

    assertThat(reason("/x")).isNotEmpty();
  }

  @Test
  void aSmallPageThatUnpacksToAHugeOneIsNotRead() throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      for (int i = 0; i < 20; i++) {
        gzip.write(new byte[1 << 20]);
      }
    }
    server.answer(
        "/x",
        (method, out) -> {
          HostileServer.head(out, "200 OK", "Content-Type: text/html", "Content-Encoding: gzip");
          out.write(packed.toByteArray());
        });

    assertThat(checkLink("/x").assertStatus(0).out())
        .contains("not read: " + server.url("/x") + ": larger than 16 MiB");
  }

  @Test
  void aPageThatIsPackedThoughNobodyAskedIsRead() throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write("<a href=/missing>".getBytes(StandardCharsets.UTF_8));
    }
    server.answer(
        "/x",
        (method, out) -> {
          HostileServer.head(out, "200 OK", "Content-Type: text/html", "Content-Encoding: gzip");
          out.write(packed.toByteArray());
        });

    assertThat(checkLink("/x").broken())
        .containsExactly("404 Not Found: " + server.url("/missing"));
  }

  @Test
  void aServerThatNeverAnswersIsABrokenLink() {
    server.silence("/x");

    assertThat(reason("/x", "--timeout=200ms")).isEqualTo("no complete answer within 200 ms");
  }

  @Test
  void aBodyThatStopsInTheMiddleIsABrokenLink() {
    server.stalled("/x", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>wait");

    assertThat(reason("/x", "--timeout=200ms")).isEqualTo("no complete answer within 200 ms");
  }

  @Test
  void aServerThatClosesBeforeItAnswersIsAskedAgainAndIsABrokenLink() {
    server.raw("/x", "");

    assertThat(reason("/x", "--retries=1")).isEqualTo("the server closed the connection too early");
    assertThat(server.requests("GET /x")).isEqualTo(2);
  }

  @Test
  void aServerThatClosesMidBodyIsABrokenLink() {
    server.raw(
        "/x", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 999\r\n\r\n<p>");

    assertThat(reason("/x")).isEqualTo("the server closed the connection too early");
  }

  @Test
  void aServerThatClosesMidChunkIsABrokenLink() {
    server.raw(
        "/x",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n<p>");

    assertThat(reason("/x")).isEqualTo("the server closed the connection too early");
  }

  @Test
  void aServerThatDoesNotSpeakHttpIsABrokenLink() {
    server.raw("/x", "220 mail.example.org ESMTP\r\n\r\n");

    assertThat(reason("/x")).isEqualTo("the answer is not valid HTTP");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://", "http://[::1", "http://a b/", "http://x:99999/", "http://a<b/"})
  void aMalformedUrlIsABrokenLink(String url) {
    assertThat(reason(url)).startsWith("malformed URL: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mailto:someone@example.org",
        "tel:+123",
        "javascript:void(0)",
        "data:text/plain,hello",
        "JavaScript: a b"
      })
  void whatCannotBeFetchedIsNotALink(String url) {
    assertThat(checkLink(url).assertStatus(0).summary())
        .isEqualTo("checked 2 pages, 1 link, 0 broken");
  }

  @Test
  void malformedHtmlIsReadAsFarAsThatGoes() {
    server.page("/x", "<p><a href=/missing><table></p><a <<>> href='/fine.html<b id=\"");

    assertThat(checkLink("/x").broken()).contains("404 Not Found: " + server.url("/missing"));
  }

  @Test
  void deeplyNestedHtmlIsRead() {
    server.page("/x", "<div>".repeat(100_000) + "<a href=/missing>");

    assertThat(checkLink("/x").broken())
        .containsExactly("404 Not Found: " + server.url("/missing"));
  }

  @Test
  void aCharsetThatDoesNotExistIsNoObstacle() {
    server.file(
        "/x", "text/html; charset=klingon", "<a href=/missing>é".getBytes(StandardCharsets.UTF_8));

    assertThat(checkLink("/x").broken())
        .containsExactly("404 Not Found: " + server.url("/missing"));
  }

  @Test
  void aPageIsReadInTheCharsetThatItNamesItself() {
    server.file(
        "/x",
        "text/html",
        "<meta charset=iso-8859-1><a href='#é'>1</a><a id='é'>2</a><a href='/é'>3</a>"
            .getBytes(StandardCharsets.ISO_8859_1));

    assertThat(checkLink("/x").broken()).containsExactly("404 Not Found: " + server.url("/%C3%A9"));
  }

  @Test
  void aWrongCharsetGarblesTheTextAndNothingElse() {
    server.file(
        "/x", "text/html; charset=utf-16", "<a href=/missing>".getBytes(StandardCharsets.UTF_8));

    checkLink("/x").assertStatus(0);
  }

  @Test
  void whatIsNotHtmlIsNotRead() {
    server.file("/x", "text/plain", "<a href=/missing>".getBytes(StandardCharsets.UTF_8));
    server.file("/y", "image/png", new byte[] {(byte) 0x89, 'P', 'N', 'G'});

    checkLink("/x").assertStatus(0);
    checkLink("/y").assertStatus(0);
  }

  @Test
  void binaryDataThatClaimsToBeHtmlIsNoObstacle() {
    var bytes = new byte[100_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + i / 7);
    }
    server.file("/x", "text/html", bytes);

    assertThat(checkLink("/x").status()).isLessThan(2);
  }

  @Test
  void everythingAtOnceEndsToo() {
    server
        .silence("/silence")
        .endless("/endless", "text/html", "<p>".repeat(1000))
        .raw("/closed", "")
        .raw("/cut", "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n<p>")
        .redirect("/loop", "/loop")
        .page(
            "/",
            "<a href=silence></a><a href=endless></a><a href=closed></a><a href=cut></a>"
                + "<a href=loop></a><a href='http://['></a><a href=none></a>");

    var run = Run.check(server.url("/"), "--timeout=2s", "--concurrency=2").assertStatus(1);

    assertThat(run.summary()).isEqualTo("checked 1 page, 7 links, 6 broken");
  }
}

package toro.examples.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The service itself. Its upstream answers when the test says so. */
class PageServerTest {
  private final LinkedBlockingQueue<CompletableFuture<String>> upstream =
      new LinkedBlockingQueue<>();

  private PageServer server(Duration deadline) {
    return new PageServer(
        0,
        page -> {
          var reply = new CompletableFuture<String>();
          upstream.add(reply);
          return reply;
        },
        1,
        deadline);
  }

  private CompletableFuture<String> nextRequest() throws InterruptedException {
    return upstream.poll(30, TimeUnit.SECONDS);
  }

  private static CompletableFuture<HttpResponse<String>> get(
      HttpClient client, PageServer server, String path) {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private static Socket connect(PageServer server, String requests) throws Exception {
    var socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.getOutputStream().write(requests.getBytes(ISO_8859_1));
    return socket;
  }

  @Test
  void thoseWhoAskForAPageThatIsUnderWayGetItToo() throws Exception {
    try (var server = server(Duration.ofMinutes(1));
        var client = HttpClient.newHttpClient()) {
      var first = get(client, server, "/a");
      var reply = nextRequest();
      var second = get(client, server, "/a");
      reply.complete("page a");
      assertThat(first.join().body()).isEqualTo("page a\n");
      assertThat(first.join().statusCode()).isEqualTo(200);
      CompletableFuture<String> again;
      while (!second.isDone()) { // it came after the first one's page was forgotten
        if ((again = upstream.poll(1, TimeUnit.MILLISECONDS)) != null) {
          again.complete("page a");
        }
      }
      assertThat(second.join().body()).isEqualTo("page a\n");
    }
  }

  @Test
  void aClientThatGoesAwayEndsItsRequestAndTheNextOneIsServed() throws Exception {
    try (var server = server(Duration.ofMinutes(1));
        var client = HttpClient.newHttpClient()) {
      CompletableFuture<String> reply;
      try (var socket = connect(server, "GET /a HTTP/1.1\r\n\r\n")) {
        reply = nextRequest();
      }
      var other = get(client, server, "/b"); // there is one permit
      nextRequest().complete("page b");
      assertThat(other.join().body()).isEqualTo("page b\n");
      assertThat(reply).isCancelled();
    }
  }

  @Test
  void whatTakesTooLongIsA504AndLeavesNothing() throws Exception {
    try (var server = server(Duration.ofMillis(1))) {
      try (var client = HttpClient.newHttpClient()) {
        assertThat(get(client, server, "/a").join().statusCode()).isEqualTo(504);
      }
      assertThat(server.awaitRest(Duration.ofMinutes(1))).isNull();
    }
  }

  @Test
  void aFailureOfUpstreamIsA502() throws Exception {
    try (var server = server(Duration.ofMinutes(1));
        var client = HttpClient.newHttpClient()) {
      var answer = get(client, server, "/a");
      nextRequest().completeExceptionally(new java.io.IOException("no route"));
      assertThat(answer.join().statusCode()).isEqualTo(502);
      assertThat(answer.join().body()).contains("no route");
    }
  }

  @Test
  void requestsThatCameTogetherAreAnsweredInTheirOrder() throws Exception {
    int requests = 20;
    var text = new StringBuilder();
    for (int i = 0; i < requests; i++) {
      text.append("GET /" + i + " HTTP/1.1\r\n" + (i < 19 ? "" : "Connection: close\r\n") + "\r\n");
    }
    try (var server = server(Duration.ofMinutes(1));
        var socket = connect(server, text.toString())) {
      for (int i = 0; i < requests; i++) {
        nextRequest().complete("page " + i);
      }
      var bodies =
          new String(socket.getInputStream().readAllBytes(), ISO_8859_1)
              .lines()
              .filter(line -> line.startsWith("page"));
      assertThat(bodies)
          .containsExactly(
              java.util.stream.IntStream.range(0, requests)
                  .mapToObj(i -> "page " + i)
                  .toArray(String[]::new));
    }
  }

  @Test
  void whatIsNoGetIsRefused() throws Exception {
    try (var server = server(Duration.ofMinutes(1));
        var socket =
            connect(
                server, "POST /a HTTP/1.1\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx")) {
      assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
          .startsWith("HTTP/1.1 405 ");
    }
  }
}

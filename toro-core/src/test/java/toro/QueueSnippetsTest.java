package toro;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.spawn;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The examples of how a queue ends, and of what flows into it and out of it. */
class QueueSnippetsTest {
  private final List<String> printed = new ArrayList<>();

  private void println(String line) {
    printed.add(line);
  }

  @Test
  void close() {
    IOLoop.run(
        () -> {
          // @start region="close"
          var pages = new Queue<String>(2);
          var producer =
              spawn(
                  () -> {
                    for (String page : List.of("one", "two", "three")) {
                      await(pages.put(page));
                    }
                    pages.close(); // no more will come
                  });
          for (String page : pages) { // ends after the last one
            println(page);
          }
          // @end
          await(producer);
        });
    assertThat(printed).containsExactly("one", "two", "three");
  }

  @Test
  void closeNow() {
    IOLoop.run(
        () -> {
          var pages = new Queue<String>(1);
          // @start region="closenow"
          var producer =
              spawn(
                  () -> {
                    try {
                      while (true) {
                        await(pages.put("page"));
                      }
                    } catch (QueueClosedException e) {
                      println("nobody wants more");
                    }
                  });
          println("the first " + await(pages.get()));
          println("never read: " + pages.closeNow());
          // @end
          await(producer);
        });
    assertThat(printed)
        .containsExactly("the first page", "never read: [page]", "nobody wants more");
  }

  @Test
  void subscriber() {
    IOLoop.run(
        () -> {
          // @start region="subscriber"
          var publisher = new SubmissionPublisher<Integer>();
          var numbers = new Queue<Integer>(10);
          publisher.subscribe(new QueueSubscriber<>(numbers));
          Thread.startVirtualThread(
              () -> {
                for (int i = 1; i <= 1000; i++) {
                  publisher.submit(i); // blocks that thread when too much is under way
                }
                publisher.close(); // and so the queue
              });
          int sum = 0;
          for (int number : numbers) {
            sum += number;
          }
          println("the sum is " + sum);
          // @end
        });
    assertThat(printed).containsExactly("the sum is 500500");
  }

  @Test
  void http() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            exchange.getRequestBody().transferTo(exchange.getResponseBody());
          }
        });
    server.start();
    var echo =
        URI.create(
            "http://" + server.getAddress().getHostString() + ":" + server.getAddress().getPort());
    List<String> lines = IntStream.range(0, 1000).mapToObj(i -> "line " + i + "\n").toList();
    var answer = new StringBuilder();
    try (var client = HttpClient.newHttpClient()) {
      IOLoop.run(
          () -> {
            // @start region="publisher"
            var body = new Queue<ByteBuffer>(10);
            spawn(
                () -> {
                  for (String line : lines) {
                    await(body.put(UTF_8.encode(line))); // as fast as the server takes it
                  }
                  body.close();
                });
            var request =
                HttpRequest.newBuilder(echo)
                    .POST(BodyPublishers.fromPublisher(new QueuePublisher<>(body)))
                    .build();
            // @end
            // @start region="response"
            var response = await(client.sendAsync(request, BodyHandlers.ofPublisher()));
            var parts = new Queue<List<ByteBuffer>>(10);
            response.body().subscribe(new QueueSubscriber<>(parts));
            for (List<ByteBuffer> part : parts) { // throws if the connection breaks
              part.forEach(buffer -> answer.append(US_ASCII.decode(buffer)));
            }
            // @end
          });
    } finally {
      server.stop(0);
    }
    assertThat(answer).hasToString(String.join("", lines));
  }

  @Test
  void batch() {
    IOLoop.run(
        () -> {
          var rows = new Queue<String>(1000);
          // @start region="batch"
          var writer =
              spawn(
                  () -> {
                    try {
                      while (true) { // up to 100 at a time; none waits longer than 50 ms
                        List<String> batch = await(rows.getBatch(100, Duration.ofMillis(50)));
                        println("insert " + batch.size() + " rows");
                      }
                    } catch (QueueClosedException e) {
                      println("all are written");
                    }
                  });
          // @end
          for (int i = 1; i <= 130; i++) {
            await(rows.put("row " + i));
          }
          rows.close();
          await(writer);
        });
    assertThat(printed).containsExactly("insert 100 rows", "insert 30 rows", "all are written");
  }
}

package toro.examples;

import static toro.Coroutines.*;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import toro.*;

/**
 * A poller asks a server again and again, and must not be stopped in the middle of a request. It
 * holds a lock during each request; who wants to stop it acquires the lock first.
 */
public final class GracefulShutdown {
  private final IOLoop loop = new IOLoop();
  private final Lock lock = new Lock(loop);
  private final Event stopRequested = new Event(loop);
  private final HttpClient client = HttpClient.newHttpClient();

  // For the server, which answers its third request only when the shutdown waits for it.
  private final AtomicInteger requests = new AtomicInteger();
  private final CountDownLatch shutdownWaits = new CountDownLatch(1);

  private GracefulShutdown() {}

  public static void main(String[] args) throws IOException {
    new GracefulShutdown().run();
  }

  private void run() throws IOException {
    try (client;
        loop;
        var server = new Loopback(this::serve)) {
      var request = HttpRequest.newBuilder(server.uri("/")).build();
      loop.runSync(
          () -> {
            var poller = spawn(() -> poll(request));
            await(stopRequested.whenSet());
            shutdown(poller);
          });
    }
  }

  // @start region="poll"
  private void poll(HttpRequest request) {
    while (true) {
      try (var lease = await(lock.acquire())) {
        IO.println("poller: request");
        var response = await(client.sendAsync(request, BodyHandlers.ofString()));
        IO.println("poller: " + response.body());
      }
      sleep(Duration.ofMillis(1)); // the lock is free: here it may be stopped
    }
  }

  private void shutdown(Coroutine<?> poller) {
    var granted = lock.acquire(); // in line behind the request
    IO.println("shutdown: waits for " + lock);
    shutdownWaits.countDown();
    try (var lease = await(granted)) {
      IO.println("shutdown: no request is under way");
      poller.cancel(false);
    }
  }

  // @end

  /** The server's threads are not on the loop: they hand over what they want done there. */
  private void serve(HttpExchange exchange) throws IOException {
    int number = requests.incrementAndGet();
    if (number == 3) {
      loop.execute(stopRequested::set);
      try {
        shutdownWaits.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
    Loopback.respond(exchange, 200, "answer " + number);
  }
}

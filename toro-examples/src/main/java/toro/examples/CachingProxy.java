package toro.examples;

import static toro.Coroutines.*;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import toro.*;

/**
 * An HTTP proxy that keeps the pages it has fetched. While it fetches a page, further requests for
 * that page wait for it: a hundred simultaneous requests make one upstream.
 */
public final class CachingProxy {
  // @start region="cache"
  /** A page, or the attempt to fetch it. */
  private static final class Entry {
    final Event ready;
    int status = 502; // Bad Gateway, unless it is fetched
    String body = "";

    Entry(IOLoop loop) {
      this.ready = new Event(loop);
    }
  }

  private final Map<URI, Entry> cache = new HashMap<>(); // a plain map: used on the loop only

  /** Gets a page; called in a coroutine. */
  private Entry page(URI uri) {
    Entry known = cache.get(uri);
    if (known != null) {
      await(known.ready.whenSet()); // at once, if it is set already
      return known;
    }
    var entry = new Entry(loop);
    cache.put(uri, entry); // nothing else has run since cache.get
    try {
      HttpRequest request = HttpRequest.newBuilder(uri).build();
      HttpResponse<String> response = await(client.sendAsync(request, BodyHandlers.ofString()));
      entry.status = response.statusCode();
      entry.body = response.body();
    } finally {
      if (entry.status != 200) {
        cache.remove(uri); // the next one tries again
      }
      entry.ready.set();
    }
    return entry;
  }

  // @end

  private final IOLoop loop;
  private final HttpClient client;
  private final Runnable onRequest;

  /**
   * @param onRequest is told when a request has been handed to the loop
   */
  private CachingProxy(IOLoop loop, HttpClient client, Runnable onRequest) {
    this.loop = loop;
    this.client = client;
    this.onRequest = onRequest;
  }

  // @start region="serve"
  /** Called by the threads of the HTTP server, which are not on the loop. */
  private void serve(HttpExchange exchange) throws IOException {
    Coroutine<Entry> page = loop.spawn(() -> page(exchange.getRequestURI()));
    onRequest.run();
    try {
      Entry entry = page.join(); // blocks the server's thread, not the loop
      Loopback.respond(exchange, entry.status, entry.body);
    } catch (CompletionException e) {
      Loopback.respond(exchange, 502, e.toString());
    }
  }

  // @end

  public static void main(String[] args) throws IOException {
    int clients = 100;
    var allHaveAsked = new CountDownLatch(clients);
    var fetched = new AtomicInteger();
    var loop = new IOLoop();
    var direct = HttpClient.newHttpClient();
    var proxy = new CachingProxy(loop, direct, allHaveAsked::countDown);
    try (direct;
        loop;
        // A slow site: it answers when all clients have asked the proxy.
        var site =
            new Loopback(
                exchange -> {
                  fetched.incrementAndGet();
                  waitFor(allHaveAsked);
                  Loopback.respond(exchange, 200, "this is " + exchange.getRequestURI());
                });
        var front = new Loopback(proxy::serve);
        var client = HttpClient.newBuilder().proxy(ProxySelector.of(front.address())).build()) {
      loop.runSync(
          () -> {
            var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            for (int i = 0; i < clients; i++) {
              var request = HttpRequest.newBuilder(site.uri(i % 2 == 0 ? "/a" : "/b")).build();
              answers.add(client.sendAsync(request, BodyHandlers.ofString()));
            }
            awaitAll(answers).stream()
                .map(HttpResponse::body)
                .distinct()
                .sorted()
                .forEach(IO::println);
            var again = HttpRequest.newBuilder(site.uri("/a")).build();
            IO.println("again: " + await(client.sendAsync(again, BodyHandlers.ofString())).body());
            IO.println((clients + 1) + " requests, " + fetched + " upstream");
          });
    }
  }

  private static void waitFor(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}

package toro.examples;

import static toro.Coroutines.*;
import static toro.vertx.VertxLoop.*;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import toro.*;
import toro.vertx.VertxLoop;

/** {@link CachingProxy} as a verticle, with the server and the client of Vert.x. */
public final class VertxCachingProxy extends VerticleBase {
  // @start region="page"
  private record Page(int status, Buffer body) {}

  private final Map<String, AsyncResult<Page>> cache = new HashMap<>(); // used on the context only

  /** Gets a page; called in a coroutine. While it is fetched, others wait for it. */
  private Page page(String uri) {
    AsyncResult<Page> known = cache.get(uri);
    if (known != null) {
      return await(known.get());
    }
    var result = new AsyncResult<Page>();
    cache.put(uri, result);
    Page page = new Page(502, Buffer.buffer("Bad Gateway")); // unless it is fetched
    try {
      page =
          await(
              client
                  .request(new RequestOptions().setAbsoluteURI(uri))
                  .compose(HttpClientRequest::send)
                  .compose(
                      response -> // here, since the body comes right after it
                      response.body().map(body -> new Page(response.statusCode(), body))));
    } finally {
      if (page.status() != 200) {
        cache.remove(uri); // the next one tries again
      }
      result.set(page);
    }
    return page;
  }

  // @end

  // @start region="serve"
  @Override
  public Future<?> start() {
    IOLoop loop = VertxLoop.current();
    client = vertx.createHttpClient();
    server = vertx.createHttpServer().requestHandler(request -> loop.spawn(() -> serve(request)));
    return server.listen(0, "127.0.0.1");
  }

  private void serve(HttpServerRequest request) {
    onRequest.run();
    Page page = page(request.uri());
    await(request.response().setStatusCode(page.status()).end(page.body()));
  }

  // @end

  private final Runnable onRequest;
  private HttpClient client;
  private HttpServer server;

  /**
   * @param onRequest is told of each request
   */
  private VertxCachingProxy(Runnable onRequest) {
    this.onRequest = onRequest;
  }

  public static void main(String[] args) throws IOException {
    int clients = 100;
    var allHaveAsked = new CountDownLatch(clients);
    var fetched = new AtomicInteger();
    var proxy = new VertxCachingProxy(allHaveAsked::countDown);
    Vertx vertx = Vertx.vertx();
    // A slow site: it answers when all clients have asked the proxy.
    try (var site =
        new Loopback(
            exchange -> {
              fetched.incrementAndGet();
              waitFor(allHaveAsked);
              Loopback.respond(exchange, 200, "this is " + exchange.getRequestURI());
            })) {
      vertx.deployVerticle(proxy).await();
      var address = new InetSocketAddress("127.0.0.1", proxy.server.actualPort());
      try (var client =
          java.net.http.HttpClient.newBuilder().proxy(ProxySelector.of(address)).build()) {
        IOLoop.run(
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
              var answer = await(client.sendAsync(again, BodyHandlers.ofString()));
              IO.println("again: " + answer.body());
              IO.println((clients + 1) + " requests, " + fetched + " upstream");
            });
      }
    } finally {
      vertx.close().await(); // and with it the coroutines
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

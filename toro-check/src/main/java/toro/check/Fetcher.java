package toro.check;

import static toro.Coroutines.await;
import static toro.Coroutines.withTimeout;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import toro.DeadlineExceededException;

/**
 * Makes requests. A method suspends the coroutine that calls it until the whole answer is there or
 * the time is up.
 */
final class Fetcher implements AutoCloseable {
  private static final String USER_AGENT = "toro-check";
  private static final BodyHandler<byte[]> KEEP = head -> CappedBody.kept();
  private static final BodyHandler<byte[]> DROP = head -> CappedBody.dropped();
  private static final BodyHandler<byte[]> KEEP_PAGES =
      head -> (Reply.isPage(head.statusCode(), head.headers()) ? KEEP : DROP).apply(head);

  private final HttpClient client = HttpClient.newBuilder().followRedirects(Redirect.NEVER).build();
  private final Duration timeout;

  Fetcher(Duration timeout) {
    this.timeout = timeout;
  }

  /** With the body if it is a page. */
  Reply getPage(URI url) throws FetchException {
    return send("GET", url, KEEP_PAGES);
  }

  /** With the body, whatever it is. */
  Reply getFile(URI url) throws FetchException {
    return send("GET", url, KEEP);
  }

  /**
   * Is it there? Asked with {@code HEAD}, and again with {@code GET}, since not every server can
   * tell without.
   */
  Reply probe(URI url) throws FetchException {
    var reply = send("HEAD", url, DROP);
    return reply.isSuccess() || reply.isRedirect() ? reply : send("GET", url, DROP);
  }

  private Reply send(String method, URI url, BodyHandler<byte[]> handler) throws FetchException {
    try {
      var request = request(method, url);
      return withTimeout(
          timeout,
          () -> {
            var exchange = client.sendAsync(request, handler);
            try {
              var response = await(exchange);
              return new Reply(url, response.statusCode(), response.headers(), response.body());
            } finally {
              exchange.cancel(
                  true); // where it is not done: our time is up, or this coroutine was cancelled
            }
          });
    } catch (CancellationException e) {
      throw e;
    } catch (DeadlineExceededException e) {
      throw new FetchException("no complete answer within " + Durations.format(timeout));
    } catch (Exception e) {
      throw new FetchException(Reasons.of(e));
    }
  }

  private HttpRequest request(String method, URI url) {
    return HttpRequest.newBuilder(url)
        .method(method, BodyPublishers.noBody())
        .version(url.getScheme().equals("https") ? Version.HTTP_2 : Version.HTTP_1_1)
        .header("User-Agent", USER_AGENT)
        .header("Accept", "text/html, application/xhtml+xml, */*;q=0.5")
        .build();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}

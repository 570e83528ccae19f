package toro.check;

import static toro.Coroutines.sleep;
import static toro.Coroutines.withTimeout;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import toro.Blocking;
import toro.DeadlineExceededException;
import toro.Semaphore;
import toro.check.FetchException.Kind;

/**
 * Makes requests, as patiently as their hosts ask for. A method suspends the calling coroutine
 * until the whole answer is there, or there will be none.
 */
final class Fetcher implements AutoCloseable {
  /** For one URL, in which its host may ask for more time. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final int MOST_PAUSES = 10;
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);

  private final OkHttpClient client;
  private final Semaphore calls;
  private final Options options;
  private final RetryAfter retryAfter = new RetryAfter(InstantSource.system());
  private final Map<String, Pace> paces = new HashMap<>(); // by host
  private final Map<String, String> authorizations = new HashMap<>(); // by origin

  Fetcher(Options options) {
    this.options = options;
    client = HttpClients.create(options);
    calls = new Semaphore(options.concurrency());
    for (var start : options.starts().addresses()) {
      authorize(start);
      options.userAuthorization().ifPresent(header -> authorize(start.url(), header));
    }
  }

  /** Sends the user and the password of an address, if it has any, to its origin from now on. */
  void authorize(Address address) {
    if (address.authorization() != null) {
      authorize(address.url(), address.authorization());
    }
  }

  private void authorize(Url url, String authorization) {
    authorizations.putIfAbsent(url.origin(), authorization);
  }

  /** Returns how fast this URL's host is asked. */
  Pace pace(Url url) {
    return paces.computeIfAbsent(
        url.authority(),
        host -> {
          var pace = new Pace();
          pace.slowTo(options.interval());
          return pace;
        });
  }

  /** Fetches, with the body if it is a page or a style sheet. */
  Reply getPage(Url url) throws FetchException {
    return request("GET", url, Reply::hasLinks);
  }

  /** Fetches, with the body. */
  Reply getFile(Url url) throws FetchException {
    return request("GET", url, Reply::isSuccess);
  }

  /**
   * Finds out whether it is there: with {@code HEAD}, and again with {@code GET} where that fails,
   * since not every server knows it.
   */
  Reply probe(Url url) throws FetchException {
    try {
      var reply = requestOnce("HEAD", url, head -> false);
      if (reply.isSuccess() || reply.isRedirect()) {
        return reply;
      }
      if (!pauseIfAsked(reply) && reply.status() == 429) {
        return reply; // one more request would not help
      }
    } catch (FetchException e) {
      if (e.kind() == Kind.FINAL) {
        throw e;
      }
    }
    return request("GET", url, head -> false);
  }

  /** Repeats a request that was lost, or whose host has asked to come back later. */
  private Reply request(String method, Url url, Predicate<Reply> wantsBody) throws FetchException {
    var losses = 0;
    for (var pauses = 0; ; ) {
      try {
        var reply = requestOnce(method, url, wantsBody);
        if (pauses++ == MOST_PAUSES || !pauseIfAsked(reply)) {
          return reply;
        }
      } catch (FetchException e) {
        if (e.kind() != Kind.PASSING || losses == options.retries()) {
          throw e;
        }
        sleep(FIRST_BACKOFF.multipliedBy(1L << losses++));
      }
    }
  }

  /** Returns false if the reply is final. */
  private boolean pauseIfAsked(Reply reply) throws FetchException {
    var pause = retryAfter.read(reply);
    if (pause == null) {
      return false;
    }
    if (pause.compareTo(PATIENCE) > 0) {
      throw new FetchException(
          Reasons.of(reply.status()) + ", for " + Durations.format(pause) + " at least");
    }
    pace(reply.url()).pause(pause);
    return true;
  }

  private Reply requestOnce(String method, Url url, Predicate<Reply> wantsBody)
      throws FetchException {
    pace(url).awaitTurn();
    try {
      return withTimeout(options.timeout(), () -> exchange(method, url, wantsBody));
    } catch (DeadlineExceededException e) {
      throw new FetchException(
          "no complete answer within " + Durations.format(options.timeout()), Kind.UNANSWERED);
    } catch (Exception e) { // an await throws what the future failed with, checked or not
      if ((Throwable) e instanceof IOException failure) {
        throw Reasons.of(failure);
      }
      throw e;
    }
  }

  private Reply exchange(String method, Url url, Predicate<Reply> wantsBody) {
    var call = client.newCall(build(method, url));
    return new Blocking()
        .withLimiter(calls)
        .withAbort(call::cancel)
        .abandoning() // a call may be deep in a name server, deaf to everything
        .call(() -> receive(url, call, wantsBody));
  }

  private static Reply receive(Url url, Call call, Predicate<Reply> wantsBody) throws IOException {
    try (var response = call.execute()) {
      var head = new Reply(url, response.code(), response.headers(), null);
      return wantsBody.test(head) ? head.withBody(read(response.body())) : head;
    }
  }

  /** Reads a body up to the limit, since it may have no end; null if that is too little. */
  private static byte @Nullable [] read(ResponseBody body) throws IOException {
    var source = body.source();
    return source.request(Reply.LIMIT + 1L) ? null : source.readByteArray();
  }

  private Request build(String method, Url url) {
    var request =
        new Request.Builder()
            .url(url.parsed())
            .method(method, null)
            .header("User-Agent", options.userAgent())
            .header("Accept", "text/html, application/xhtml+xml, */*;q=0.5")
            .header("Accept-Language", "*")
            .header("Accept-Encoding", Encodings.ACCEPTED);
    var authorization = authorizations.get(url.origin());
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    if (options.starts().haveHostOf(url)) {
      options.headers().forEach(header -> request.header(header.name(), header.value()));
    }
    return request.build();
  }

  @Override
  public void close() {
    client.dispatcher().cancelAll();
    client.connectionPool().evictAll();
  }
}

package toro.check;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import toro.AsyncResult;

/**
 * A URL that is fetched once, however many links lead there: each of them is told the one outcome.
 */
final class Resource {
  private static final int MAX_REDIRECTS = 10;

  private final URI url;
  private final int redirectsBefore;
  private final AsyncResult<Outcome> outcome = new AsyncResult<>();
  private @Nullable Resource redirect;

  private Resource(URI url, int redirectsBefore) {
    this.url = url;
    this.redirectsBefore = redirectsBefore;
  }

  static Resource linked(URI url) {
    return new Resource(url, 0);
  }

  /** A URL that no one but this one, by a redirect, has led to so far. */
  Resource redirected(URI target) throws FetchException {
    if (redirectsBefore >= MAX_REDIRECTS) {
      throw new FetchException("more than " + MAX_REDIRECTS + " redirects");
    }
    return new Resource(target, redirectsBefore + 1);
  }

  URI url() {
    return url;
  }

  /** Done when it is known; at once if it already is. */
  CompletableFuture<Outcome> outcome() {
    return outcome.get();
  }

  /** Null if it is not known yet. */
  @Nullable Outcome outcomeNow() {
    return outcome.isReady() ? outcome.getNow() : null;
  }

  void settle(Outcome known) {
    outcome.set(known);
  }

  /** This one's outcome is that of {@code target}, unless the redirects go round in a circle. */
  void settleAs(Resource target) throws FetchException {
    if (target.leadsTo(this)) {
      throw new FetchException("redirect loop");
    }
    redirect = target;
    target.outcome().thenAccept(this::settle);
  }

  private boolean leadsTo(Resource other) {
    for (var next = this; next != null; next = next.redirect) {
      if (next == other) {
        return true;
      }
    }
    return false;
  }
}

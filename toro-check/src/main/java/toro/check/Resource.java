package toro.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A URL that is fetched once, however many links lead there: each of them is told the one outcome.
 */
final class Resource {
  static final int MAX_REDIRECTS = 10;

  private final Url url;
  private final int redirectsBefore;

  // Invariant: once the outcome is known nobody waits for it.
  private @Nullable Outcome outcome;
  private List<Consumer<Outcome>> waiting = List.of();

  private @Nullable Resource redirect;
  private boolean isStart;
  private boolean isRead;
  private boolean setsCookies;

  private Resource(Url url, int redirectsBefore) {
    this.url = url;
    this.redirectsBefore = redirectsBefore;
  }

  /** Returns a URL that a link leads to. */
  static Resource linked(Url url) {
    return new Resource(url, 0);
  }

  /** Returns a URL that only this one, by a redirect, has led to so far. */
  Resource redirected(Url target) throws FetchException {
    if (redirectsBefore >= MAX_REDIRECTS) {
      throw new FetchException("more than " + MAX_REDIRECTS + " redirects");
    }
    return new Resource(target, redirectsBefore + 1);
  }

  Url url() {
    return url;
  }

  /** Makes this a place where the crawl begins. */
  void makeStart() {
    isStart = true;
  }

  boolean isStart() {
    return isStart;
  }

  /** Notes that its links are known. */
  void makeRead() {
    isRead = true;
  }

  /** Describes the outcome in a few words. */
  String describe() {
    return switch (outcome) {
      case Outcome.Broken broken -> broken.reason();
      case Outcome.Forbidden forbidden -> "forbidden by robots.txt";
      case Outcome.Found found -> "ok";
      case null -> redirect == null ? "no answer yet" : "redirects to " + redirect.url;
    };
  }

  /**
   * Returns why nothing was read here, or where redirects lead from here; null if something was.
   */
  @Nullable String failure() {
    if (redirect != null) {
      return redirect.failure();
    }
    if (outcome instanceof Outcome.Broken broken) {
      return broken.reason();
    }
    if (outcome instanceof Outcome.Forbidden) {
      return "its robots.txt forbids it (--ignore-robots does not ask)";
    }
    return outcome == null ? "no answer yet" : isRead ? null : "not an HTML page";
  }

  /** Calls {@code judge} when the outcome is known; at once if it already is. */
  void whenKnown(Consumer<Outcome> judge) {
    if (outcome != null) {
      judge.accept(outcome);
      return;
    }
    if (waiting.isEmpty()) {
      waiting = new ArrayList<>(4);
    }
    waiting.add(judge);
  }

  void settle(Outcome known) {
    assert outcome == null : url + " is settled twice";
    outcome = known;
    var judges = waiting;
    waiting = List.of();
    judges.forEach(judge -> judge.accept(known));
  }

  /**
   * Makes the outcome of {@code target} this one's too.
   *
   * @param fragment of the redirect; empty if it has none
   */
  void settleAs(Resource target, String fragment) {
    assert !target.leadsTo(this) : "a loop";
    redirect = target;
    target.whenKnown(known -> settle(known.seenThrough(fragment)));
  }

  /** Reports whether this is {@code other}, or redirects lead from here to there. */
  boolean leadsTo(Resource other) {
    for (var next = this; next != null; next = next.redirect) {
      if (next == other) {
        return true;
      }
    }
    return false;
  }

  /** Notes that the answer has set a cookie, so that it may be another one the next time. */
  void setsCookies() {
    setsCookies = true;
  }

  /** Reports whether an answer from here to {@code end} has set a cookie. */
  boolean setsCookiesUntil(Resource end) {
    for (var next = this; next != null && next != end; next = next.redirect) {
      if (next.setsCookies) {
        return true;
      }
    }
    return end.setsCookies;
  }
}

package toro.check;

import static toro.Coroutines.await;
import static toro.Coroutines.spawn;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import toro.Coroutine;
import toro.DeadlineExceededException;
import toro.IOLoop;
import toro.Queue;
import toro.RateLimiter;
import toro.check.Report.Ending;

/**
 * Crawls a site and checks its links.
 *
 * <p>Everything here runs on one loop, so that there is nothing to lock: workers take URLs from the
 * frontier, a page that one of them reads puts new ones in, and when each of them is done with, the
 * queue's {@code join} says so. A link is judged when the outcome of its target is known, which may
 * be long after its page was read, or before.
 */
final class Crawler {
  private final IOLoop loop = IOLoop.current();
  private final Options options;
  private final Fetcher fetcher;
  private final Parser parser = new Parser();
  private final Robots robots;
  private final Map<String, RateLimiter> limiters = new HashMap<>(); // by host
  private final Progress progress;

  private final Queue<Resource> frontier = new Queue<>();
  private final Map<URI, Resource> resources = new HashMap<>();
  private final Tally tally = new Tally();
  private Resource first;
  private Site site;
  private int pages;
  private int done;

  Crawler(Options options, Fetcher fetcher, Progress progress) {
    this.options = options;
    this.fetcher = fetcher;
    this.progress = progress;
    robots = new Robots(fetcher);
    site = Site.of(options.start());
    first = resource(options.start());
  }

  /** Until all is checked, the deadline is over, or the calling coroutine is cancelled. */
  Report crawl() {
    var began = loop.nanoTime();
    var workers =
        Stream.generate(() -> spawn(this::work))
            .limit(options.concurrency())
            .toArray(Coroutine<?>[]::new);
    var ending = awaitEnd();
    for (var worker : workers) {
      worker.cancel(true);
    }
    await(CompletableFuture.allOf(workers).exceptionally(cancelled -> null));
    return new Report(
        options.start(),
        pages,
        tally.checked(),
        tally.broken(),
        tally.external(),
        tally.forbidden(),
        tally.unfinished(),
        ending,
        pages > 0 ? null : failure(),
        Duration.ofNanos(loop.nanoTime() - began));
  }

  private String failure() {
    var outcome = first.outcomeNow();
    if (outcome instanceof Outcome.Broken broken) {
      return broken.reason();
    }
    if (outcome instanceof Outcome.Forbidden) {
      return "its robots.txt forbids it (--ignore-robots does not ask)";
    }
    return outcome == null ? "no answer yet" : "not an HTML page";
  }

  private Ending awaitEnd() {
    try {
      await(options.deadline() == null ? frontier.join() : frontier.join(options.deadline()));
      return Ending.COMPLETE;
    } catch (DeadlineExceededException e) {
      return Ending.DEADLINE;
    } catch (CancellationException e) {
      return Ending.INTERRUPTED;
    }
  }

  private void work() {
    for (var resource : frontier) {
      try {
        visit(resource);
      } catch (CancellationException e) {
        throw e;
      } catch (IOException | RuntimeException e) {
        resource.settle(new Outcome.Broken(Reasons.of(e)));
      } finally {
        frontier.taskDone();
        progress.update(++done, resources.size());
      }
    }
  }

  private void visit(Resource resource) throws IOException {
    var url = resource.url();
    if (!awaitTurn(url)) {
      resource.settle(new Outcome.Forbidden());
      return;
    }
    var reply = site.contains(url) ? fetcher.getPage(url) : fetcher.probe(url);
    if (reply.isRedirect()) {
      follow(resource, reply);
    } else if (!reply.isSuccess()) {
      resource.settle(new Outcome.Broken(Reasons.of(reply.status())));
    } else if (site.contains(url) && reply.isPage()) {
      read(resource, parser.parse(reply));
    } else {
      resource.settle(new Outcome.Found(null));
    }
  }

  /**
   * Suspends until it is this URL's turn; false if that never comes, because its host does not want
   * us there.
   */
  private boolean awaitTurn(URI url) {
    if (options.robots() && !robots.allow(url)) {
      return false;
    }
    var interval = interval(url);
    if (!interval.isZero()) {
      await(
          limiters
              .computeIfAbsent(url.getAuthority(), host -> new RateLimiter(1, interval))
              .acquire());
    }
    return true;
  }

  /** How long it is from one request to this URL's host to the next. */
  private Duration interval(URI url) {
    var ours = options.interval();
    var theirs = options.robots() ? robots.crawlDelay(url) : Duration.ZERO;
    return theirs.compareTo(ours) > 0 ? theirs : ours;
  }

  private void follow(Resource resource, Reply reply) throws FetchException {
    var url = reply.redirectTarget();
    var target = resources.get(url);
    if (target == null) {
      target = enqueue(resource.redirected(url));
    }
    if (resource == first) { // what was asked for is elsewhere: so is its folder
      first = target;
      site = Site.of(url);
    }
    resource.settleAs(target);
  }

  private void read(Resource resource, Page page) {
    resource.settle(new Outcome.Found(page.anchors()));
    if (pages == options.maxPages()) {
      return;
    }
    pages++;
    page.malformed().forEach((text, reason) -> tally.malformed(page.url(), text, reason));
    for (var link : page.links()) {
      check(page, link);
    }
  }

  private void check(Page page, Link link) {
    if (!options.external() && !site.contains(link.target())) {
      tally.leaveOut();
      return;
    }
    tally.expect();
    resource(link.target()).outcome().thenAccept(outcome -> tally.judge(page.url(), link, outcome));
  }

  private Resource resource(URI url) {
    var known = resources.get(url);
    return known != null ? known : enqueue(Resource.linked(url));
  }

  private Resource enqueue(Resource resource) {
    resources.put(resource.url(), resource);
    frontier.putNow(resource);
    return resource;
  }
}

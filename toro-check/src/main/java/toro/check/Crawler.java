package toro.check;

import static toro.Coroutines.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import toro.DeadlineExceededException;
import toro.IOLoop;
import toro.TaskGroup;
import toro.check.Report.Ending;

/**
 * Crawls a site and checks its links.
 *
 * <p>Everything here runs on one loop, so that there is nothing to lock: workers take URLs from the
 * frontier, a page that one of them reads puts new ones in, and when each of them is done with, the
 * frontier's {@code join} says so. A link is judged when the outcome of its target is known, which
 * may be long after its page was read, or before.
 */
final class Crawler {
  private final IOLoop loop = IOLoop.current();
  private final Options options;
  private final Fetcher fetcher;
  private final Parser parser;
  private final Cache cache;
  private final Robots robots;
  private final Progress progress;

  private final Site site = new Site();
  private final Frontier frontier = new Frontier();
  private final Tally tally = new Tally();
  private final Garbage garbage = new Garbage();
  private int visited;

  Crawler(Options options, Fetcher fetcher, Parser parser, Cache cache, Progress progress) {
    this.options = options;
    this.fetcher = fetcher;
    this.parser = parser;
    this.cache = cache;
    this.progress = progress;
    robots = new Robots(fetcher);
  }

  /** Runs until all is checked, the deadline is over, or the calling coroutine is cancelled. */
  Report crawl() {
    var began = loop.nanoTime();
    var starts =
        options.starts().addresses().stream().map(start -> start(start.url())).distinct().toList();
    var ending = checkAll();
    return tally.report(starts, ending, robots.notes(), Duration.ofNanos(loop.nanoTime() - began));
  }

  private Resource start(Url url) {
    site.add(url);
    var start = resource(url);
    start.makeStart();
    return start;
  }

  private Ending checkAll() {
    try (var workers = new TaskGroup(options.deadline())) {
      for (int i = 0; i < options.concurrency(); i++) {
        workers.spawn(this::work);
      }
      await(frontier.join());
      frontier.close(); // which ends the workers
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
      } catch (FetchException e) {
        resource.settle(new Outcome.Broken(e.reason()));
      } catch (CancellationException e) {
        throw e;
      } catch (RuntimeException e) { // a mistake of ours: one link less, and not the whole report
        resource.settle(new Outcome.Broken("cannot be checked: " + e));
      } finally {
        frontier.visited();
        progress.visited(resource, ++visited, frontier.size());
        garbage.collectIfGrown();
      }
    }
  }

  private void visit(Resource resource) throws FetchException {
    if (cache.holds(resource.url())) {
      resource.settle(Outcome.Found.WITHOUT_ANCHORS);
    } else if (options.robots() && !robots.allow(resource.url())) {
      resource.settle(new Outcome.Forbidden());
    } else {
      take(resource, fetch(resource));
    }
  }

  private Reply fetch(Resource resource) throws FetchException {
    var url = resource.url();
    return resource.isStart()
        ? fetcher.getFile(url) // it may be a sitemap
        : isRead(url) ? fetcher.getPage(url) : fetcher.probe(url);
  }

  /** Reports whether pages there are read, be it only for their anchors. */
  private boolean isRead(Url url) {
    return site.contains(url)
        || (options.fragments() && (site.isOnItsHost(url) || options.externalFragments()));
  }

  private void take(Resource resource, Reply reply) throws FetchException {
    if (reply.setsCookies()) {
      resource.setsCookies();
    }
    if (reply.isRedirect()) {
      follow(resource, reply);
    } else if (reply.isSuccess()) {
      read(resource, reply);
    } else {
      throw new FetchException(Reasons.of(reply.status()));
    }
  }

  private void follow(Resource resource, Reply reply) throws FetchException {
    var address = reply.redirectTarget();
    fetcher.authorize(address);
    var target = frontier.find(address.url());
    if (target == null) {
      target = frontier.add(resource.redirected(address.url()));
    }
    if (target.leadsTo(resource)) {
      goRound(resource, target, reply);
      return;
    }
    if (resource.isStart()) { // what was asked for is elsewhere: so is a part of the site
      start(target.url());
    }
    resource.settleAs(target, address.fragment());
  }

  /**
   * Follows redirects in a circle once more, since a cookie that was set on the way may open it.
   */
  private void goRound(Resource resource, Resource target, Reply reply) throws FetchException {
    if (target.setsCookiesUntil(resource)) {
      for (int i = 0; i < Resource.MAX_REDIRECTS && reply.isRedirect(); i++) {
        reply = fetcher.getPage(reply.redirectTarget().url());
      }
    }
    if (reply.isRedirect()) {
      throw new FetchException("redirect loop");
    }
    take(resource, reply);
  }

  private void read(Resource resource, Reply reply) throws FetchException {
    var reader = reader(resource, reply);
    if (reader == null) {
      resource.settle(Outcome.Found.WITHOUT_ANCHORS);
      cache.add(resource.url());
      return;
    }
    try {
      var page = parser.parse(reader);
      resource.settle(new Outcome.Found(options.fragments() ? page.anchors() : null, null));
      checkLinks(resource, page);
    } catch (UnreadableException e) {
      tally.unreadable(resource.url(), e.reason());
      resource.settle(Outcome.Found.WITHOUT_ANCHORS);
    }
  }

  private @Nullable Callable<Page> reader(Resource resource, Reply reply) {
    if (reply.isPage() && isRead(resource.url())) {
      return () -> PageReader.read(reply);
    }
    if (reply.isStyleSheet() && site.contains(resource.url())) {
      return () -> StyleSheet.read(reply);
    }
    return reply.isXml() && resource.isStart() ? () -> Sitemap.read(reply) : null;
  }

  private void checkLinks(Resource resource, Page page) {
    if (!site.contains(resource.url()) || !tally.read(page, options.maxPages())) {
      return;
    }
    resource.makeRead();
    page.authorized().forEach(fetcher::authorize);
    page.malformed().forEach((text, why) -> tally.malformed(resource.url(), text, why));
    for (var link : page.links()) {
      if (page.kind() == Page.Kind.SITEMAP && options.admits(link)) {
        start(link.target());
      }
      check(resource.url(), link);
    }
  }

  /** Checks a link, as soon as what it leads to is known. */
  private void check(Url page, Link link) {
    if (!options.admits(link)) {
      tally.exclude();
    } else if (!options.external() && !site.isOnItsHost(link.target())) {
      tally.leaveOut();
    } else {
      tally.expect();
      var target = resource(link.target());
      var known = new Link(target.url(), link.fragment()); // of equal URLs one is kept
      target.whenKnown(outcome -> tally.judge(page, known, outcome, options));
    }
  }

  private Resource resource(Url url) {
    var known = frontier.find(url);
    return known != null ? known : frontier.add(Resource.linked(url));
  }
}

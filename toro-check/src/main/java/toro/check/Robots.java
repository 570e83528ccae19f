package toro.check;

import static toro.Coroutines.await;
import static toro.Coroutines.spawn;

import crawlercommons.robots.BaseRobotRules;
import crawlercommons.robots.SimpleRobotRules;
import crawlercommons.robots.SimpleRobotRules.RobotRulesMode;
import crawlercommons.robots.SimpleRobotRulesParser;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import toro.Coroutine;

/**
 * What the robots.txt of each host allows. It is fetched once: the first coroutine to ask starts
 * that, and all others wait with it.
 */
final class Robots {
  /** What a robots.txt calls this program. */
  private static final String NAME = "toro-check";

  private static final int MAX_REDIRECTS = 5;

  /** A host that wants fewer requests than that does not want a crawler at all. */
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

  private final Fetcher fetcher;
  private final Map<String, Coroutine<BaseRobotRules>> rules = new HashMap<>(); // by origin
  private final NavigableMap<String, String> notes = new TreeMap<>();

  Robots(Fetcher fetcher) {
    this.fetcher = fetcher;
  }

  boolean allow(Url url) {
    return LocalFiles.isLocal(url) || rules(url).isAllowed(url.text());
  }

  /** Returns, by its URL, what was strange about a robots.txt, and what follows from that. */
  NavigableMap<String, String> notes() {
    return notes;
  }

  private BaseRobotRules rules(Url url) {
    return await(rules.computeIfAbsent(url.origin(), origin -> spawn(() -> fetch(origin))));
  }

  private BaseRobotRules fetch(String origin) throws MalformedUrlException {
    var url = Url.parse(origin + "/robots.txt");
    try {
      var reply = follow(url);
      if (reply.isRedirect()) {
        notes.put(url.text(), "too many redirects, so everything is taken as allowed");
        return new SimpleRobotRules(RobotRulesMode.ALLOW_ALL);
      }
      return reply.isSuccess() ? read(url, reply) : absent(url, reply.status());
    } catch (FetchException unreachable) {
      // Then so is the rest of the host, and the requests themselves tell why.
      return new SimpleRobotRules(RobotRulesMode.ALLOW_ALL);
    }
  }

  private Reply follow(Url url) throws FetchException {
    var reply = fetcher.getFile(url);
    for (int i = 0; i < MAX_REDIRECTS && reply.isRedirect(); i++) {
      reply = fetcher.getFile(reply.redirectTarget().url());
    }
    return reply;
  }

  private BaseRobotRules read(Url url, Reply reply) throws FetchException {
    var parser = new SimpleRobotRulesParser(Long.MAX_VALUE, 0);
    var read = parser.parseContent(url.text(), reply.content(), "text/plain", List.of(NAME));
    var delay = Duration.ofMillis(Math.max(0, read.getCrawlDelay()));
    if (delay.compareTo(LONGEST_DELAY) > 0) {
      notes.put(url.text(), "asks for " + Durations.format(delay) + " between requests, too long");
      return new SimpleRobotRules(RobotRulesMode.ALLOW_NONE);
    }
    fetcher.pace(url).slowTo(delay);
    return read;
  }

  /** A server that fails to say what it allows is not to be crawled; see RFC 9309. */
  private BaseRobotRules absent(Url url, int status) {
    if (status >= 500) {
      notes.put(url.text(), Reasons.of(status) + ", so nothing is taken as allowed");
      return new SimpleRobotRules(RobotRulesMode.ALLOW_NONE);
    }
    return new SimpleRobotRules(RobotRulesMode.ALLOW_ALL);
  }
}

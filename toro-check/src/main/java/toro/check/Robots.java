package toro.check;

import static toro.Coroutines.await;
import static toro.Coroutines.spawn;

import crawlercommons.robots.BaseRobotRules;
import crawlercommons.robots.SimpleRobotRules;
import crawlercommons.robots.SimpleRobotRules.RobotRulesMode;
import crawlercommons.robots.SimpleRobotRulesParser;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import toro.Coroutine;

/**
 * What the robots.txt of each host allows. It is fetched once: the first to ask starts that, all
 * others wait with it.
 */
final class Robots {
  /** What a robots.txt would call us. */
  private static final String NAME = "toro";

  private static final int MAX_REDIRECTS = 5;

  private final Fetcher fetcher;
  private final Map<String, Coroutine<BaseRobotRules>> rules = new HashMap<>();

  Robots(Fetcher fetcher) {
    this.fetcher = fetcher;
  }

  boolean allow(URI url) {
    return rules(url).isAllowed(url.toString());
  }

  /** How long robots.txt asks to wait between two requests. */
  Duration crawlDelay(URI url) {
    return Duration.ofMillis(Math.max(0, rules(url).getCrawlDelay()));
  }

  private BaseRobotRules rules(URI url) {
    return await(rules.computeIfAbsent(Urls.origin(url), origin -> spawn(() -> fetch(origin))));
  }

  private BaseRobotRules fetch(String origin) {
    var parser = new SimpleRobotRulesParser();
    try {
      var reply = follow(URI.create(origin + "/robots.txt"));
      return reply.isSuccess()
          ? parser.parseContent(origin, reply.text(), "text/plain", List.of(NAME))
          : parser.failedFetch(reply.status());
    } catch (Exception unreachable) {
      // Then so is the rest of the host, and the requests themselves tell why.
      return new SimpleRobotRules(RobotRulesMode.ALLOW_ALL);
    }
  }

  private Reply follow(URI url) throws FetchException {
    var reply = fetcher.getFile(url);
    for (int i = 0; i < MAX_REDIRECTS && reply.isRedirect(); i++) {
      reply = fetcher.getFile(reply.redirectTarget());
    }
    return reply;
  }
}

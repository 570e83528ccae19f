package toro.check;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import tools.jackson.jr.ob.JSON;
import tools.jackson.jr.ob.JSON.Feature;

/**
 * For programs: one object.
 *
 * <pre>{@code
 * {
 *   "start" : "https://example.org/docs/",
 *   "ending" : "complete",         // or "deadline", "interrupted"
 *   "pages" : 1523,                // that were read
 *   "links" : 48211,               // that were checked; one that a page has several times counts once
 *   "broken" : 3,                  // of these
 *   "external" : 117,              // links not checked: they lead elsewhere, and there was no --external
 *   "forbidden" : 0,               // links not checked: robots.txt says so
 *   "unfinished" : 0,              // links not checked: the time was up
 *   "seconds" : 6.2,
 *   "error" : "404 Not Found",     // only if nothing could be read: why
 *   "brokenPages" : [ {
 *     "page" : "https://example.org/docs/a.html",
 *     "links" : [ { "link" : "https://example.org/docs/b.html#c", "reason" : "no such fragment" } ]
 *   } ]
 * }
 * }</pre>
 */
final class JsonReport {
  private static final JSON JSON_WRITER = JSON.std.with(Feature.PRETTY_PRINT_OUTPUT);

  private JsonReport() {}

  static String write(Report report) {
    var object = new LinkedHashMap<String, Object>();
    object.put("start", report.start().toString());
    object.put("ending", report.ending().name().toLowerCase(Locale.ROOT));
    object.put("pages", report.pages());
    object.put("links", report.links());
    object.put("broken", report.brokenLinks());
    object.put("external", report.external());
    object.put("forbidden", report.forbidden());
    object.put("unfinished", report.unfinished());
    object.put("seconds", report.took().toMillis() / 1000.0);
    if (report.failure() != null) {
      object.put("error", report.failure());
    }
    object.put("brokenPages", pages(report.broken()));
    return JSON_WRITER.asString(object);
  }

  private static List<Map<String, Object>> pages(
      NavigableMap<URI, NavigableMap<String, String>> broken) {
    return broken.entrySet().stream()
        .map(entry -> ordered("page", entry.getKey().toString(), "links", links(entry.getValue())))
        .toList();
  }

  private static List<Map<String, Object>> links(NavigableMap<String, String> links) {
    return links.entrySet().stream()
        .map(entry -> ordered("link", entry.getKey(), "reason", entry.getValue()))
        .toList();
  }

  private static Map<String, Object> ordered(
      String key, Object value, String otherKey, Object otherValue) {
    var map = new LinkedHashMap<String, Object>();
    map.put(key, value);
    map.put(otherKey, otherValue);
    return map;
  }
}

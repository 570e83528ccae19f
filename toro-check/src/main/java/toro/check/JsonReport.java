package toro.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import tools.jackson.jr.ob.JSON;
import tools.jackson.jr.ob.JSON.Feature;

/** For programs: one object, described in {@code docs/check.md}. */
final class JsonReport {
  private static final JSON JSON_WRITER = JSON.std.with(Feature.PRETTY_PRINT_OUTPUT);

  private JsonReport() {}

  static String write(Report report) {
    var object = new LinkedHashMap<String, Object>();
    object.put("starts", report.starts());
    object.put("ending", report.ending().name().toLowerCase(Locale.ROOT));
    object.put("pages", report.pages());
    object.put("links", report.links());
    object.put("broken", report.broken().size());
    object.put("places", report.places());
    object.put("external", report.external());
    object.put("excluded", report.excluded());
    object.put("forbidden", report.forbidden());
    object.put("unfinished", report.unfinished());
    object.put("pagesBeyondLimit", report.pagesBeyondLimit());
    object.put("seconds", report.took().toMillis() / 1000.0);
    object.put("errors", list("url", report.failures(), "reason"));
    object.put("brokenLinks", report.broken().stream().map(JsonReport::broken).toList());
    object.put("unreadable", list("url", report.unreadable(), "reason"));
    object.put("notes", list("url", report.notes(), "note"));
    return string(object);
  }

  static String string(Object object) {
    return JSON_WRITER.asString(object);
  }

  private static Map<String, Object> broken(Report.Broken broken) {
    var map = new LinkedHashMap<String, Object>();
    map.put("link", broken.link());
    map.put("reason", broken.reason());
    map.put("pages", broken.pages());
    return map;
  }

  private static List<Map<String, Object>> list(
      String key, NavigableMap<String, String> map, String value) {
    return map.entrySet().stream()
        .map(
            entry -> {
              var item = new LinkedHashMap<String, Object>();
              item.put(key, entry.getKey());
              item.put(value, entry.getValue());
              return (Map<String, Object>) item;
            })
        .toList();
  }
}

package toro.check;

import java.net.URI;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Counts links as they are checked, and keeps the broken ones. */
final class Tally {
  private final NavigableMap<URI, NavigableMap<String, String>> broken = new TreeMap<>();
  private int found;
  private int checked;
  private int external;
  private int forbidden;

  /** Takes note of a link that {@link #judge} will hear of when its target is known. */
  void expect() {
    found++;
  }

  void judge(URI page, Link link, Outcome outcome) {
    if (outcome instanceof Outcome.Forbidden) {
      forbidden++;
      return;
    }
    checked++;
    if (outcome instanceof Outcome.Broken failed) {
      report(page, link.toString(), failed.reason());
    } else if (outcome instanceof Outcome.Found target
        && target.anchors() != null
        && !target.anchors().has(link.fragment())) {
      report(page, link.toString(), "no such fragment");
    }
  }

  void malformed(URI page, String reference, String reason) {
    found++;
    checked++;
    report(page, reference, "malformed URL: " + reason);
  }

  void leaveOut() {
    external++;
  }

  private void report(URI page, String link, String reason) {
    broken.computeIfAbsent(page, newPage -> new TreeMap<>()).put(link, reason);
  }

  NavigableMap<URI, NavigableMap<String, String>> broken() {
    return broken;
  }

  int checked() {
    return checked;
  }

  int external() {
    return external;
  }

  int forbidden() {
    return forbidden;
  }

  int unfinished() {
    return found - checked - forbidden;
  }
}

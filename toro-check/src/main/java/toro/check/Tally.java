package toro.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import toro.check.Report.Broken;
import toro.check.Report.Ending;

/** Counts links as they are checked, and keeps the broken ones. */
final class Tally {
  private final NavigableMap<String, Broken> broken = new TreeMap<>(); // by link
  private final NavigableMap<Url, String> unreadable = new TreeMap<>();
  private int pages;
  private int pagesBeyondLimit;
  private int found;
  private int checked;
  private int external;
  private int forbidden;
  private int excluded;

  /** Takes note of a page whose links come next; false if there were enough of them already. */
  boolean read(Page page, int maxPages) {
    if (page.kind() != Page.Kind.HTML) {
      return true;
    }
    if (pages == maxPages) {
      pagesBeyondLimit++;
      return false;
    }
    pages++;
    return true;
  }

  /** Takes note of a page that is there, but cannot be read. */
  void unreadable(Url page, String reason) {
    unreadable.put(page, reason);
  }

  /** Takes note of a link that {@link #judge} will hear of when its target is known. */
  void expect() {
    found++;
  }

  void judge(Url page, Link link, Outcome outcome, Options options) {
    if (outcome instanceof Outcome.Forbidden) {
      forbidden++;
      return;
    }
    checked++;
    if (outcome instanceof Outcome.Broken failed) {
      report(page, link.toString(), failed.reason());
    } else if (outcome instanceof Outcome.Found target
        && !target.has(link.fragment())
        && options.admitsFragment(link)) {
      report(page, link.toString(), "no such fragment");
    }
  }

  void malformed(Url page, String reference, String reason) {
    found++;
    checked++;
    report(page, reference, "malformed URL: " + reason);
  }

  /** Takes note of a link that leads out of the site. */
  void leaveOut() {
    external++;
  }

  /** Takes note of a link that the user does not want to be checked. */
  void exclude() {
    excluded++;
  }

  private void report(Url page, String link, String reason) {
    broken
        .computeIfAbsent(link, newLink -> new Broken(newLink, reason, new ArrayList<>()))
        .pages()
        .add(page.text());
  }

  Report report(
      List<Resource> starts, Ending ending, NavigableMap<String, String> notes, Duration took) {
    return new Report(
        starts.stream().map(start -> start.url().text()).toList(),
        pages,
        checked,
        List.copyOf(broken.values()),
        external,
        forbidden,
        excluded,
        found - checked - forbidden,
        pagesBeyondLimit,
        texts(unreadable),
        notes,
        ending,
        failures(starts),
        took);
  }

  private static NavigableMap<String, String> texts(NavigableMap<Url, String> map) {
    var texts = new TreeMap<String, String>();
    map.forEach((url, text) -> texts.put(url.text(), text));
    return texts;
  }

  private static NavigableMap<String, String> failures(List<Resource> starts) {
    var failures = new TreeMap<String, String>();
    for (var start : starts) {
      @Nullable String failure = start.failure();
      if (failure != null) {
        failures.put(start.url().text(), failure);
      }
    }
    return failures;
  }
}

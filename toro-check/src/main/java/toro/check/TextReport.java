package toro.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import toro.check.Report.Broken;
import toro.check.Report.Ending;

/**
 * For people: each broken link with the pages that have it, then what was left out, then one line
 * that sums up.
 */
final class TextReport {
  private static final int PAGES_NAMED = 5;
  private static final String RED = "\033[31m";
  private static final String DIM = "\033[2m";
  private static final String PLAIN = "\033[0m";

  private final List<String> lines = new ArrayList<>();
  private final boolean isColored;

  private TextReport(boolean isColored) {
    this.isColored = isColored;
  }

  static String write(Report report) {
    return write(report, false);
  }

  static String write(Report report, boolean isColored) {
    var text = new TextReport(isColored);
    text.broken(report);
    text.leftOut(report);
    text.lines.add(summary(report));
    return String.join("\n", text.lines);
  }

  /** Writes the broken links alone; nothing if there are none. */
  static String writeBroken(Report report, boolean isColored) {
    var text = new TextReport(isColored);
    text.broken(report);
    return String.join("\n", text.lines).strip();
  }

  private void broken(Report report) {
    for (var each : report.broken()) {
      lines.add(color(RED, each.reason()) + ": " + Visible.text(each.link()));
      pages(each);
    }
    if (!report.broken().isEmpty()) {
      lines.add("");
    }
  }

  private void pages(Broken broken) {
    broken.pages().stream()
        .limit(PAGES_NAMED)
        .forEach(page -> lines.add(color(DIM, "  on " + page)));
    var more = broken.pages().size() - PAGES_NAMED;
    if (more > 0) {
      lines.add(color(DIM, "  and on " + count(more, "more page")));
    }
  }

  private String color(String color, String text) {
    return isColored ? color + Visible.text(text) + PLAIN : Visible.text(text);
  }

  private void leftOut(Report report) {
    leftOut(report.external(), "link", "to other hosts (see --external)");
    leftOut(report.excluded(), "link", "excluded by --exclude or --include");
    leftOut(report.forbidden(), "link", "that robots.txt forbids (see --ignore-robots)");
    if (report.ending() != Ending.COMPLETE) {
      leftOut(
          report.unfinished(),
          "link",
          report.ending() == Ending.DEADLINE
              ? "that the deadline left no time for"
              : "not done when it was interrupted");
    }
    if (report.pagesBeyondLimit() > 0) {
      lines.add("not read: " + count(report.pagesBeyondLimit(), "page") + " beyond --max-pages");
    }
    report
        .unreadable()
        .forEach((page, reason) -> lines.add(Visible.text("not read: " + page + ": " + reason)));
    report.notes().forEach((url, note) -> lines.add(Visible.text("note: " + url + ": " + note)));
  }

  private void leftOut(int n, String what, String why) {
    if (n > 0) {
      lines.add("not checked: " + count(n, what) + " " + why);
    }
  }

  static String summary(Report report) {
    return "checked %s, %s, %d broken%s in %s"
        .formatted(
            count(report.pages(), "page"),
            count(report.links(), "link"),
            report.broken().size(),
            report.places() > report.broken().size() ? ", in " + report.places() + " places," : "",
            seconds(report.took()));
  }

  private static String count(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }

  private static String seconds(Duration took) {
    return String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
  }
}

package toro.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.StringJoiner;
import toro.check.Report.Ending;

/**
 * For people: the broken links page by page, then what was left out, then one line that sums up.
 */
final class TextReport {
  private TextReport() {}

  static String write(Report report) {
    var lines = new StringJoiner("\n");
    report
        .broken()
        .forEach(
            (page, links) -> {
              lines.add(page.toString());
              links.forEach((link, reason) -> lines.add("  " + reason + ": " + link));
              lines.add("");
            });
    var leftOut = leftOut(report);
    if (!leftOut.isEmpty()) {
      lines.add(leftOut);
    }
    return lines.add(summary(report)).toString();
  }

  static String summary(Report report) {
    return "checked %s, %s, %d broken in %s"
        .formatted(
            count(report.pages(), "page"),
            count(report.links(), "link"),
            report.brokenLinks(),
            seconds(report.took()));
  }

  private static String leftOut(Report report) {
    var parts = new ArrayList<String>();
    if (report.external() > 0) {
      parts.add(count(report.external(), "link") + " to elsewhere (see --external)");
    }
    if (report.forbidden() > 0) {
      parts.add(report.forbidden() + " that robots.txt forbids (see --ignore-robots)");
    }
    if (report.ending() != Ending.COMPLETE) {
      parts.add(
          report.unfinished()
              + (report.ending() == Ending.DEADLINE
                  ? " that the deadline left no time for"
                  : " that were not done when it was interrupted"));
    }
    return parts.isEmpty() ? "" : "not checked: " + String.join(", ", parts);
  }

  private static String count(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }

  private static String seconds(Duration took) {
    return String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
  }
}

package toro.check;

import java.util.StringJoiner;

/** For GitHub Actions: an annotation for each broken link, then the line that sums up. */
final class GitHubReport {
  private GitHubReport() {}

  static String write(Report report) {
    var lines = new StringJoiner("\n");
    report
        .failures()
        .forEach(
            (start, reason) -> lines.add("::error title=" + property(reason) + "::" + data(start)));
    for (var broken : report.broken()) {
      var page = broken.pages().getFirst();
      var others = broken.pages().size() - 1;
      lines.add(
          "::error file=%s,title=%s::%s"
              .formatted(
                  property(page),
                  property(broken.reason()),
                  data(
                      broken.link() + (others == 0 ? "" : " (and on " + others + " more pages)"))));
    }
    return lines.add(TextReport.summary(report)).toString();
  }

  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}

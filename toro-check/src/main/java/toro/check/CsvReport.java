package toro.check;

import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** For spreadsheets: a line for each page with a broken link, as RFC 4180 says. */
final class CsvReport {
  private CsvReport() {}

  static String write(Report report) {
    var lines = new StringJoiner("\r\n").add("link,reason,page");
    for (var broken : report.broken()) {
      for (var page : broken.pages()) {
        lines.add(line(broken.link(), broken.reason(), page));
      }
    }
    return lines.toString();
  }

  private static String line(String... fields) {
    return Stream.of(fields).map(CsvReport::quote).collect(Collectors.joining(","));
  }

  private static String quote(String field) {
    // A spreadsheet takes what begins with one of these for a formula.
    var harmless = field.matches("(?s)[=+@\\t\\r-].*") ? "'" + field : field;
    return harmless.matches("(?s).*[\",\\r\\n].*")
        ? '"' + harmless.replace("\"", "\"\"") + '"'
        : harmless;
  }
}

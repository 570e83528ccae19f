package toro.check;

import java.util.Locale;

/** How a report is written. */
enum Format {
  TEXT,
  JSON,
  CSV,
  JUNIT,
  SARIF,
  GITHUB;

  String write(Report report) {
    return switch (this) {
      case TEXT -> TextReport.write(report);
      case JSON -> JsonReport.write(report);
      case CSV -> CsvReport.write(report);
      case JUNIT -> JUnitReport.write(report);
      case SARIF -> SarifReport.write(report);
      case GITHUB -> GitHubReport.write(report);
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

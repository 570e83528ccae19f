package toro.check;

import java.util.Locale;

/** How a report is written. */
enum Format {
  TEXT {
    @Override
    String write(Report report) {
      return TextReport.write(report);
    }
  },
  JSON {
    @Override
    String write(Report report) {
      return JsonReport.write(report);
    }
  };

  abstract String write(Report report);

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package toro.check;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** For code scanning, in SARIF 2.1.0: a result for each page with a broken link. */
final class SarifReport {
  private static final String RULE = "broken-link";

  private SarifReport() {}

  static String write(Report report) {
    var driver =
        Map.of(
            "name",
            "toro-check",
            "rules",
            List.of(
                Map.of("id", RULE, "shortDescription", Map.of("text", "A link leads nowhere."))));
    var results =
        Stream.concat(
                report.failures().entrySet().stream()
                    .map(each -> result(each.getKey(), each.getValue(), each.getKey())),
                report.broken().stream()
                    .flatMap(
                        each ->
                            each.pages().stream()
                                .map(page -> result(each.link(), each.reason(), page))))
            .toList();
    return JsonReport.string(
        Map.of(
            "$schema",
            "https://json.schemastore.org/sarif-2.1.0.json",
            "version",
            "2.1.0",
            "runs",
            List.of(Map.of("tool", Map.of("driver", driver), "results", results))));
  }

  private static Map<String, Object> result(String link, String reason, String page) {
    return Map.of(
        "ruleId",
        RULE,
        "level",
        "error",
        "message",
        Map.of("text", reason + ": " + link),
        "locations",
        List.of(Map.of("physicalLocation", Map.of("artifactLocation", Map.of("uri", page)))));
  }
}

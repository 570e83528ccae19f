package toro.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The results as a table in Markdown: a row a workload, a column a contender. */
final class Table {
  private static final String DASH = "—";

  private final Board board;
  private final Results results;

  Table(Board board, Results results) {
    this.board = board;
    this.results = results;
  }

  /** The table, and how to read it. */
  String markdown() {
    List<String> lines = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("workload", ""));
    head.addAll(board.contenders());
    board.ours().reversed().forEach(ours -> head.add(board.bestPeer() + " ÷ " + ours));
    lines.add(line(head));
    lines.add("|---|---|" + "---:|".repeat(head.size() - 2));
    results.rows(board).forEach(row -> lines.add(line(cells(row))));
    lines.add("");
    lines.add(
        "Nanoseconds, or bytes, an operation: less is better; the median, ± how far from it half of the iterations are at most. — has no such thing. Peers: "
            + String.join(", ", board.peers())
            + ". Over 1×: Toro is ahead of the best of them.");
    return String.join("\n", lines) + "\n";
  }

  private List<String> cells(Row row) {
    List<String> cells = new ArrayList<>(List.of(row.title(), row.unit().text));
    for (String contender : board.contenders()) {
      cells.add(results.of(row, contender).map(Table::score).orElse(DASH));
    }
    board.ours().reversed().forEach(ours -> cells.add(ratio(row, ours)));
    return cells;
  }

  private static String line(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
  }

  private static String score(Result result) {
    String score = number(result.score());
    return result.error() == 0 ? score : score + " ± " + number(result.error());
  }

  static String number(double number) {
    return String.format(Locale.ROOT, number < 10 ? "%.1f" : "%,.0f", number);
  }

  private String ratio(Row row, String ours) {
    return ratioOf(row, ours)
        .map(ratio -> String.format(Locale.ROOT, ratio < 10 ? "%.2f×" : "%.0f×", ratio))
        .orElse(DASH);
  }

  private Optional<Double> ratioOf(Row row, String ours) {
    return results
        .of(row, ours)
        .flatMap(us -> results.best(row, board.peers()).map(peer -> peer.score() / us.score()));
  }

  /**
   * The rows in which a peer is ahead, as a list, with the limits; a sentence if there are none.
   */
  String losses() {
    List<String> losses = new ArrayList<>();
    for (Row row : results.rows(board)) {
      String engines =
          board.ours().reversed().stream()
              .filter(ours -> ratioOf(row, ours).orElse(1.0) < 1)
              .map(ours -> ours + " " + number(results.of(row, ours).orElseThrow().score()))
              .collect(Collectors.joining(", "));
      if (!engines.isEmpty()) {
        Result peer = results.best(row, board.peers()).orElseThrow();
        losses.add(
            "- %s (%s): %s %s; %s%s"
                .formatted(
                    row.title(),
                    row.unit().text,
                    peer.contender(),
                    number(peer.score()),
                    engines,
                    limit(row, Contenders.LIMIT) + limit(row, Contenders.FUTURES_LIMIT)));
      }
    }
    return losses.isEmpty() ? "No peer is ahead in any row.\n" : String.join("\n", losses) + "\n";
  }

  private String limit(Row row, String name) {
    return results.of(row, name).map(limit -> "; " + name + " " + number(limit.score())).orElse("");
  }
}

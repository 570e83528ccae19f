package toro.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A table: which contenders it compares, and at which rows.
 *
 * @param id what its part of the document is called, and its file of results
 * @param chart the name of its chart
 * @param has is a row in it?
 * @param ours those of Toro that compete with the peers
 * @param peers those that one may take instead
 * @param others what else is beside them
 */
record Board(
    String id,
    String chart,
    Predicate<Row> has,
    List<String> ours,
    List<String> peers,
    List<String> others) {
  /** Toro beside what one would take instead. */
  static final Board PEERS =
      new Board(
          "results",
          "benchmarks.svg",
          row -> !row.id().equals(Rows.ASK),
          List.of(Contenders.TORO, Contenders.TORO_FAST),
          List.of("Kotlin", "Jox", "j.u.c", "asyncutil", "Vert.x"),
          List.of(Contenders.LIMIT, Contenders.FUTURES_LIMIT));

  /** Toro on the event loops of others, beside the coroutines that one of them has itself. */
  static final Board LOOPS =
      new Board(
          "loops",
          "benchmarks-loops.svg",
          row ->
              Set.of(
                      "queue-1-1-1",
                      "queue-1-1-100",
                      "lock-free",
                      "lock-10",
                      "event",
                      "hand-over",
                      "spawn",
                      "pause",
                      "deadline-10-0",
                      "execute-1",
                      Rows.ASK)
                  .contains(row.id()),
          List.of("on Vert.x", "on Vert.x, fast"),
          List.of("Vert.x await"),
          List.of(
              Contenders.TORO,
              Contenders.TORO_FAST,
              "on executor",
              "on executor, fast",
              "on Netty",
              "on Netty, fast"));

  /** Its rows, from top to bottom. */
  List<Row> rows() {
    return Rows.all().stream().filter(has).toList();
  }

  /** Its columns, from left to right. */
  List<String> contenders() {
    var names = new ArrayList<>(ours);
    names.addAll(peers);
    names.addAll(others);
    return Contenders.names().stream().filter(names::contains).toList();
  }

  /** What the best of the peers is called. */
  String bestPeer() {
    return peers.size() == 1 ? peers.getFirst() : "best peer";
  }
}

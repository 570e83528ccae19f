package toro;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import toro.Snapshot.CoroutineState;
import toro.Snapshot.Holder;
import toro.Snapshot.PrimitiveState;
import toro.Snapshot.Wait;

/**
 * A snapshot as a graph: coroutines, primitives and what else is waited for are its nodes, waits
 * and holds its edges.
 */
final class SnapshotGraph {
  private final Snapshot snapshot;
  private final Language language;
  private final Set<List<String>> stuck = new HashSet<>(); // edges of cycles
  private final StringBuilder nodes = new StringBuilder();
  private final StringBuilder edges = new StringBuilder();
  private final Set<String> live = new HashSet<>();
  private final Set<String> ended = new LinkedHashSet<>(); // that still hold something
  private int others; // nodes that have no id
  private int drawn; // edges

  SnapshotGraph(Snapshot snapshot, Language language) {
    this.snapshot = snapshot;
    this.language = language;
    snapshot.coroutines().forEach(coroutine -> live.add(coroutine.id()));
    for (Snapshot.Cycle cycle : snapshot.cycles()) {
      String from = cycle.members().getLast();
      for (String to : cycle.members()) {
        stuck.add(List.of(from, to));
        from = to;
      }
    }
  }

  /** A language for graphs. */
  enum Language {
    MERMAID("flowchart LR\n", "") {
      @Override
      String node(String id, boolean round, String label) {
        return round ? id + "([\"" + label + "\"])" : id + "[\"" + label + "\"]";
      }

      @Override
      String edge(int number, String from, String to, String label, boolean stuck) {
        return from
            + " -->|\""
            + label
            + "\"| "
            + to
            + (stuck ? "\n  linkStyle " + number + " stroke:red" : "");
      }

      @Override
      @Nullable String escape(char c) {
        // In a label almost everything could be markup.
        return "\"#&<>`\\*_~|[]{}()".indexOf(c) >= 0 ? "#" + (int) c + ";" : null;
      }
    },

    DOT("digraph snapshot {\n  rankdir=LR\n", "}\n") {
      @Override
      String node(String id, boolean round, String label) {
        return id + " [label=\"" + label + "\"" + (round ? "" : " shape=box") + "]";
      }

      @Override
      String edge(int number, String from, String to, String label, boolean stuck) {
        return from + " -> " + to + " [label=\"" + label + "\"" + (stuck ? " color=red" : "") + "]";
      }

      @Override
      @Nullable String escape(char c) {
        return c == '"' || c == '\\' ? "\\" + c : null;
      }
    };

    final String head;
    final String foot;

    Language(String head, String foot) {
      this.head = head;
      this.foot = foot;
    }

    /** A node; a round one is a coroutine. */
    abstract String node(String id, boolean round, String label);

    /** An edge; {@code number}: how many were before. */
    abstract String edge(int number, String from, String to, String label, boolean stuck);

    /** How a character stands in a label; null: as it is. */
    abstract @Nullable String escape(char c);

    String label(String text) {
      StringBuilder label = new StringBuilder();
      for (char c : Text.brief(text).toCharArray()) {
        String escaped = escape(c);
        label.append(escaped == null ? c : escaped);
      }
      return label.toString();
    }
  }

  String text() {
    snapshot.coroutines().forEach(this::draw);
    snapshot.primitives().forEach(this::draw);
    ended.forEach(id -> node(id, true, SnapshotText.ended(id)));
    return language.head + nodes + edges + language.foot;
  }

  private void draw(CoroutineState coroutine) {
    node(coroutine.id(), true, coroutine + " " + SnapshotText.status(coroutine));
    for (Wait wait : coroutine.waits()) {
      String target = wait.target();
      edge(coroutine.id(), target == null ? other(false, wait.what()) : target, text(wait));
    }
  }

  private void draw(PrimitiveState primitive) {
    node(primitive.id(), false, primitive.state());
    for (Holder holder : primitive.holders()) {
      edge(primitive.id(), holder(holder.coroutine()), "held " + SnapshotText.text(holder.age()));
    }
    for (Wait wait : primitive.callbacks()) {
      edge(other(true, "a callback"), primitive.id(), text(wait));
    }
  }

  private String holder(@Nullable String coroutine) {
    if (coroutine == null) {
      return other(true, "a callback");
    }
    if (!live.contains(coroutine)) {
      ended.add(coroutine);
    }
    return coroutine;
  }

  private static String text(Wait wait) {
    return SnapshotText.text(wait.age()) + SnapshotText.place(wait);
  }

  private String other(boolean round, String text) {
    String id = "x" + ++others;
    node(id, round, text);
    return id;
  }

  private void node(String id, boolean round, String label) {
    nodes.append("  ").append(language.node(id, round, language.label(label))).append("\n");
  }

  private void edge(String from, String to, String label) {
    edges
        .append("  ")
        .append(
            language.edge(
                drawn++, from, to, language.label(label), stuck.contains(List.of(from, to))))
        .append("\n");
  }
}

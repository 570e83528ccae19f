package toro;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import toro.Snapshot.CoroutineState;
import toro.Snapshot.Cycle;
import toro.Snapshot.Holder;
import toro.Snapshot.PrimitiveState;
import toro.Snapshot.Wait;

/** A snapshot as lines for people. */
final class SnapshotText {
  private final Snapshot snapshot;
  private final Map<String, Object> members = new HashMap<>(); // by id

  SnapshotText(Snapshot snapshot) {
    this.snapshot = snapshot;
    snapshot.coroutines().forEach(coroutine -> members.put(coroutine.id(), coroutine));
    snapshot.primitives().forEach(primitive -> members.put(primitive.id(), primitive));
  }

  String text() {
    StringBuilder text = new StringBuilder();
    text.append(count(snapshot.coroutines().size(), "coroutine"))
        .append(", ")
        .append(count(snapshot.primitives().size(), "primitive"));
    snapshot.cycles().forEach(cycle -> text.append("\n").append(text(cycle)));
    snapshot.coroutines().forEach(coroutine -> append(coroutine, text));
    snapshot.primitives().forEach(primitive -> append(primitive, text));
    return text.toString();
  }

  private static String count(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }

  String text(Cycle cycle) {
    return (cycle.timeLeft() == null ? "deadlock" : "cycle, " + text(cycle.timeLeft()) + " left")
        + ": "
        + cycle.members().stream().map(this::member).collect(joining(" -> "))
        + " -> "
        + member(cycle.members().getFirst());
  }

  private static void append(CoroutineState coroutine, StringBuilder text) {
    text.append("\n").append(line(coroutine)).append(" ").append(status(coroutine));
    for (Wait wait : coroutine.waits()) {
      text.append(coroutine.waits().size() == 1 ? " " : "\n  ").append(text(wait));
    }
  }

  /** For example {@code waiting 1.5s}. */
  static String status(CoroutineState coroutine) {
    return coroutine.state().text
        + (coroutine.state() == Snapshot.State.RUNNING ? "" : " " + text(coroutine.age()));
  }

  private void append(PrimitiveState primitive, StringBuilder text) {
    text.append("\n").append(line(primitive));
    for (Holder holder : primitive.holders()) {
      text.append("\n  held ")
          .append(text(holder.age()))
          .append(" by ")
          .append(holder.coroutine() == null ? "a callback" : member(holder.coroutine()));
    }
    for (Wait wait : primitive.callbacks()) {
      text.append("\n  a callback waiting ").append(text(wait.age())).append(place(wait));
    }
  }

  private static String text(Wait wait) {
    return "for " + line(wait.what()) + place(wait);
  }

  /** For example {@code , 2nd in line, 1.5s left}. */
  static String place(Wait wait) {
    return (wait.position() == 0 ? "" : ", " + ordinal(wait.position()) + " in line")
        + (wait.timeLeft() == null ? "" : ", " + text(wait.timeLeft()) + " left");
  }

  private static String ordinal(int n) {
    boolean isTeen = n / 10 % 10 == 1;
    return n
        + switch (isTeen ? 0 : n % 10) {
          case 1 -> "st";
          case 2 -> "nd";
          case 3 -> "rd";
          default -> "th";
        };
  }

  /** One of the snapshot, or a coroutine that has ended. */
  private String member(String id) {
    Object member = members.get(id);
    return member == null ? ended(id) : line(member);
  }

  /** The parts of a snapshot that was made by hand may be anything. */
  private static String line(Object part) {
    return Text.line(part.toString());
  }

  static String ended(String id) {
    return "Coroutine[" + id.substring(1) + " done]";
  }

  /** To the millisecond, for example {@code 1m1.5s}. */
  static String text(Duration duration) {
    String iso = Duration.ofMillis(duration.plusNanos(500_000).toMillis()).toString();
    return iso.substring("PT".length()).toLowerCase(java.util.Locale.ROOT);
  }

  static @Nullable Long millis(@Nullable Duration duration) {
    return duration == null ? null : duration.plusNanos(500_000).toMillis();
  }
}

package toro;

import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A snapshot as JSON. */
final class SnapshotJson {
  private final StringBuilder json = new StringBuilder();

  String text(Snapshot snapshot) {
    object(
        "taken", snapshot.taken(),
        "coroutines", list(snapshot.coroutines(), SnapshotJson::coroutine),
        "primitives", list(snapshot.primitives(), SnapshotJson::primitive),
        "cycles", list(snapshot.cycles(), SnapshotJson::cycle));
    return json.toString();
  }

  private void coroutine(Snapshot.CoroutineState coroutine) {
    object(
        "id", coroutine.id(),
        "number", coroutine.number(),
        "name", coroutine.name(),
        "state", coroutine.state().text,
        "ageMillis", SnapshotText.millis(coroutine.age()),
        "waits", list(coroutine.waits(), SnapshotJson::wait));
  }

  private void wait(Snapshot.Wait wait) {
    object(
        "target", wait.target(),
        "what", wait.what(),
        "position", wait.position(),
        "ageMillis", SnapshotText.millis(wait.age()),
        "timeLeftMillis", SnapshotText.millis(wait.timeLeft()));
  }

  private void primitive(Snapshot.PrimitiveState primitive) {
    object(
        "id", primitive.id(),
        "type", primitive.type(),
        "name", primitive.name(),
        "state", primitive.state(),
        "holders", list(primitive.holders(), SnapshotJson::holder),
        "callbacks", list(primitive.callbacks(), SnapshotJson::wait));
  }

  private void holder(Snapshot.Holder holder) {
    object("coroutine", holder.coroutine(), "ageMillis", SnapshotText.millis(holder.age()));
  }

  private void cycle(Snapshot.Cycle cycle) {
    object(
        "members", list(cycle.members(), SnapshotJson::value),
        "timeLeftMillis", SnapshotText.millis(cycle.timeLeft()));
  }

  // The language.

  /** Writes one member of an object or one element of an array. */
  private interface Part {
    void write(SnapshotJson json);
  }

  private void object(@Nullable Object... namesAndValues) {
    json.append('{');
    for (int i = 0; i < namesAndValues.length; i += 2) {
      json.append(i == 0 ? "" : ",");
      value(namesAndValues[i]);
      json.append(':');
      value(namesAndValues[i + 1]);
    }
    json.append('}');
  }

  private static <T> Part list(List<T> elements, BiConsumer<SnapshotJson, T> write) {
    return to -> {
      to.json.append('[');
      String comma = "";
      for (T element : elements) {
        to.json.append(comma);
        write.accept(to, element);
        comma = ",";
      }
      to.json.append(']');
    };
  }

  private void value(@Nullable Object value) {
    if (value instanceof Part part) {
      part.write(this);
    } else if (value == null || value instanceof Number) {
      json.append(value);
    } else {
      string(value.toString());
    }
  }

  private void string(String text) {
    json.append('"');
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                json.append('\\').appendCodePoint(c);
              } else if (Character.getType(c) == Character.SURROGATE) {
                json.append('\\').append(Text.line(Character.toString(c))); // no half a character
              } else if (Text.isUnprintable(c)) {
                json.append("\\u%04x".formatted(c));
              } else {
                json.appendCodePoint(c);
              }
            });
    json.append('"');
  }
}

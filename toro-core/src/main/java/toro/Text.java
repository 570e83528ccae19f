package toro;

import java.util.Iterator;
import java.util.Set;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Shows names and content that were given from outside. Their text is foreign code: it may fail in
 * any way, take long, or have line breaks that would look like lines of ours.
 *
 * <p>{@code toString} and snapshots ask for it. Messages do not, so that a refusal costs the same
 * whatever is in a primitive: they show what is {@link #known known}. The one exception is the key
 * of a {@link KeyedLock} or a {@link SingleFlight}, which is what the lock or call is known by.
 */
final class Text {
  private static final int MAX_ITEMS = 10;
  private static final int MAX_LENGTH = 60;

  /** Their text is the JDK's, and short or soon cut. */
  private static final Set<Class<?>> KNOWN =
      Set.of(
          String.class,
          Boolean.class,
          Character.class,
          Byte.class,
          Short.class,
          Integer.class,
          Long.class,
          Float.class,
          Double.class,
          UUID.class);

  private Text() {}

  /** Returns the first items, and how many more there are. */
  static String brief(java.util.Queue<?> items) {
    return list(items, MAX_ITEMS, Text::brief);
  }

  /**
   * Returns the same without foreign code. Of a heap it is the first item alone: to find the second
   * one means to ask the comparator.
   */
  static String known(java.util.Queue<?> items) {
    return list(items, items instanceof StableHeap ? 1 : MAX_ITEMS, Text::known);
  }

  private static String list(
      java.util.Queue<?> items, int most, Function<@Nullable Object, String> text) {
    StringJoiner list = new StringJoiner(", ", "[", "]");
    try {
      Iterator<?> rest = items.iterator();
      for (int i = 0; i < most && rest.hasNext(); i++) {
        list.add(text.apply(rest.next()));
      }
    } catch (Throwable failure) { // a comparator failed, or this thread is not the loop's
      list.add("…");
    }
    int more = items.size() - most;
    return more > 0 ? list.add("… " + more + " more").toString() : list.toString();
  }

  /** Returns the beginning of an object's text, in one line. */
  static String brief(@Nullable Object object) {
    String text = raw(object);
    return text.length() <= MAX_LENGTH ? line(text) : line(cut(text)) + "…";
  }

  /** Returns the same without foreign code: of an object of an unknown class, the class. */
  static String known(@Nullable Object object) {
    if (object == null || KNOWN.contains(object.getClass())) {
      return brief(object);
    }
    return object instanceof Enum<?> constant ? constant.name() : object.getClass().getSimpleName();
  }

  /** Never cuts a character into halves. */
  private static String cut(String text) {
    int end = MAX_LENGTH - 1;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
  }

  /** Returns all of an object's text, in one line. */
  static String of(@Nullable Object object) {
    return line(raw(object));
  }

  /** Returns the text, or the class if its {@code toString} fails. */
  private static String raw(@Nullable Object object) {
    if (object == null) {
      return "null";
    }
    try {
      return String.valueOf(object.toString());
    } catch (Throwable failure) { // an overflow of the stack or of the heap, too
      return object.getClass().getSimpleName() + " (its toString() failed)";
    }
  }

  /** Escapes what would break the line, or cannot be encoded. Idempotent. */
  static String line(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') { // else it is the common case: ASCII that can be printed
        return printable(text);
      }
    }
    return text;
  }

  private static String printable(String text) {
    StringBuilder line = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              if (isUnprintable(c)) {
                line.append(escaped(c));
              } else {
                line.appendCodePoint(c);
              }
            });
    return line.toString();
  }

  /** Is it a control character, another line break, or half a character that lost the other? */
  static boolean isUnprintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  /** As Java writes it in a string. */
  private static String escaped(int codePoint) {
    return switch (codePoint) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> "\\u%04x".formatted(codePoint);
    };
  }
}

package toro;

import java.util.Iterator;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** What {@code toString} shows of content that may be long. */
final class Text {
  private static final int MAX_ITEMS = 10;
  private static final int MAX_LENGTH = 60;

  private Text() {}

  /** The first items, and how many more there are. */
  static <T> String brief(java.util.Queue<T> items) {
    StringJoiner list = new StringJoiner(", ", "[", "]");
    try {
      Iterator<T> rest = items.iterator();
      for (int i = 0; i < MAX_ITEMS && rest.hasNext(); i++) {
        list.add(brief(rest.next()));
      }
    } catch (RuntimeException changedMeanwhile) {
      list.add("…"); // read by another thread than the loop's
    }
    int more = items.size() - MAX_ITEMS;
    return more > 0 ? list.add("… " + more + " more").toString() : list.toString();
  }

  /**
   * The beginning of an object's text; its class if it has none because its {@code toString} fails.
   */
  static String brief(@Nullable Object object) {
    String text = of(object);
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH - 1) + "…";
  }

  /** All of it. */
  static String of(@Nullable Object object) {
    if (object == null) {
      return "null";
    }
    try {
      return String.valueOf(object.toString());
    } catch (RuntimeException failure) {
      return object.getClass().getSimpleName() + " (its toString() failed)";
    }
  }
}

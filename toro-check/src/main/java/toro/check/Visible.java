package toro.check;

import java.util.regex.Pattern;

/** Makes text that comes from outside harmless for a terminal and for line after line of output. */
final class Visible {
  /** Control, format and line-separating characters, and halves of surrogate pairs. */
  private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

  private Visible() {}

  /** Replaces what would not be seen, or would be obeyed, by its code. */
  static String text(String text) {
    return INVISIBLE
        .matcher(text)
        .replaceAll(found -> "\\\\u{%X}".formatted(found.group().codePointAt(0)));
  }
}

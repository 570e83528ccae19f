package toro.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** What a script returns: {status, fresh, …}, as prelude.lua says. */
record Reply(List<byte[]> parts) {
  static Reply of(List<?> parts) {
    return new Reply(parts.stream().map(byte[].class::cast).toList());
  }

  String status() {
    return text(0);
  }

  /** Zero; or if the node had been forgotten, the last token before. */
  long fresh() {
    return number(1);
  }

  /** The first part of the content. */
  byte[] payload() {
    return parts.get(2);
  }

  /** The status, and what follows it: what the script refuses. */
  String rest() {
    return parts.size() > 2 ? status() + " " + text(2) : status();
  }

  int size() {
    return parts.size();
  }

  String text(int i) {
    return new String(parts.get(i), UTF_8);
  }

  long number(int i) {
    return Long.parseLong(text(i));
  }
}

package toro.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * What a request was granted: a token, and perhaps an attempt and after a line break content; or a
 * value after a {@code =}.
 */
final class Grant {
  private Grant() {}

  /** The number at the beginning; the greatest if there is none. */
  static long token(byte[] payload) {
    int end = end(payload);
    return end == 0 ? Long.MAX_VALUE : Long.parseLong(new String(payload, 0, end, UTF_8));
  }

  /** The number that follows it. */
  static int attempt(byte[] payload) {
    int end = end(payload) + 1;
    int last = end;
    while (payload[last] != '\n') {
      last++;
    }
    return Integer.parseInt(new String(payload, end, last - end, UTF_8));
  }

  /** What follows the first character, a {@code =}. */
  static byte[] value(byte[] payload) {
    return Arrays.copyOfRange(payload, 1, payload.length);
  }

  private static int end(byte[] payload) {
    int end = 0;
    while (end < payload.length && payload[end] >= '0' && payload[end] <= '9') {
      end++;
    }
    return end;
  }

  /** What follows the first line break. */
  static byte[] content(byte[] payload) {
    for (int i = 0; i < payload.length; i++) {
      if (payload[i] == '\n') {
        return Arrays.copyOfRange(payload, i + 1, payload.length);
      }
    }
    return new byte[0];
  }
}

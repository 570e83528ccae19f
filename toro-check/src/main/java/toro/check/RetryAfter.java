package toro.check;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Reads the header with which a server asks for patience. */
final class RetryAfter {
  private final InstantSource clock;

  RetryAfter(InstantSource clock) {
    this.clock = clock;
  }

  /** Returns how long to wait; null if the reply asks for no patience. */
  @Nullable Duration read(Reply reply) {
    var header = reply.headers().get("Retry-After");
    return header == null || (reply.status() != 429 && reply.status() != 503)
        ? null
        : parse(header.strip());
  }

  private @Nullable Duration parse(String header) {
    try {
      if (header.matches("\\d{1,9}")) {
        return Duration.ofSeconds(Long.parseLong(header));
      }
      var until = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      var left = Duration.between(clock.instant(), until);
      return left.isNegative() ? Duration.ZERO : left;
    } catch (DateTimeException notADate) {
      return null;
    }
  }
}

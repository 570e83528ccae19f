package toro.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
  private final RetryAfter header =
      new RetryAfter(InstantSource.fixed(Instant.parse("2026-03-01T12:00:00Z")));

  private Duration read(int status, String value) throws MalformedUrlException {
    return header.read(
        new Reply(Url.parse("http://x/"), status, Headers.of("Retry-After", value), null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | PT0S",
        "120 | PT2M",
        "Sun, 01 Mar 2026 12:00:30 GMT | PT30S",
        "Sun, 01 Mar 2026 11:00:00 GMT | PT0S",
        "soon |",
        "-1 |",
        "99999999999999 |"
      })
  void secondsAndDatesAreRead(String value, Duration pause) throws Exception {
    assertThat(read(429, value)).isEqualTo(pause);
    assertThat(read(503, value)).isEqualTo(pause);
  }

  @Test
  void otherAnswersAskForNoPatience() throws Exception {
    assertThat(read(200, "5")).isNull();
    assertThat(read(301, "5")).isNull();
  }
}

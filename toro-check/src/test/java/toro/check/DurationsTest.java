package toro.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "30s, PT30S",
    "2m, PT2M",
    "500ms, PT0.5S",
    "1h30m, PT1H30M",
    "1.5s, PT1.5S",
    "2M, PT2M",
    "1d, PT24H",
    "PT30S, PT30S",
    "pt1m, PT1M"
  })
  void aDurationIsReadAsPeopleTypeIt(String text, Duration duration) {
    assertThat(new Durations().convert(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "30", "-1s", "1y", "0s", "PT0S", "PT-1S", "1 s"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> new Durations().convert(text))
        .isInstanceOf(TypeConversionException.class);
  }

  @ParameterizedTest
  @CsvSource({"PT30S, 30 s", "PT1.5S, 1.5 s", "PT0.2S, 200 ms"})
  void aDurationIsWrittenShort(Duration duration, String text) {
    assertThat(Durations.format(duration)).isEqualTo(text);
  }
}

package toro.check;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Durations as people type them: {@code 30s}, {@code 1.5m}, {@code 500ms}, {@code 1h30m}, {@code
 * 1d}, or {@code PT30S}.
 */
final class Durations implements ITypeConverter<Duration> {
  private static final Pattern WHOLE =
      Pattern.compile("(?:(\\d+(?:\\.\\d+)?)(ms|s|m|h|d))+", Pattern.CASE_INSENSITIVE);
  private static final Pattern PART =
      Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h|d)", Pattern.CASE_INSENSITIVE);

  @Override
  public Duration convert(String text) {
    var duration = parse(text);
    if (!duration.isPositive()) {
      throw new TypeConversionException("'" + text + "' is not a positive duration");
    }
    return duration;
  }

  private static Duration parse(String text) {
    try {
      return WHOLE.matcher(text).matches()
          ? PART.matcher(text)
              .results()
              .map(
                  part ->
                      Duration.ofNanos(
                          (long) (Double.parseDouble(part.group(1)) * nanos(part.group(2)))))
              .reduce(Duration.ZERO, Duration::plus)
          : Duration.parse(text);
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new TypeConversionException(
          "'" + text + "' is not a duration such as 30s, 2m, 500ms or PT30S");
    }
  }

  private static double nanos(String unit) {
    return switch (unit.toLowerCase(Locale.ROOT)) {
      case "ms" -> 1e6;
      case "s" -> 1e9;
      case "m" -> 60e9;
      case "h" -> 3600e9;
      default -> 86_400e9;
    };
  }

  /** As {@link #convert} reads it, in seconds, or in milliseconds if shorter than that. */
  static String format(Duration duration) {
    return duration.compareTo(Duration.ofSeconds(1)) < 0
        ? duration.toMillis() + " ms"
        : seconds(duration) + " s";
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? Long.toString(duration.toSeconds())
        : Double.toString(duration.toMillis() / 1000.0);
  }
}

package toro.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The machine that this runs on, in a line. */
final class Machine {
  private Machine() {}

  static String describe() {
    return "%s, %d cores, %d GB of memory; %s %s; JDK %s (%s)"
        .formatted(
            processor(),
            Runtime.getRuntime().availableProcessors(),
            Math.round(memory() / (double) (1 << 30)),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            Runtime.version(),
            System.getProperty("java.vendor"));
  }

  private static long memory() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getTotalMemorySize();
  }

  private static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException noLinux) {
      return System.getProperty("os.arch");
    }
  }
}

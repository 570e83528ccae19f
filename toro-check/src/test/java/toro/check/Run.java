package toro.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;

/** What came of a {@code toro check} with these arguments. */
record Run(int status, String out, String err) {

  static Run check(Object... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    var words = Stream.concat(Stream.of("check"), Stream.of(arguments)).map(Object::toString);
    var status =
        Main.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(words.toArray(String[]::new));
    return new Run(status, out.toString(), err.toString());
  }

  /** The last line, without the time. */
  String summary() {
    return lines().getLast().replaceFirst(" in \\d+\\.\\d s$", "");
  }

  /** The broken links, each as {@code reason: link}. */
  List<String> broken() {
    return lines().stream().takeWhile(line -> !line.isEmpty()).filter(Run::isEntry).toList();
  }

  /** The pages on which links are broken. */
  List<String> pages() {
    return lines().stream()
        .filter(line -> line.startsWith("  on "))
        .map(line -> line.substring(5))
        .toList();
  }

  private static boolean isEntry(String line) {
    return !line.startsWith(" ") && line.contains(": ") && !line.startsWith("not checked: ");
  }

  List<String> lines() {
    return out.lines().toList();
  }

  Run assertStatus(int expected) {
    assertThat(status).as("exit status of%n%s%n%s", out, err).isEqualTo(expected);
    return this;
  }
}

package toro.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The part of a document that is generated, between two comments. */
final class Document {
  private final Path file;

  Document(Path file) {
    this.file = file;
  }

  /** Puts something between {@code <!-- name -->} and {@code <!-- /name -->}. */
  void replace(String name, String content) throws IOException {
    String text = Files.readString(file);
    String begin = "<!-- " + name + " -->\n";
    String end = "<!-- /" + name + " -->";
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    if (from < 0 || to < from) {
      throw new IOException(file + " has no " + begin.strip() + " … " + end);
    }
    Files.writeString(
        file, text.substring(0, from + begin.length()) + content + text.substring(to));
  }
}

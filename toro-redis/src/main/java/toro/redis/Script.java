package toro.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The scripts that the server runs: one for each mechanism, all with the same beginning. */
@SuppressWarnings("ImmutableEnumChecker") // the lists are
enum Script {
  PERMITS("waits"),
  QUEUE("getters", "putters", "joiners"),
  SIGNALS("waits"),
  RATE("waits");

  /** The names of its wait queues. */
  final List<String> lines;

  final String text;

  /** By what the server knows it. */
  final String sha;

  Script(String... lines) {
    this.lines = List.of(lines);
    this.text =
        read("prelude") + read(name().toLowerCase(java.util.Locale.ROOT)) + "return run()\n";
    this.sha = sha1(text);
  }

  private static String read(String name) {
    try (InputStream in = Script.class.getResourceAsStream(name + ".lua")) {
      if (in == null) {
        throw new IllegalStateException(name + ".lua is not in the jar of toro-redis");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha1(String text) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return HexFormat.of().formatHex(sha1.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}

package toro.redis;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real server: a process of the binary that a Maven artifact brings. {@link #shared()} is one for
 * all tests that harm none, or the one that {@code -Dtoro.redis=redis://…} names.
 */
final class TestServer implements AutoCloseable {
  private static final Path BINARY = extract();
  private static TestServer shared;

  private final int port;
  private final Path folder;
  private final List<String> arguments;
  private Process process;

  TestServer(String... arguments) {
    this(freePort(), arguments);
  }

  TestServer(int port, String... arguments) {
    this.port = port;
    this.arguments = List.of(arguments);
    try {
      this.folder = Files.createTempDirectory("toro-redis");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    start();
  }

  /** The URI of a server that all tests share. */
  static synchronized String shared() {
    String given = System.getProperty("toro.redis");
    if (given != null) {
      return given;
    }
    if (shared == null) {
      shared = new TestServer();
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
    }
    return shared.uri();
  }

  private static Path extract() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch");
    boolean arm = arch.equals("aarch64") || arch.equals("arm64");
    String name =
        os.contains("win")
            ? "redis-server-5.0.14.1-windows-amd64.exe"
            : os.contains("mac")
                ? "redis-server-6.2.6-v5-darwin-" + (arm ? "arm64" : "amd64")
                : arm ? "redis-server-6.2.7-linux-arm64" : "redis-server-6.2.6-v5-linux-amd64";
    try (InputStream in = TestServer.class.getResourceAsStream("/" + name)) {
      Path file = Files.createTempFile("redis-server", "");
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      file.toFile().setExecutable(true);
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  int port() {
    return port;
  }

  String uri() {
    return "redis://127.0.0.1:" + port;
  }

  void start() {
    List<String> command =
        new ArrayList<>(
            List.of(
                BINARY.toString(),
                "--port",
                "" + port,
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--dir",
                folder.toString(),
                "--repl-diskless-sync",
                "yes",
                "--repl-diskless-sync-delay",
                "0"));
    command.addAll(arguments);
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
      while (!answers()) {
        if (!process.isAlive()) {
          throw new IllegalStateException(Files.readString(folder.resolve("log")));
        }
        Thread.onSpinWait();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean answers() {
    try {
      String reply = raw("PING");
      return reply.startsWith("+PONG") || reply.startsWith("-NOAUTH");
    } catch (IOException notYet) {
      return false;
    }
  }

  /** What it answers to a command, as it is. */
  private String raw(String command) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
      socket.setSoTimeout(5000);
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
      byte[] buffer = new byte[65536];
      int length = socket.getInputStream().read(buffer);
      return length < 0 ? "" : new String(buffer, 0, length, StandardCharsets.UTF_8);
    }
  }

  /** Sends a command, and returns the beginning of its answer. */
  String command(String command) {
    try {
      return raw(command);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** kill -9 */
  void kill() {
    process.destroyForcibly();
    await();
  }

  private void await() {
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the server does not end");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    await();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}

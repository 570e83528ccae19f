package toro.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Ctrl-C, sent to a real process. */
@DisabledOnOs(OS.WINDOWS)
class InterruptionTest {
  private final HostileServer server = new HostileServer();
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endWhatWasStarted() {
    started.forEach(Process::destroyForcibly);
    server.close();
  }

  @Test
  void afterCtrlCTheSummaryOfWhatWasDoneIsPrinted() throws Exception {
    var reached = new CountDownLatch(1);
    server.page("/", "<a href=none></a><a href=slow></a>");
    server.answer(
        "/slow",
        (method, out) -> {
          reached.countDown();
          new CountDownLatch(1).await();
        });
    var process = start("check", "--concurrency=1", "--timeout=1h", server.url("/").toString());
    reached.await();

    interrupt(process);

    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(130);
    assertThat(out)
        .contains("404 Not Found: " + server.url("/none"))
        .contains("not checked: 1 link not done when it was interrupted")
        .containsPattern("checked 1 page, 1 link, 1 broken in \\d+\\.\\d s\\R$");
  }

  @Test
  void ctrlCBeforeAnythingWasFetchedEndsItToo() throws Exception {
    var reached = new CountDownLatch(1);
    server.answer(
        "/robots.txt",
        (method, out) -> {
          reached.countDown();
          new CountDownLatch(1).await();
        });
    var process = start("check", "--timeout=1h", server.url("/").toString());
    reached.await();

    interrupt(process);

    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(130);
    assertThat(out).contains("checked 0 pages, 0 links, 0 broken in");
  }

  /**
   * A process inherits which signals are ignored, and under {@code nohup} or in the background of a
   * script Ctrl-C is. So it is started with the default again.
   */
  private Process start(String... arguments) throws Exception {
    var command = new ArrayList<String>();
    if (succeeds("env", "--default-signal=INT", "true")) {
      command.addAll(List.of("env", "--default-signal=INT"));
    } else {
      assumeTrue(
          !succeeds("sh", "-c", "kill -INT $$; exit 0"),
          "Ctrl-C is ignored here, and env has no --default-signal");
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    started.add(process);
    return process;
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException notThere) {
      return false;
    }
  }

  /** What the terminal does at Ctrl-C. */
  private static void interrupt(Process process) throws Exception {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).inheritIO().start().waitFor();
  }
}

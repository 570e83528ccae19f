package toro.check;

import static org.assertj.core.api.Assertions.assertThat;

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

  @AfterEach
  void closeServer() {
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
        .contains("not checked: 1 that were not done when it was interrupted")
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

  private static Process start(String... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** What the terminal does at Ctrl-C. */
  private static void interrupt(Process process) throws Exception {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).inheritIO().start().waitFor();
  }
}

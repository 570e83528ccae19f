package toro.redis;

import static toro.Coroutines.await;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import toro.Coroutines;
import toro.IOLoop;

/** A node in a JVM of its own, to be killed and stopped. It does one thing and says so in lines. */
final class Actor implements AutoCloseable {
  private final Process process;
  private final BufferedReader lines;

  /** {@code acts}: hold, wait, or more; see {@link #main}. */
  Actor(String uri, Duration lease, String act, String name) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    try {
      process =
          new ProcessBuilder(
                  List.of(
                      java,
                      "-XX:TieredStopAtLevel=1",
                      "-Xshare:auto",
                      "-cp",
                      System.getProperty("java.class.path"),
                      Actor.class.getName(),
                      uri,
                      lease.toString(),
                      act,
                      name))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .directory(new File("."))
              .start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** The next line that it says; on a thread where it may block. */
  String line() {
    try {
      return lines.readLine();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Blocks the loop until it has said that. */
  Actor expect(String beginning) {
    String line = line();
    if (line == null || !line.startsWith(beginning)) {
      throw new AssertionError("not " + beginning + " but " + line);
    }
    return this;
  }

  /** Waits on another thread for the next line. */
  String awaitLine() {
    return await(java.util.concurrent.CompletableFuture.supplyAsync(this::line));
  }

  /** kill -9 */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** SIGSTOP or SIGCONT */
  void signal(String signal) {
    try {
      new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }

  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var options = RedisNode.Options.of(arguments[0]).lease(Duration.parse(arguments[1]));
    String name = arguments[3];
    IOLoop.run(
        () -> {
          RedisNode node = await(RedisNode.connect(IOLoop.current(), options));
          out.println("connected");
          switch (arguments[2]) {
            case "hold" -> {
              RedisLease lease = await(node.lock(name).acquire());
              out.println("holds " + lease.token());
              await(lease.whenLost());
              out.println("lost");
            }
            case "hold-and-look" -> { // busily, so that it looks as soon as it runs again
              RedisLease lease = await(node.lock(name).acquire());
              out.println("holds " + lease.token());
              long last = System.nanoTime();
              while (System.nanoTime() - last < options.lease().toNanos()) {
                last = System.nanoTime();
                if (lease.isLost()) {
                  break;
                }
                Coroutines.pause();
              }
              out.println("looks " + lease.isLost());
            }
            case "wait" -> {
              var wait = node.lock(name).acquire();
              await(node.lock(name).isLocked());
              out.println("waits");
              out.println("granted " + await(wait).token());
              Coroutines.sleep(Duration.ofMinutes(1));
            }
            case "wait-many" -> {
              var semaphore = node.semaphore(name, 2);
              var wait = semaphore.acquire(2);
              await(semaphore.availablePermits());
              out.println("waits");
              await(wait);
              Coroutines.sleep(Duration.ofMinutes(1));
            }
            case "take" -> {
              RedisLease lease = await(node.lock(name).acquire());
              out.println("holds " + lease.token());
              lease.close();
              node.close();
            }
            default -> throw new IllegalArgumentException(arguments[2]);
          }
        });
  }
}

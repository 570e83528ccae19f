package toro.examples;

import java.time.Duration;
import toro.*;

/**
 * The primitives without coroutines: a wait-method returns a future at once, and a callback is
 * attached to it. Callbacks run inside the call that grants the wait.
 */
public final class Callbacks {
  private Callbacks() {}

  public static void main(String[] args) {
    try (var loop = new IOLoop()) {
      var condition = new Condition(loop);
      var lock = new Lock(loop);

      loop.execute(
          () -> {
            // @start region="notify"
            IO.println("I'll wait right here");
            condition.whenSignalled().thenRun(() -> IO.println("I'm done waiting"));

            IO.println("About to notify");
            condition.signal(); // runs the callback
            IO.println("Done notifying");
            // @end
          });

      loop.execute(
          () -> {
            // @start region="lock"
            lock.acquire()
                .thenAccept(
                    lease -> {
                      IO.println("the first one is in");
                      loop.callLater(Duration.ofMillis(20), lease::close);
                    });

            lock.acquire(Duration.ofMillis(1))
                .whenComplete(
                    (lease, failure) -> {
                      if (failure instanceof DeadlineExceededException) {
                        IO.println("the second one could not wait");
                      }
                    });

            lock.acquire()
                .thenAccept(
                    lease -> {
                      IO.println("the third one is in");
                      lease.close();
                      loop.stop();
                    });
            // @end
          });

      loop.start(); // until stop()
    }
  }
}

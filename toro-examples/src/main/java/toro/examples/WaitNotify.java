package toro.examples;

import static toro.Coroutines.*;

import toro.*;

/** One coroutine waits until another one signals. */
public final class WaitNotify {
  public static void main(String[] args) {
    IOLoop.run(
        () -> {
          var condition = new Condition();
          var waiter =
              spawn(
                  () -> {
                    IO.println("I'll wait right here");
                    await(condition.whenSignalled());
                    IO.println("I'm done waiting");
                  });
          var notifier =
              spawn(
                  () -> {
                    IO.println("About to notify");
                    condition.signal();
                    IO.println("Done notifying");
                  });
          awaitAll(waiter, notifier);
        });
  }
}

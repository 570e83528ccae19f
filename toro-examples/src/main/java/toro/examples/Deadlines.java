package toro.examples;

import static toro.Coroutines.*;

import java.time.Duration;
import java.time.Instant;
import toro.*;

/** Each wait has a deadline of its own: a time from now, or a point in time. */
public final class Deadlines {
  private Deadlines() {}

  public static void main(String[] args) {
    IOLoop.run(
        () -> {
          var condition = new Condition();

          // @start region="timeout"
          // Wait up to 10 milliseconds for a signal.
          try {
            await(condition.whenSignalled(Duration.ofMillis(10)));
          } catch (DeadlineExceededException e) {
            IO.println("no signal, and nobody waits any more: " + condition);
          }
          // @end

          // @start region="deadline"
          // A deadline is a point in time: several waits can share one.
          Deadline deadline = Deadline.after(Duration.ofMillis(10));
          for (int attempt = 1; attempt <= 2; attempt++) {
            try {
              await(condition.whenSignalled(deadline));
            } catch (DeadlineExceededException e) {
              IO.println("attempt " + attempt + ": passed = " + deadline.hasPassed());
            }
          }
          // @end

          // @start region="instant"
          // It can be one of the wall clock.
          Instant soon = Instant.now().plusMillis(10);
          try {
            await(condition.whenSignalled(Deadline.at(soon)));
          } catch (DeadlineExceededException e) {
            IO.println("it is later than that");
          }
          // @end

          // @start region="zero"
          // No time at all: granted now, or not at all.
          var lock = new Lock();
          try (var lease = await(lock.acquire(Duration.ZERO))) {
            IO.println("the lock was free");
            await(lock.acquire(Duration.ZERO));
          } catch (DeadlineExceededException e) {
            IO.println("now it is not");
          }
          // @end

          // @start region="intime"
          // A signal in time: the wait ends, and its timer with it.
          var waiter =
              spawn(
                  () -> {
                    await(condition.whenSignalled(Duration.ofMinutes(1)));
                    IO.println("signalled in time");
                  });
          pause(); // the waiter begins to wait
          condition.signal();
          await(waiter);
          // @end
        });
  }
}

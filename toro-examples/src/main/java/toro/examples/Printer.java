package toro.examples;

import static toro.Coroutines.*;

import java.time.Duration;
import java.util.List;
import toro.DeadlineExceededException;
import toro.IOLoop;
import toro.Lock;
import toro.Queue;

/** Two workers take jobs from a queue and share one printer. */
public final class Printer {
  public static void main(String[] args) {
    IOLoop.run(
        () -> {
          var jobs = new Queue<String>();
          var printer = new Lock();
          for (String name : List.of("Ann", "Bob")) {
            spawn(
                () -> {
                  for (String job : jobs) { // suspends until there is a job
                    try (var lease = await(printer.acquire())) { // held across the next await
                      sleep(Duration.ofMillis(20));
                      IO.println(name + " printed " + job);
                    }
                    jobs.taskDone();
                  }
                });
          }
          await(jobs.put("a report"));
          await(jobs.put("an invoice"));
          await(jobs.join());
          try {
            await(jobs.get(Duration.ofMillis(50))); // each wait has its own deadline
          } catch (DeadlineExceededException e) {
            IO.println("no more jobs");
          }
        });
  }
}

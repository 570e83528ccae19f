package toro.examples;

import static toro.Coroutines.*;

import java.time.Duration;
import toro.*;

/**
 * The queue of the article "Tornado Locks And Queues (The End Of Toro)" of 2015, line by line. It
 * prints what the article says, in the same order.
 */
public final class ArticleQueue {
  private final Queue<Integer> q = new Queue<>(2);

  private ArticleQueue() {}

  private void consumer() {
    while (true) {
      int item = await(q.get());
      try {
        IO.println("Doing work on " + item);
        sleep(Duration.ofMillis(10));
      } finally {
        q.taskDone();
      }
    }
  }

  private void producer() {
    for (int item = 0; item < 5; item++) {
      await(q.put(item));
      IO.println("Put " + item);
    }
  }

  private void run() {
    spawn(this::consumer); // Start consumer.
    await(spawn(this::producer)); // Wait for producer to put all tasks.
    await(q.join()); // Wait for consumer to finish all tasks.
    IO.println("Done");
  }

  public static void main(String[] args) {
    IOLoop.run(() -> new ArticleQueue().run());
  }
}

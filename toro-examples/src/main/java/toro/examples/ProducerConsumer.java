package toro.examples;

import static toro.Coroutines.*;

import toro.*;

/**
 * One coroutine puts items into a queue that holds three, another one gets them out: who is too
 * fast waits for the other. The program ends when all items have been worked on.
 */
public final class ProducerConsumer {
  private ProducerConsumer() {}

  public static void main(String[] args) {
    IOLoop.run(
        () -> {
          // @start region="queue"
          var queue = new Queue<Integer>(3);
          spawn(
              () -> {
                for (int item : queue) { // waits for the next one
                  try {
                    IO.println("Doing work on " + item);
                  } finally {
                    queue.taskDone();
                  }
                }
              });
          for (int item = 0; item < 10; item++) {
            await(queue.put(item)); // waits while the queue is full
          }
          await(queue.join()); // waits until all of it is done
          IO.println("Done");
          // @end
        });
  }
}

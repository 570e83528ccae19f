package toro.benchmarks.contenders;

import static java.lang.Thread.State.TIMED_WAITING;
import static java.lang.Thread.State.WAITING;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Virtual threads that wait until they are interrupted. */
final class Waiters {
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong interrupted = new AtomicLong();

  /** Something to wait in. */
  interface Wait {
    void run() throws InterruptedException;
  }

  /** Starts threads, and returns when all of them wait. */
  void start(int count, Wait wait) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      threads.add(Thread.startVirtualThread(() -> await(wait)));
    }
    for (Thread thread : threads) {
      while (thread.getState() != WAITING && thread.getState() != TIMED_WAITING) {
        Thread.sleep(1);
      }
    }
  }

  private void await(Wait wait) {
    try {
      wait.run();
    } catch (InterruptedException expected) {
      interrupted.incrementAndGet();
    }
  }

  /** In random order from now on. */
  void shuffle() {
    Collections.shuffle(threads, new Random(1));
  }

  /** Interrupts all, and returns how many that has ended. */
  long interrupt() throws InterruptedException {
    threads.forEach(Thread::interrupt);
    join();
    return interrupted.get();
  }

  /** Waits until all have ended. */
  void join() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }
}

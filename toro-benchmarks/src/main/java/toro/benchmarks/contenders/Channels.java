package toro.benchmarks.contenders;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import toro.benchmarks.Share;

/** Producers and consumers in virtual threads, whatever is between them. */
final class Channels {
  private Channels() {}

  /** Puts an item in. */
  interface Sender {
    void send(Integer item) throws InterruptedException;
  }

  /** Takes an item out. */
  interface Receiver {
    Integer receive() throws InterruptedException;
  }

  /** Sends all items through; returns the sum of those that came out. */
  static long run(int pairs, int items, Sender sender, Receiver receiver) throws Exception {
    List<Callable<Long>> tasks = new ArrayList<>();
    for (Share share : Share.of(pairs, items)) {
      tasks.add(() -> produce(sender, share));
      tasks.add(() -> consume(receiver, share.size()));
    }
    return VirtualThreads.sum(tasks);
  }

  private static long produce(Sender sender, Share share) throws InterruptedException {
    for (int item = share.from(); item < share.to(); item++) {
      sender.send(item);
    }
    return 0;
  }

  private static long consume(Receiver receiver, int items) throws InterruptedException {
    long sum = 0;
    for (int i = 0; i < items; i++) {
      sum += receiver.receive();
    }
    return sum;
  }
}

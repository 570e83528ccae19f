package toro.benchmarks.contenders;

import com.softwaremill.jox.Channel;
import toro.benchmarks.Contender;
import toro.benchmarks.Work;

/** Jox: channels for virtual threads. It has nothing else of what is measured. */
public final class JoxContender implements Contender {
  @Override
  public Work queue(int pairs, int capacity, int items) {
    return () -> {
      Channel<Integer> channel =
          capacity == 0 ? Channel.newUnlimitedChannel() : Channel.newBufferedChannel(capacity);
      return Channels.run(pairs, items, channel::send, channel::receive);
    };
  }

  @Override
  public Work cancel(int waiters) {
    return new ThreadWork() {
      @Override
      public void prepare() throws Exception {
        Channel<Integer> channel = Channel.newUnlimitedChannel();
        renew(() -> {}).start(waiters, channel::receive);
        waiters().shuffle();
      }

      @Override
      public long run() throws Exception {
        return waiters().interrupt();
      }
    };
  }

  @Override
  public Work parkedCoroutines(int count) {
    return new ThreadWork() {
      private Channel<Integer> channel = Channel.newUnlimitedChannel();

      @Override
      public void prepare() throws Exception {
        channel = Channel.newUnlimitedChannel();
        renew(channel::done);
      }

      @Override
      public long run() throws Exception {
        waiters().start(count, channel::receiveOrClosed);
        return count;
      }
    };
  }
}

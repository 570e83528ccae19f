package toro;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Several loops, each driven by a thread of its own: for a machine with several cores. Made by
 * {@link IOLoop#group}.
 *
 * {@snippet file="toro/LoopGroupSnippetsTest.java" region="group"}
 *
 * <p>A coroutine stays on the loop on which it was spawned, and so does a primitive on the one that
 * it was made for. Work goes from one loop to another by {@link IOLoop#submit}.
 *
 * <p>The loops run until the group is closed, also if one of them is {@linkplain IOLoop#stop()
 * stopped}. A failure of a callback or coroutine, {@link Error}s too, ends only that; if an error
 * ends the thread of a loop all the same, that loop is closed, and each wait on it fails. Any
 * thread may call all methods.
 */
public final class LoopGroup implements AutoCloseable {
  private static final AtomicInteger MADE = new AtomicInteger();

  private final List<Member> members;
  private final AtomicInteger calls = new AtomicInteger();
  private volatile boolean closing;

  LoopGroup(int n, Supplier<LoopClock> clocks) {
    if (n < 1) {
      throw new IllegalArgumentException("a group needs at least one loop, not " + n);
    }
    String name = "toro-group-" + MADE.incrementAndGet() + "-loop-";
    members =
        IntStream.rangeClosed(1, n)
            .mapToObj(i -> new Member(new IOLoop(clocks.get(), name + i)))
            .toList();
    members.forEach(member -> member.thread.start());
  }

  /** A loop and its thread. */
  private final class Member implements Runnable {
    private final IOLoop loop;
    private final Thread thread;

    Member(IOLoop loop) {
      this.loop = loop;
      this.thread = Thread.ofPlatform().name(loop.name()).unstarted(this);
    }

    @Override
    public void run() {
      try (loop) {
        while (!closing) {
          loop.start();
        }
      } catch (Throwable failure) {
        loop.report(loop, failure);
      }
    }
  }

  /**
   * The next loop, in turn.
   *
   * @return a loop of the group
   */
  public IOLoop next() {
    return members.get(Math.floorMod(calls.getAndIncrement(), members.size())).loop;
  }

  /**
   * All loops of the group.
   *
   * @return the loops, always in the same order
   */
  public List<IOLoop> loops() {
    return members.stream().map(member -> member.loop).toList();
  }

  /**
   * Closes all loops, as {@link IOLoop#run} does at its end: what still runs is cancelled and given
   * the chance to clean up. Waits until the threads have ended. An interrupt is kept for when that
   * is so. Closing it again does nothing.
   *
   * @throws IllegalStateException if the calling thread is on a loop, which it would block
   */
  @Override
  public void close() {
    IOLoop here = IOLoop.currentOrNull();
    if (here != null) {
      throw new IllegalStateException(
          "close the group on a thread that is on no loop: here it would block " + here);
    }
    closing = true;
    members.forEach(member -> member.loop.stop());
    boolean interrupted = false;
    for (Member member : members) {
      while (member.thread.isAlive()) {
        try {
          member.thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** For example {@code LoopGroup[loops=4]}, {@code LoopGroup[closed loops=4]}. */
  @Override
  public String toString() {
    return "LoopGroup[" + (closing ? "closed " : "") + "loops=" + members.size() + "]";
  }
}

package toro.benchmarks.contenders;

import toro.benchmarks.Work;

/** Work with virtual threads that wait. */
abstract class ThreadWork implements Work {
  private Waiters waiters = new Waiters();
  private Runnable release = () -> {};

  /** Begins anew: lets the threads so far end. */
  final Waiters renew(Runnable release) throws InterruptedException {
    close();
    this.release = release;
    waiters = new Waiters();
    return waiters;
  }

  final Waiters waiters() {
    return waiters;
  }

  @Override
  public final void close() throws InterruptedException {
    release.run();
    waiters.join();
    release = () -> {};
  }
}

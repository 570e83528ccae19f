package toro.benchmarks.contenders;

import toro.benchmarks.Share;

/** Threads that are not the loop's. */
final class OtherThreads {
  private OtherThreads() {}

  /** Does something so many times, shared out among so many threads; does not wait for it. */
  static void submit(int threads, int operations, Runnable submission) {
    for (Share share : Share.of(threads, operations)) {
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                for (int i = 0; i < share.size(); i++) {
                  submission.run();
                }
              });
    }
  }
}

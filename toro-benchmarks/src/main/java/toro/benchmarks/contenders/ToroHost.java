package toro.benchmarks.contenders;

import toro.IOLoop;

/** What gives Toro's loops their thread. */
public interface ToroHost {
  /** Makes a loop, on a thread that has no other. */
  IOLoop newLoop();

  /** Has a task of that thread return a number, and awaits it, as one does there. */
  int ask(int number);

  /** Ends the thread of the loop that was made last, when that is closed. */
  void end();
}

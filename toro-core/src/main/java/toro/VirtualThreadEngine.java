package toro;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The engine that runs everywhere: each fiber is a virtual thread, and the threads take turns.
 *
 * <p>Who has nothing to do drives the loop: a fiber that suspends takes the next ready thing
 * itself. Its own wake-up it simply returns from, without a switch; to another fiber it hands its
 * turn over, and parks. Callbacks it leaves to a thread that has nothing else to do: on its own
 * they would see its thread-locals, its scoped values and its monitors, and have what is left of
 * its stack.
 */
final class VirtualThreadEngine implements Engine {
  private static final Thread.Builder.OfVirtual THREADS =
      Thread.ofVirtual().name("toro-coroutine").inheritInheritableThreadLocals(false);

  private final IOLoop loop;
  private @Nullable Strand driver; // who has the turn
  private @Nullable Strand starter; // the thread in drive()
  private @Nullable Strand caller; // runs callbacks when a fiber meets one

  VirtualThreadEngine(IOLoop loop) {
    this.loop = loop;
  }

  @Override
  public Fiber newFiber(Coroutine<?> coroutine) {
    return new ThreadFiber(coroutine);
  }

  @Override
  public void drive() {
    Strand me = new Strand(Thread.currentThread());
    starter = me;
    driver = me;
    loop.running = me.thread;
    try {
      while (loop.goesOn()) {
        step(me);
      }
    } finally {
      loop.running = null;
      driver = null;
      starter = null;
      endCaller();
    }
  }

  @Override
  public String toString() {
    return VIRTUAL_THREADS;
  }

  /**
   * Gives the turn to another strand. The caller must touch nothing of the loop before it has it
   * again.
   */
  private void handOver(Strand to) {
    driver = to;
    loop.running = to.thread;
    to.go();
  }

  /** One step of driving the loop by a strand that has nothing to do. */
  private void step(Strand me) {
    if (starter != null && !loop.goesOn()) {
      handOver(starter);
      me.rest();
      return;
    }
    Runnable next = loop.next();
    if (next == null) {
      return;
    }
    if (next instanceof Fiber || me == caller || me == starter) {
      loop.runNext(next);
    } else {
      loop.putBack(next);
      handOver(caller());
      me.rest();
    }
  }

  private Strand caller() {
    if (caller == null) {
      caller = new Strand(THREADS.unstarted(this::runCallbacks));
    }
    return caller;
  }

  private void runCallbacks() {
    Strand me = requireNonNull(caller);
    loop.enter();
    loop.host.adopt();
    me.rest();
    while (!me.ended) {
      step(me);
    }
  }

  private void endCaller() {
    if (caller != null) {
      caller.ended = true;
      caller.go();
      caller = null;
    }
  }

  /** A thread that takes turns with others. */
  private static final class Strand {
    /** How often a thread of the machine looks, some 20 microseconds, before it sleeps. */
    private static final int LOOKS = Runtime.getRuntime().availableProcessors() == 1 ? 0 : 500;

    private final Thread thread;
    private volatile boolean turn;
    private boolean started;
    private boolean ended;

    Strand(Thread thread) {
      this.thread = thread;
      this.started = thread.isAlive();
    }

    /** Gives it the turn. */
    void go() {
      turn = true;
      if (started) {
        LockSupport.unpark(thread);
      } else {
        started = true;
        thread.start();
      }
    }

    /**
     * Waits for its turn, whatever interrupts it meanwhile; returns at once if it needs no other.
     */
    void rest() {
      if (ended) {
        return;
      }
      int looks = thread.isVirtual() ? 0 : LOOKS;
      for (int i = 0; i < looks && !turn; i++) {
        Thread.onSpinWait();
      }
      boolean interrupted = false;
      while (!turn) {
        try {
          LockSupport.park(this);
        } catch (StackOverflowError tooDeep) {
          Thread.onSpinWait(); // to park, a deep stack needs as much again: it waits without
        }
        interrupted |= Thread.interrupted();
      }
      turn = false;
      if (interrupted) {
        thread.interrupt();
      }
    }
  }

  private final class ThreadFiber extends Fiber {
    private final Strand strand = new Strand(THREADS.unstarted(this::runThread));
    private boolean resumed;

    ThreadFiber(Coroutine<?> coroutine) {
      super(coroutine);
    }

    private void runThread() {
      strand.turn = false;
      loop.enter();
      loop.host.adopt();
      live();
      strand.ended = true;
      while (driver == strand) {
        step(strand);
      }
    }

    @Override
    void resume() {
      Strand me = driver;
      resumed = true;
      if (me != strand && me != null) {
        handOver(strand);
        me.rest();
      }
    }

    @Override
    void stop() {
      Headroom.check();
      resumed = false;
      stopped();
      while (!resumed) {
        step(strand);
      }
    }
  }
}

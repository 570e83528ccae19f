package toro;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import toro.spi.Probe;
import toro.spi.RemoteLine;
import toro.spi.ThreadContext;

/**
 * A single-threaded event loop: it runs callbacks, timers and coroutines one at a time.
 *
 * {@snippet file="toro/SnippetsTest.java" region="hello"}
 *
 * <p><b>On the loop.</b> Code is on the loop while the loop runs it: in a coroutine or in a
 * callback. Everything of a loop is used there, and nowhere else: elsewhere it throws {@link
 * WrongThreadException}. Only {@link #execute}, {@link #spawn(Callable) spawn}, {@link
 * #submit(Callable) submit}, {@link #stop}, and the completion of a future that is awaited may come
 * from any thread. Which thread it is that runs the loop's code may change from one moment to the
 * next; there is never more than one, and each sees all that the one before has done.
 *
 * <p><b>Driving it.</b> A loop runs while a thread is in {@link #run(Callable) run}, {@link
 * #runSync(Callable) runSync} or {@link #start}; that thread is blocked meanwhile. Interrupting it
 * changes nothing: the interrupt is kept for when the loop has ended. Blocking calls in a callback
 * or coroutine block the loop; {@link #reportSlow} tells of them.
 *
 * <p>Or it runs {@linkplain #on on an executor} that is there already, a framework's event loop for
 * example, and blocks no thread.
 *
 * <p><b>Engines.</b> Coroutines run on virtual threads, or, where the JVM exports {@code
 * jdk.internal.vm} to this module, as continuations on the thread that drives the loop, which is
 * faster. The system property {@code toro.engine}, {@code virtual-threads} or {@code
 * continuations}, forces one for the loops that are made from then on. The guide tells what differs
 * for thread-locals, scoped values and monitors.
 *
 * <p>It is Tornado's {@code IOLoop}.
 */
public final class IOLoop implements Executor, AutoCloseable {
  static {
    RemoteLine.Factory.INSTALLED.set(RemoteWaitList::new);
    ThreadContext.Installer.INSTALLED.set(IOLoop::install);
  }

  private static final System.Logger LOGGER = System.getLogger(IOLoop.class.getName());

  /** How many ready things run before timers and other threads' tasks are looked for. */
  private static final int TURN = 32;

  /** How many turns go by without a look at the clock if there is no timer. */
  private static final int UNSEEN = 15;

  /**
   * How many of other threads' tasks are taken at once, lest those threads keep the loop busy with
   * taking.
   */
  private static final int MAX_TAKEN = 1024;

  /**
   * How long the coroutines that a closing loop has cancelled may take to clean up while they wait
   * for the time or for another thread.
   */
  static final Duration GRACE = Duration.ofSeconds(10);

  /** How many blocking calls run at a time, unless its limiter is resized. */
  private static final int BLOCKING_CALLS = 512;

  private static final ThreadLocal<@Nullable IOLoop> CURRENT = new ThreadLocal<>();

  // The one that was entered last: looked at first, since mostly it is the current one.
  private static @Nullable IOLoop latest;

  // Several loops may live on one executor's thread: CURRENT is the first, and this the next one.
  private @Nullable IOLoop neighbour;

  private final LoopClock clock;
  private final @Nullable String name; // if it has one
  final Host host;
  final @Nullable Probe probe; // of a test; else null
  final Engine engine = Engine.of(this);
  final Timers timers = new Timers(this);
  final WaitLists waitLists = new WaitLists();
  final Completions completions = new Completions();
  final Fibers fibers = new Fibers();
  // What coroutines and callbacks have in thread-locals of others; any thread may install it, once.
  volatile @Nullable ThreadContext threadContext = ThreadContext.Installer.OF_NEW_LOOPS.get();

  final SplittableRandom random = new SplittableRandom(0); // the same in each run

  // The time on its clock since the loop was made, when it last looked: a load where a clock would
  // cost twenty times as much. It looks when it has waited, and else now and then.
  long seen;
  private final long origin;
  private int unseen; // how many more turns without a look

  // Used on the loop only. What is ready runs in this order.
  private final ArrayDeque<Runnable> ready;
  private int left; // of this turn
  @Nullable Fiber current; // whose turn it is
  private BooleanSupplier until = () -> true; // what who drives it waits for

  // The thread that is on the loop. Another thread may read an old value, but never itself.
  @Nullable Thread running;

  // What other threads hand over.
  private final Inbox inbox = new Inbox();
  private volatile boolean closed;
  private final CompletableFuture<@Nullable Void> whenClosed = new CompletableFuture<>();

  private volatile BiConsumer<Object, Throwable> exceptionHandler = IOLoop::log;
  private volatile long slowNanos = Long.MAX_VALUE;
  private volatile BiConsumer<Object, Duration> slowReport = IOLoop::logSlow;
  private @Nullable Semaphore blockingLimiter; // made when it is first asked for
  private @Nullable Runnable held; // what ran last, while slow ones are reported
  private long heldSince;

  /**
   * A loop on the machine's clock. It runs nothing until it is started.
   *
   * @throws IllegalStateException if the system property {@code toro.engine} names an engine that
   *     does not exist, or that this JVM does not allow
   */
  public IOLoop() {
    this(LoopClock.system());
  }

  /**
   * A loop on a clock of its own.
   *
   * @param clock where its timers, deadlines and sleeps take the time from
   * @throws IllegalStateException if the system property {@code toro.engine} names an engine that
   *     does not exist, or that this JVM does not allow
   */
  public IOLoop(LoopClock clock) {
    this(clock, null);
  }

  IOLoop(LoopClock clock, @Nullable String name) {
    this.name = name;
    this.clock = requireNonNull(clock, "clock");
    this.origin = clock.nanoTime();
    this.probe = clock instanceof Probe told ? told : null;
    this.ready = probe == null ? new ArrayDeque<>() : probe.readyQueue();
    this.host = new CallingThread(this, clock);
  }

  /** A loop on somebody else's executor. */
  IOLoop(
      ScheduledExecutorService executor, @Nullable BooleanSupplier isExecutors, LoopClock clock) {
    requireNonNull(executor, "executor");
    var guest = new ExecutorHost(this, clock, executor, isExecutors);
    var ready = new ExecutorHost.Ready();
    ready.tell(guest);
    this.name = null;
    this.clock = clock;
    this.origin = clock.nanoTime();
    this.probe = null;
    this.ready = ready;
    this.host = guest;
    guest.begin();
  }

  /**
   * A loop that runs on an executor which is there already, and which must have a single thread: a
   * JDK one, that of a framework, a user interface's. It has no thread of its own and blocks none:
   * it runs in turns, tasks of that executor, when there is something to do, and lets other tasks
   * in between. Its deadlines and timers are scheduled there.
   *
   * <p>It runs by itself until it is closed; it is neither started nor stopped. {@link
   * #runSync(Callable) runSync} waits on another thread until its coroutine has ended. Other tasks
   * of the executor are on the loop from its first turn on: they may use what belongs to it as its
   * own callbacks do.
   *
   * <p>Two loops on one executor take turns. A coroutine or callback is on its own loop only: what
   * belongs to the other one refuses it with a {@link WrongThreadException}, and is reached with
   * {@link #submit(Callable) submit}. The executor's other tasks are on both.
   *
   * <p>With the engine on continuations, coroutines run on the executor's very thread; with that on
   * virtual threads, on threads of their own while the executor's waits for the end of the turn.
   *
   * <p>The executor must run one task at a time. When two turns overlap, the failure goes to the
   * exception handler, with the executor as its source, and the loop closes: every wait fails with
   * a {@link LoopClosedException} that tells the reason.
   *
   * <p>Close the loop before the executor is shut down. Otherwise the loop closes by itself,
   * without letting its coroutines clean up: when the executor has terminated, or within a second
   * after the loop or a caller has noticed the shutdown. A caller that notices gets a {@link
   * LoopClosedException}. Also an executor that refuses a task ends its loop.
   *
   * @param executor where to run
   * @return a new loop
   * @throws java.util.concurrent.RejectedExecutionException if the executor has shut down
   * @throws IllegalStateException if the system property {@code toro.engine} names an engine that
   *     does not exist, or that this JVM does not allow
   */
  public static IOLoop on(ScheduledExecutorService executor) {
    return new IOLoop(executor, null, LoopClock.system());
  }

  /**
   * A loop that runs on an executor which is there already: {@link #on(ScheduledExecutorService)}.
   * This form is for an executor that can tell its thread, so that the loop can be used there from
   * the beginning, before its first turn. Where several executors share one thread, as the contexts
   * of Vert.x do, it tells whose task that thread runs now, and {@link #current()} is the loop of
   * that one.
   *
   * @param executor where to run
   * @param isExecutors tells whether the thread that calls it is the executor's: {@code
   *     eventLoop::inEventLoop}, {@code SwingUtilities::isEventDispatchThread}; on the thread on
   *     which the loop runs it is asked often, between the turns
   * @return a new loop
   * @throws java.util.concurrent.RejectedExecutionException if the executor has shut down
   * @throws IllegalStateException if the system property {@code toro.engine} names an engine that
   *     does not exist, or that this JVM does not allow
   */
  public static IOLoop on(ScheduledExecutorService executor, BooleanSupplier isExecutors) {
    return new IOLoop(executor, requireNonNull(isExecutors, "isExecutors"), LoopClock.system());
  }

  // Where am I?

  /**
   * The loop whose callback or coroutine the calling thread runs.
   *
   * @return the current loop
   * @throws IllegalStateException if the thread runs none
   */
  public static IOLoop current() {
    IOLoop loop = currentOrNull();
    if (loop == null) {
      throw new IllegalStateException(
          "no IOLoop is current on "
              + Text.of(Thread.currentThread())
              + ": call this in a coroutine or callback of a loop, or pass the loop as the first argument");
    }
    return loop;
  }

  static @Nullable IOLoop currentOrNull() {
    IOLoop loop = latest;
    if (loop != null && loop.isCurrent()) {
      return loop;
    }
    loop = CURRENT.get();
    while (loop != null && !loop.isCurrent()) {
      loop = loop.neighbour;
    }
    return loop;
  }

  static LoopClock currentClock() {
    IOLoop loop = currentOrNull();
    return loop == null ? LoopClock.system() : loop.clock;
  }

  /** The calling thread is one of those that take turns at the loop. */
  void enter() {
    CURRENT.set(this);
    latest = this;
  }

  /** The calling thread is one on which this loop takes turns with other things. */
  void moveIn() {
    IOLoop first = CURRENT.get();
    if (first == null) {
      neighbour = null;
      enter();
    } else if (!first.hasNeighbour(this)) {
      neighbour = first.neighbour;
      first.neighbour = this;
    }
  }

  private boolean hasNeighbour(IOLoop other) {
    IOLoop each = this;
    while (each != null && each != other) {
      each = each.neighbour;
    }
    return each == other;
  }

  /** It is none of them any more. */
  private void moveOut() {
    IOLoop other = CURRENT.get();
    if (other == this) {
      leave(neighbour);
    }
    for (; other != null; other = other.neighbour) {
      if (other.neighbour == this) {
        other.neighbour = neighbour;
      }
    }
  }

  private void leave(@Nullable IOLoop to) {
    if (to != null) {
      to.enter();
    } else {
      CURRENT.remove();
      if (latest == this) {
        latest = null;
      }
    }
  }

  /** The fiber that runs; null in a callback. */
  @Nullable Fiber currentFiber() {
    return completions.areUnderWay() ? null : current;
  }

  /**
   * Calls code of others that must not suspend: a comparator, a handler, a subscriber. In the
   * middle of what a primitive does, a suspension would let other coroutines find it half done; so
   * such code is a callback, also where a coroutine calls it.
   */
  <T extends @Nullable Object> T asCallback(Supplier<T> code) {
    if (!isCurrent()) {
      return code.get();
    }
    completions.enter();
    try {
      return code.get();
    } finally {
      completions.leave();
    }
  }

  void asCallback(Runnable code) {
    asCallback(
        () -> {
          code.run();
          return null;
        });
  }

  /** The coroutine that runs; null in a callback. */
  @Nullable Coroutine<?> currentCoroutine() {
    Fiber fiber = currentFiber();
    return fiber == null ? null : fiber.coroutine;
  }

  /** The number of the coroutine that runs; {@link WaitList.Grantor#CALLBACK} in a callback. */
  long currentNumber() {
    Fiber fiber = currentFiber();
    return fiber == null ? WaitList.Grantor.CALLBACK : fiber.number;
  }

  boolean isCurrent() {
    return running == Thread.currentThread() || host.isHere();
  }

  /** Does the calling thread run something of another loop? */
  boolean isBesideAnother() {
    IOLoop other = CURRENT.get();
    return other != null
        && other != this
        && other.running == Thread.currentThread()
        && other.host.runsHere();
  }

  /** Would this loop stand still while the calling thread were blocked? */
  boolean isHeldUpHere() {
    if (isCurrent()) {
      return true;
    }
    IOLoop here = currentOrNull();
    return here != null && host.sharesThread(here.host);
  }

  /** Refuses to change something of this loop from elsewhere. */
  void check(Object what) {
    if (!isCurrent()) {
      throw wrongThread(what);
    }
  }

  /** Refuses to read something of this loop while another thread may be changing it. */
  void checkRead(Object what) {
    if (!isCurrent() && running != null) {
      throw wrongThread(what);
    }
  }

  private RuntimeException wrongThread(Object what) {
    if (closed || host.failure() != null) {
      return closed();
    }
    String name = what.getClass().getSimpleName();
    String given = Names.of(what);
    Thread on = running;
    IOLoop here = currentOrNull();
    return new WrongThreadException(
        (given == null ? name : name + "[" + Names.quoted(given) + "]")
            + " was used by "
            + Text.of(Thread.currentThread())
            + (here == null ? "" : ", which is on " + here.identity())
            + ", and belongs to "
            + identity()
            + (on == null ? " (the loop is not running)" : ", which is on " + Text.of(on))
            + ": hand the call over, with await(loop.submit(() -> …)) in a coroutine of another loop,"
            + " loop.submit(() -> …).join() on a thread without a loop, or loop.execute(() -> …)");
  }

  private String identity() {
    return name != null ? name : "IOLoop@" + Integer.toHexString(System.identityHashCode(this));
  }

  /** The name of a loop of a group. */
  @Nullable String name() {
    return name;
  }

  // Driving it.

  /**
   * Makes a loop, runs a coroutine on it to its end, and closes the loop: what still runs then is
   * cancelled and given the chance to clean up.
   *
   * @param main the body of the coroutine
   * @param <T> the type of what it returns
   * @return what it returns
   * @throws IllegalStateException if the calling thread is on a loop already
   */
  // What the body throws is thrown as it is, also if it is checked.
  public static <T extends @Nullable Object> T run(Callable<T> main) {
    try (IOLoop loop = new IOLoop()) {
      return loop.runSync(main);
    }
  }

  /**
   * Makes a loop, runs a coroutine that returns nothing on it to its end, and closes the loop:
   * {@link #run(Callable)}.
   *
   * @param main the body of the coroutine
   * @throws IllegalStateException if the calling thread is on a loop already
   */
  public static void run(ThrowingRunnable main) {
    run(Coroutines.callable(main));
  }

  /**
   * Runs a coroutine to its end. Other coroutines and callbacks run meanwhile; those that have not
   * ended then go on when the loop is driven again.
   *
   * @param main the body of the coroutine
   * @param <T> the type of what it returns
   * @return what it returns
   * @throws IllegalStateException if the loop runs already, if the calling thread is on a loop, or
   *     if the loop was stopped before the coroutine ended
   * @throws LoopClosedException if the loop is closed
   */
  // What the body throws is thrown as it is, also if it is checked.
  public <T extends @Nullable Object> T runSync(Callable<T> main) {
    return runSync(main, Deadline.never());
  }

  /**
   * Runs a coroutine that returns nothing to its end: {@link #runSync(Callable)}.
   *
   * @param main the body of the coroutine
   * @throws IllegalStateException if the loop runs already, if the calling thread is on a loop, or
   *     if the loop was stopped before the coroutine ended
   * @throws LoopClosedException if the loop is closed
   */
  public void runSync(ThrowingRunnable main) {
    runSync(Coroutines.callable(main));
  }

  /**
   * Runs a coroutine to its end, for at most so long. When the time is up it is cancelled and may
   * clean up, and this throws.
   *
   * @param main the body of the coroutine
   * @param timeout how long, on the loop's clock
   * @param <T> the type of what it returns
   * @return what it returns
   * @throws DeadlineExceededException if the time was up before the coroutine ended
   * @throws IllegalStateException if the loop runs already, if the calling thread is on a loop, or
   *     if the loop was stopped before the coroutine ended
   * @throws LoopClosedException if the loop is closed
   */
  public <T extends @Nullable Object> T runSync(Callable<T> main, Duration timeout) {
    return runSync(main, Deadline.in(timeout));
  }

  /**
   * Runs a coroutine that returns nothing to its end, for at most so long: {@link
   * #runSync(Callable, Duration)}.
   *
   * @param main the body of the coroutine
   * @param timeout how long, on the loop's clock
   * @throws DeadlineExceededException if the time was up before the coroutine ended
   * @throws IllegalStateException if the loop runs already, if the calling thread is on a loop, or
   *     if the loop was stopped before the coroutine ended
   * @throws LoopClosedException if the loop is closed
   */
  public void runSync(ThrowingRunnable main, Duration timeout) {
    runSync(Coroutines.callable(main), timeout);
  }

  private <T extends @Nullable Object> T runSync(Callable<T> main, Deadline deadline) {
    Coroutine<T> coroutine = new Coroutine<>(this, null, requireNonNull(main, "body"), null);
    coroutine.observed();
    if (!host.runToEnd(coroutine, deadline)) {
      throw Failures.sneaky(
          Failures.awaited(
              new DeadlineExceededException(
                  "runSync: the time was up before the coroutine ended")));
    }
    if (!coroutine.isDone()) {
      throw new IllegalStateException("the loop was stopped before the coroutine of runSync ended");
    }
    return Failures.valueOf(coroutine);
  }

  /**
   * Runs the loop until {@link #stop} is called; waits where there is nothing to do.
   *
   * @throws IllegalStateException if the loop runs already, also because it is {@linkplain #on on
   *     an executor}; or if the calling thread is on a loop
   * @throws LoopClosedException if the loop is closed
   */
  public void start() {
    host.start();
  }

  /**
   * Lets {@link #start} or {@link #runSync(Callable) runSync} return after what runs now. What is
   * ready, the timers and the waiting coroutines stay, and go on when the loop is driven again. Any
   * thread may call this; if the loop does not run, its next start returns at once.
   *
   * @throws IllegalStateException if the loop is {@linkplain #on on an executor}: close it
   */
  public void stop() {
    host.stop();
  }

  /**
   * Closes the loop. Its coroutines are cancelled, and driven by this call until they have ended:
   * they may clean up, with further awaits. One that goes on waiting for something that nothing on
   * the loop could bring about any more, or for more than 10 seconds, is made to end: every wait of
   * it fails with {@link LoopClosedException}, and after that with an {@link Error}. Then all other
   * waits on the loop fail with {@link LoopClosedException}, timers are dropped, and the loop takes
   * nothing more. Callbacks that it had taken and not run yet run last; they find it closed.
   * Closing it again does nothing.
   *
   * <p>One {@linkplain #on on an executor} goes on running until then. On another thread this waits
   * for it; on a loop it only begins to close, and {@link #whenClosed()} tells the end. Any thread
   * may call it.
   *
   * @throws IllegalStateException if the loop runs on a thread that drives it, or another thread
   *     closes it: stop it first; or if the calling thread, which would drive it, is on another
   *     loop
   */
  @Override
  public void close() {
    host.close();
  }

  /**
   * Tells when the loop is closed.
   *
   * @return done when it is; completing this future itself has no effect on the loop
   */
  public CompletableFuture<@Nullable Void> whenClosed() {
    return whenClosed.copy();
  }

  /** Ends all that still waits, on the calling thread, and with that the loop. */
  void end() {
    closed = true;
    onLoop(
        () -> {
          timers.clear();
          waitLists.failAll();
          fibers.forEach(Fiber::kill);
        });
    drive(fibers::isEmpty);
    onLoop(this::runRest);
    moveOut();
    whenClosed.complete(null);
  }

  /**
   * What was accepted runs, and finds the loop closed; a coroutine that has not started never does.
   */
  private void runRest() {
    takeInbox();
    for (Runnable task; (task = ready.poll()) != null; takeInbox()) {
      if (task instanceof Fiber fiber) {
        fiber.cancel();
      } else {
        runLast(task);
      }
    }
  }

  private void runLast(Runnable task) {
    try {
      task.run();
    } catch (LoopClosedException end) {
      // it wanted to go on
    } catch (Throwable failure) {
      report(Task.sourceOf(task), failure);
    }
  }

  /** Drives it on the calling thread. */
  void drive(BooleanSupplier until) {
    IOLoop outer = CURRENT.get();
    this.until = until;
    look();
    enter();
    try {
      engine.drive();
    } finally {
      reportIfSlow(); // until it is driven again nobody holds it
      leave(outer);
    }
  }

  /** Does something on the loop while it is not driven. */
  void onLoop(Runnable action) {
    IOLoop outer = CURRENT.get();
    running = Thread.currentThread();
    enter();
    try {
      action.run();
    } finally {
      leave(outer);
      running = null;
    }
  }

  /** Is it to be driven further? */
  boolean goesOn() {
    return !until.getAsBoolean();
  }

  /**
   * May who pauses go on at once? Nothing is ready, and nothing has come: it looks for that now and
   * then, as a turn does. In a test to pause is a step like every other.
   */
  boolean isNobodyElsesTurn() {
    return ready.isEmpty()
        && (--left > 0 || nothingHasCome())
        && slowNanos == Long.MAX_VALUE
        && probe == null
        && goesOn();
  }

  /** Begins a turn that brings nothing new; else that is left to the thread that drives. */
  private boolean nothingHasCome() {
    if (!inbox.isEmpty() || timers.untilNext() <= 0) {
      return false;
    }
    beginTurn();
    return true;
  }

  private void beginTurn() {
    left = TURN;
    if (--unseen < 0) {
      look();
    }
  }

  /**
   * Takes what is next; waits if there is nothing, and then takes nothing: who drives asks again
   * whether it goes on. Called by who drives.
   */
  @Nullable Runnable next() {
    reportIfSlow();
    if (--left < 0 || ready.isEmpty()) {
      beginTurn();
      takeInbox();
      timers.takeDue(due -> ready.add(due.firing()));
      if (ready.isEmpty()) {
        host.park();
        return null;
      }
    }
    Runnable next = ready.poll();
    if (slowNanos != Long.MAX_VALUE) {
      held = next;
      heldSince = nanoTime();
    }
    return next;
  }

  /** Is the next thing a coroutine that has not begun, and may a fiber that waits begin it? */
  boolean mayBeginInPlace() {
    return ready.peek() instanceof Fiber next
        && !next.hasStarted()
        && slowNanos == Long.MAX_VALUE
        && probe == null
        && !closed;
  }

  /**
   * Takes what is next on behalf of a fiber that waits on the stack: itself, or a coroutine that
   * has not begun. Null if anything else is next, or the loop is to look around first.
   */
  @Nullable Fiber nextInPlace(Fiber waiting, boolean orOthers) {
    if (!(ready.peek() instanceof Fiber next)
        || (next != waiting && !(orOthers && mayBeginInPlace()))
        || (left <= 0 && !nothingHasCome())
        || !goesOn()) {
      return null;
    }
    left--;
    ready.poll();
    return next;
  }

  /** Runs what was next. Who drives must touch nothing after it. */
  void runNext(Runnable next) {
    try {
      next.run();
    } catch (Throwable failure) {
      report(Task.sourceOf(next), failure);
    }
  }

  /** It stays the next. */
  void putBack(Runnable next) {
    ready.addFirst(next);
    held = null;
  }

  /** It is not ready any more. */
  void notReady(Runnable what) {
    ready.remove(what);
  }

  /** Looks at the clock. */
  long look() {
    long now = clock.nanoTime();
    seen = now - origin;
    unseen = UNSEEN;
    return now;
  }

  private void takeInbox() {
    Runnable task;
    for (int i = 0; i < MAX_TAKEN && (task = inbox.poll()) != null; i++) {
      ready.add(task);
    }
  }

  /** All that other threads have handed over so far; coroutines among it are known from now on. */
  void takeWholeInbox() {
    while (!inbox.isEmpty()) {
      takeInbox();
    }
    ready.forEach(this::registerIfFiber);
  }

  boolean hasNothingReady() {
    return ready.isEmpty();
  }

  /** Has no other thread handed something over? */
  boolean hasNothingToTake() {
    return inbox.isEmpty();
  }

  boolean hasNothingToDo() {
    return ready.isEmpty() && inbox.isEmpty();
  }

  // What it runs.

  /**
   * Runs a callback on the loop, after what is ready now. Any thread may call this.
   *
   * @param task the callback; what it throws goes to the exception handler
   * @throws LoopClosedException if the loop is closed
   */
  @Override
  public void execute(Runnable task) {
    hand(Captured.task(this, requireNonNull(task, "task")));
  }

  private void hand(Runnable task) {
    if (isCurrent() && !closed) {
      ready.add(task);
    } else if (!handOver(task)) {
      throw closed();
    }
  }

  /**
   * Hands a task of the library's own over from another thread; false if the loop is closed. It
   * must tell its source.
   */
  boolean offer(Task task) {
    return handOver(task);
  }

  private boolean handOver(Runnable task) {
    if (closed) {
      return false;
    }
    Inbox.Item item = inbox.add(task);
    boolean willRun = host.wake();
    boolean isTaken = (willRun && !closed) || item.take() == null;
    if (!willRun) {
      host.endIfFailed(); // not before the task is taken back, for it would run
    }
    return isTaken;
  }

  /**
   * Runs an action now if this is on the loop, else soon. Returns false if the loop is closed.
   *
   * @param source what handlers are given, should the action be slow or fail
   */
  boolean runOrOffer(Object source, Runnable action) {
    if (!isCurrent()) {
      return offer(Task.of(source, action));
    }
    action.run();
    return true;
  }

  /** A coroutine that another thread has spawned, and that did not have its turn yet. */
  private void registerIfFiber(Runnable what) {
    if (what instanceof Fiber fiber) {
      fiber.register();
    }
  }

  void ready(Runnable what) {
    ready.add(what);
  }

  /**
   * Starts a coroutine. It begins to run after what is ready now, not within this call. Any thread
   * may call this.
   *
   * @param body what it does
   * @param <T> the type of what it returns
   * @return the coroutine
   * @throws LoopClosedException if the loop is closed
   */
  public <T extends @Nullable Object> Coroutine<T> spawn(Callable<T> body) {
    return spawn(null, body, null);
  }

  /** Starts a coroutine that may have a name, and belong to a group. */
  <T extends @Nullable Object> Coroutine<T> spawn(
      @Nullable String name, Callable<T> body, @Nullable TaskGroup group) {
    checkOpen();
    return begin(new Coroutine<>(this, name, requireNonNull(body, "body"), group));
  }

  <T extends @Nullable Object> Coroutine<T> begin(Coroutine<T> coroutine) {
    if (isCurrent()) {
      coroutine.fiber().register();
    }
    hand(coroutine.fiber());
    return coroutine;
  }

  /**
   * Starts a coroutine that returns nothing: {@link #spawn(Callable)}. Any thread may call this.
   *
   * @param body what it does
   * @return the coroutine
   * @throws LoopClosedException if the loop is closed
   */
  public Coroutine<@Nullable Void> spawn(ThrowingRunnable body) {
    return spawn(Coroutines.callable(body));
  }

  /**
   * Starts a coroutine that has a name, which its {@code toString} and {@link #snapshot()} show:
   * {@link #spawn(Callable)}. Any thread may call this.
   *
   * @param name what it is called; several may have the same name
   * @param body what it does
   * @param <T> the type of what it returns
   * @return the coroutine
   * @throws LoopClosedException if the loop is closed
   */
  public <T extends @Nullable Object> Coroutine<T> spawn(String name, Callable<T> body) {
    return spawn(requireNonNull(name, "name"), body, null);
  }

  /**
   * Starts a coroutine that has a name and returns nothing: {@link #spawn(String, Callable)}. Any
   * thread may call this.
   *
   * @param name what it is called; several may have the same name
   * @param body what it does
   * @return the coroutine
   * @throws LoopClosedException if the loop is closed
   */
  public Coroutine<@Nullable Void> spawn(String name, ThrowingRunnable body) {
    return spawn(name, Coroutines.callable(body));
  }

  /**
   * Has something done on this loop for who awaits it: {@code await(loop.submit(() -> …))}. Any
   * thread may call this; it is meant for coroutines of other loops.
   *
   * <p>Like {@link #spawn(Callable) spawn}, it starts a coroutine. But one that was spawned has a
   * life of its own, and this one is of its caller: if who awaits it does so no more, because he
   * was cancelled or his time is up, it is cancelled, unless somebody else awaits it or something
   * is attached to it. A wait of a primitive is no different.
   *
   * @param body what to do, on this loop
   * @param <T> the type of what it returns
   * @return done when the body has ended
   * @throws LoopClosedException if the loop is closed
   */
  public <T extends @Nullable Object> Coroutine<T> submit(Callable<T> body) {
    Coroutine<T> coroutine = spawn(body);
    coroutine.own();
    return coroutine;
  }

  /**
   * Has something done that returns nothing on this loop: {@link #submit(Callable)}. Any thread may
   * call this.
   *
   * @param body what to do, on this loop
   * @return done when the body has ended
   * @throws LoopClosedException if the loop is closed
   */
  public Coroutine<@Nullable Void> submit(ThrowingRunnable body) {
    return submit(Coroutines.callable(body));
  }

  /**
   * Starts several loops, each on a thread of its own; close the group to end them.
   *
   * @param n how many: one for each core of the machine, say
   * @return the loops
   * @throws IllegalArgumentException if {@code n} is less than one
   * @throws IllegalStateException if the system property {@code toro.engine} names an engine that
   *     does not exist, or that this JVM does not allow
   */
  public static LoopGroup group(int n) {
    return new LoopGroup(n, LoopClock::system);
  }

  /**
   * Runs a callback later.
   *
   * @param delay how much later, on the loop's clock; zero or less: as soon as it can be
   * @param callback the callback; what it throws goes to the exception handler
   * @return a handle to take it back
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public Timeout callLater(Duration delay, Runnable callback) {
    return callAt(Deadline.in(delay), callback);
  }

  /**
   * Runs a callback at a certain time.
   *
   * @param deadline when; if it has passed: as soon as it can be
   * @param callback the callback; what it throws goes to the exception handler
   * @return a handle to take it back
   * @throws WrongThreadException on another thread
   * @throws LoopClosedException if the loop is closed
   */
  public Timeout callAt(Deadline deadline, Runnable callback) {
    check(this);
    checkOpen();
    Timeout timer =
        timers.add(deadline.nanosLeft(), Captured.task(this, requireNonNull(callback, "callback")));
    if (probe != null) {
      probe.scheduled(timer);
    }
    return timer;
  }

  /**
   * The time on the loop's clock, in nanoseconds since some origin: only differences mean
   * something. Any thread may ask.
   *
   * @return the time
   */
  public long nanoTime() {
    return clock.nanoTime();
  }

  /**
   * Who waits on what, and since when: a picture of this moment, to be printed, sent or drawn. It
   * is made from what is there anyway, in time proportional to the number of waits; until somebody
   * asks nothing is kept for it.
   *
   * {@snippet file="toro/SnapshotSnippetsTest.java" region="snapshot"}
   *
   * <p>To be called on the loop, or by any thread while the loop does not run. Where it runs, also
   * if all its coroutines hang, another thread lets the loop call it:
   *
   * {@snippet file="toro/SnapshotSnippetsTest.java" region="elsewhere"}
   *
   * <p>A loop that is held up by a blocking call or an endless computation cannot answer: give that
   * future a timeout, and take a thread dump.
   *
   * @return the picture; coroutines that another thread has handed over, and that have not had
   *     their turn yet, are not in it
   * @throws WrongThreadException on another thread while the loop runs
   */
  public Snapshot snapshot() {
    checkRead(this);
    return new Camera(this).take();
  }

  /**
   * Returns what limits the {@linkplain Coroutines#blocking(Callable) blocking calls} of this loop:
   * as many run at a time as it has permits, 512 unless it is {@linkplain Semaphore#resize
   * resized}.
   *
   * @return the semaphore, always the same
   * @throws WrongThreadException on another thread
   */
  public Semaphore blockingLimiter() {
    check(this);
    if (blockingLimiter == null) {
      blockingLimiter = new Semaphore(this, BLOCKING_CALLS);
    }
    return blockingLimiter;
  }

  /** The time on its clock since it was made. */
  long elapsed() {
    return clock.nanoTime() - origin;
  }

  Instant instant() {
    return clock.instant();
  }

  /** Uses a thread context from now on. */
  private synchronized void install(ThreadContext context) {
    ThreadContext installed = threadContext;
    if (installed != null && installed != context) {
      throw new IllegalStateException(identity() + " has another thread context: " + installed);
    }
    threadContext = context;
    Fiber fiber = isCurrent() ? currentFiber() : null;
    if (fiber != null) {
      fiber.manage(context);
    }
  }

  // What it reports.

  /**
   * Sets the handler of failures that nobody else sees: what a callback throws, and what a
   * coroutine fails with while nobody awaits it. The default logs them as errors with {@link
   * System.Logger}, under the name of this class. Any thread may call this.
   *
   * <p>The handler is given the source of the failure: the very object that was handed to {@link
   * #execute}, {@link #callLater} or {@link #callAt}, or the {@link Coroutine}. A framework that
   * hands over an object of its own is given that object: {@code future.thenRunAsync(callback,
   * loop)} does.
   *
   * @param handler is given the source and the failure; it is called on the loop
   */
  public void setExceptionHandler(BiConsumer<Object, Throwable> handler) {
    exceptionHandler = requireNonNull(handler, "handler");
  }

  /**
   * Logs, as a warning, each callback and each coroutine that holds the loop for longer than a
   * threshold without a break: all others wait meanwhile. Off by default, and then it costs
   * nothing; on, it costs a look at the clock each time. Any thread may call this.
   *
   * @param threshold how long is too long, on the loop's clock
   * @throws IllegalArgumentException if it is not positive
   */
  public void reportSlow(Duration threshold) {
    reportSlow(threshold, IOLoop::logSlow);
  }

  /**
   * Reports each callback and each coroutine that holds the loop for longer than a threshold:
   * {@link #reportSlow(Duration)}.
   *
   * @param threshold how long is too long, on the loop's clock
   * @param report is given the source and for how long it held the loop; it is called on the loop.
   *     The source is the very object that was handed to {@link #execute}, {@link #callLater} or
   *     {@link #callAt}, or the {@link Coroutine}. What is attached to a future runs as part of
   *     what completes the future: the source then is that callback or coroutine; the future itself
   *     if its deadline or another thread completed it; or the primitive that grants when it is
   *     time
   * @throws IllegalArgumentException if {@code threshold} is not positive
   */
  public void reportSlow(Duration threshold, BiConsumer<Object, Duration> report) {
    if (threshold.isNegative() || threshold.isZero()) {
      throw new IllegalArgumentException("the threshold must be positive, not " + threshold);
    }
    slowReport = requireNonNull(report, "report");
    slowNanos = Deadline.in(threshold).nanosLeft();
  }

  void report(Object source, Throwable failure) {
    try {
      asCallback(() -> exceptionHandler.accept(source, failure));
    } catch (Throwable another) {
      if (another != failure) {
        another.addSuppressed(failure);
      }
      try {
        log("the exception handler", another);
      } catch (Throwable noLog) {
        // there is nobody left to tell
      }
    }
  }

  private void reportIfSlow() {
    Runnable what = held;
    if (what == null) {
      return;
    }
    held = null;
    long nanos = nanoTime() - heldSince;
    if (nanos > slowNanos) {
      try {
        slowReport.accept(Task.sourceOf(what), Duration.ofNanos(nanos));
      } catch (Throwable failure) {
        report(slowReport, failure);
      }
    }
  }

  private static void log(Object source, Throwable failure) {
    LOGGER.log(System.Logger.Level.ERROR, "failed, and nobody saw it: " + Text.of(source), failure);
  }

  /** A coroutine did not end although the closing loop had cancelled it, and had waited for it. */
  static void logForced(Coroutine<?> coroutine, Throwable where) {
    LOGGER.log(
        System.Logger.Level.WARNING,
        "closing the loop had to end a coroutine that did not end when it was cancelled (does it"
            + " catch Exception?): "
            + Text.of(coroutine),
        where);
  }

  private static void logSlow(Object source, Duration time) {
    LOGGER.log(System.Logger.Level.WARNING, "held the loop for {1}: {0}", Text.of(source), time);
  }

  boolean isClosed() {
    return closed;
  }

  void checkOpen() {
    if (closed) {
      throw closed();
    }
  }

  /** What every wait ends with, and every call fails with, on a closed loop. */
  LoopClosedException closed() {
    Throwable reason = host.failure();
    return reason == null
        ? new LoopClosedException("the loop is closed", null)
        : new LoopClosedException("the loop is closed: " + reason.getMessage(), reason);
  }

  /**
   * For example {@code IOLoop[running engine=virtual-threads coroutines=3 timers=2]}; one on an
   * executor tells of which class that is: {@code on=NioEventLoop}.
   */
  @Override
  public String toString() {
    return "IOLoop["
        + (name == null ? "" : name + " ")
        + (closed ? "closed" : running != null ? "running" : "idle")
        + " engine="
        + engine
        + host
        + (fibers.isEmpty() ? "" : " coroutines=" + fibers.size())
        + (timers.size() == 0 ? "" : " timers=" + timers.size())
        + "]";
  }
}

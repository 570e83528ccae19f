package toro.benchmarks;

import static toro.benchmarks.Row.Unit.BYTES;
import static toro.benchmarks.Row.Unit.NANOSECONDS;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;

/** All rows of the tables, from top to bottom. */
final class Rows {
  /** Enough operations for the start of a loop, and of its coroutines, to make no difference. */
  private static final int MANY = 100_000;

  /** Enough for ten operations of each of the most coroutines. */
  private static final int GROWTH = 1_000_000;

  private static final int PENDING = 1_000_000;
  private static final int WAITERS = 100_000;

  /** The row that is only of interest on the event loop of somebody else. */
  static final String ASK = "ask";

  private final int divisor;
  private final List<Row> rows = new ArrayList<>();

  private Rows(int divisor) {
    this.divisor = divisor;
  }

  /** The rows as they are measured. */
  static List<Row> all() {
    return scaledDown(1);
  }

  /** The same with fewer operations, waiters and deadlines. */
  static List<Row> scaledDown(int divisor) {
    return new Rows(divisor).build();
  }

  /** The row of that name. */
  static Row named(String id) {
    return all().stream()
        .filter(row -> row.id().equals(id))
        .findAny()
        .orElseThrow(() -> new NoSuchElementException("no row " + id));
  }

  /** The same row with a hundredth of the operations. */
  static Row brief(Row row) {
    return scaledDown(100).get(all().stream().map(Row::id).toList().indexOf(row.id()));
  }

  private List<Row> build() {
    for (int pairs : new int[] {1, 10}) {
      for (int capacity : new int[] {1, 3, 100, 0}) {
        queue(pairs, capacity);
      }
    }
    time("lock-free", "lock, free", MANY, Contender::freeLock);
    time("lock-10", "lock, 10 coroutines", MANY, (c, n) -> c.contendedLock(10, n));
    time("semaphore", "semaphore of 10, 100 coroutines", MANY, (c, n) -> c.semaphore(10, 100, n));
    time("rwlock", "read-write lock, 9 reads to 1 write", MANY, (c, n) -> c.readWriteLock(10, n));
    time("condition", "condition, to and fro", MANY, Contender::condition);
    time("event", "event, to and fro", MANY, Contender::event);
    time("hand-over", "hand over a result", MANY, Contender::handOver);
    time("spawn", "spawn and join", MANY, Contender::spawnAndJoin);
    time("pause", "pause, 2 coroutines", MANY, Contender::pause);
    for (int pending : new int[] {0, scaled(PENDING)}) {
      deadline(pending);
    }
    add(
        "cancel",
        "cancel a waiter, of " + grouped(scaled(WAITERS)),
        NANOSECONDS,
        scaled(WAITERS),
        true,
        Contender::cancel);
    add(
        "bytes-coroutine",
        "a parked coroutine",
        BYTES,
        scaled(WAITERS),
        true,
        Contender::parkedCoroutines);
    add(
        "bytes-future",
        "a waiting future",
        BYTES,
        scaled(WAITERS),
        true,
        Contender::waitingFutures);
    for (int threads : new int[] {1, 4}) {
      time(
          "execute-" + threads,
          "execute, from " + threads + (threads == 1 ? " thread" : " threads"),
          MANY,
          (c, n) -> c.execute(threads, n));
    }
    time(ASK, "await a task of the event loop", MANY, Contender::ask);
    for (int coroutines : new int[] {10, 1_000, scaled(100_000)}) {
      growth(coroutines);
    }
    return List.copyOf(rows);
  }

  private void queue(int pairs, int capacity) {
    long items = scaled(MANY);
    rows.add(
        new Row(
            "queue-" + pairs + "-" + pairs + "-" + (capacity == 0 ? "unbounded" : capacity),
            "queue, "
                + pairs
                + " to "
                + pairs
                + ", "
                + (capacity == 0 ? "unbounded" : "capacity " + capacity),
            NANOSECONDS,
            scaled(MANY),
            items * (items - 1) / 2,
            false,
            (c, n) -> c.queue(pairs, capacity, n)));
  }

  private void deadline(int pending) {
    String others = pending == 0 ? "no others" : grouped(pending) + " others";
    time(
        "deadline-free-" + pending,
        "deadline, free lock, " + others,
        MANY,
        (c, n) -> c.freeLockWithDeadline(pending, n));
    time(
        "deadline-10-" + pending,
        "deadline, lock, 10 coroutines, " + others,
        MANY,
        (c, n) -> c.contendedLockWithDeadline(pending, 10, n));
  }

  private void growth(int coroutines) {
    String many = grouped(coroutines) + " coroutines";
    int operations = scaled(GROWTH);
    long sum = (long) operations * (operations - 1) / 2;
    rows.add(
        new Row(
            "growth-queue-" + coroutines,
            "growth: queue of 100, " + many,
            NANOSECONDS,
            operations,
            sum,
            true,
            (c, n) -> c.queue(coroutines / 2, 100, n)));
    add(
        "growth-lock-" + coroutines,
        "growth: lock, " + many,
        NANOSECONDS,
        operations,
        true,
        (c, n) -> c.contendedLock(coroutines, n));
    add(
        "growth-deadline-" + coroutines,
        "growth: deadline, lock, " + many,
        NANOSECONDS,
        operations,
        true,
        (c, n) -> c.contendedLockWithDeadline(0, coroutines, n));
  }

  private void time(String id, String title, int operations, Row.Maker maker) {
    add(id, title, NANOSECONDS, scaled(operations), false, maker);
  }

  private void add(
      String id, String title, Row.Unit unit, int operations, boolean isLong, Row.Maker maker) {
    rows.add(new Row(id, title, unit, operations, operations, isLong, maker));
  }

  private int scaled(int number) {
    return number / divisor;
  }

  private static String grouped(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}

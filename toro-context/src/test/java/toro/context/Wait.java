package toro.context;

import static toro.Coroutines.*;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import toro.Barrier;
import toro.Condition;
import toro.Coroutine;
import toro.DeadlineExceededException;
import toro.Event;
import toro.IOLoop;
import toro.Lock;
import toro.Queue;
import toro.Semaphore;
import toro.TaskGroup;
import toro.ThrowingRunnable;

/** Each way in which a coroutine lets others run, and is resumed. */
enum Wait {
  AWAIT(() -> await(spawn(() -> pause()))),
  AWAIT_ALL(() -> awaitAll(spawn(() -> pause()), spawn(() -> pause()))),
  AWAIT_ANOTHER_THREADS_FUTURE(() -> await(CompletableFuture.runAsync(() -> {}))),
  SELECT(() -> select(on(new Event()::whenSet), after(Duration.ofNanos(1), () -> {}))),
  RACE(
      () ->
          race(
              () -> {
                pause();
                return 1;
              },
              () -> {
                sleep(Duration.ofDays(1));
                return 2;
              })),
  SLEEP(() -> sleep(Duration.ofNanos(1))),
  PAUSE(() -> pause()),
  AS_COMPLETED(() -> asCompleted(spawn(() -> pause()), spawn(() -> {})).forEach(one -> {})),
  FOR_OVER_A_QUEUE(
      () -> {
        var queue = new Queue<Integer>(1);
        spawn(
            () -> {
              await(queue.put(1));
              await(queue.put(2));
              pause();
              queue.close();
            });
        for (int item : queue) {
          queue.taskDone();
        }
      }),
  JOIN_OF_A_QUEUE(
      () -> {
        var queue = new Queue<Integer>();
        queue.putNow(1);
        spawn(() -> queue.taskDone());
        await(queue.join());
      }),
  CLOSE_OF_A_GROUP(
      () -> {
        try (var group = new TaskGroup()) {
          group.spawn(() -> pause());
          group.spawn(() -> pause());
        }
      }),
  CANCELLATION(
      () -> {
        Coroutine<?> me = spawn(() -> await(new Event().whenSet()));
        spawn(() -> me.cancel(true));
        try {
          await(me);
        } catch (CancellationException expected) {
          pause();
        }
      }),
  DEADLINE(
      () -> {
        try {
          await(new Event().whenSet(Duration.ofNanos(1)));
        } catch (DeadlineExceededException expected) {
          pause();
        }
      }),
  TIMEOUT_OF_A_BLOCK(
      () -> {
        try {
          withTimeout(Duration.ofNanos(1), () -> await(new Event().whenSet()));
        } catch (DeadlineExceededException expected) {
          pause();
        }
      }),
  LOCK(
      () -> {
        var lock = new Lock();
        var lease = await(lock.acquire());
        spawn(
            () -> {
              pause();
              lease.close();
            });
        await(lock.acquire()).close();
      }),
  SEMAPHORE(
      () -> {
        var semaphore = new Semaphore(0);
        spawn(() -> semaphore.release());
        await(semaphore.acquire());
      }),
  CONDITION(
      () -> {
        var condition = new Condition();
        spawn(() -> condition.signalAll());
        await(condition.whenSignalled());
      }),
  BARRIER(
      () -> {
        var barrier = new Barrier(2);
        spawn(() -> await(barrier.arrive()));
        await(barrier.arrive());
      }),
  CALLBACK(
      () -> {
        var called = new CompletableFuture<Void>();
        IOLoop.current().execute(() -> called.complete(null));
        await(called);
      }),
  TIMER(
      () -> {
        var called = new CompletableFuture<Void>();
        IOLoop.current().callLater(Duration.ofNanos(1), () -> called.complete(null));
        await(called);
      }),
  BLOCKING(() -> blocking(() -> 1)),
  MAP_CONCURRENTLY(
      () ->
          mapConcurrently(
              List.of(1, 2, 3),
              2,
              item -> {
                pause();
                return item;
              })),
  HEDGE(
      () ->
          hedge(
              Duration.ofNanos(1),
              () -> {
                sleep(Duration.ofNanos(2));
                return 1;
              })),
  SHIELDED(() -> shielded(() -> pause())),
  HAND_OVER_FROM_ANOTHER_THREAD(
      () -> {
        IOLoop loop = IOLoop.current();
        var called = new CompletableFuture<Void>();
        Thread.ofVirtual().start(() -> loop.execute(() -> called.complete(null)));
        await(called);
      });

  private final ThrowingRunnable wait;

  Wait(ThrowingRunnable wait) {
    this.wait = wait;
  }

  void run() throws Exception {
    wait.run();
  }
}

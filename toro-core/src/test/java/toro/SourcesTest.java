package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.on;
import static toro.Coroutines.pause;
import static toro.Coroutines.select;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;
import static toro.Coroutines.withTimeout;

import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the exception handler and the report of slow callbacks are given: the callback that the user
 * handed over, the coroutine, or a future or primitive that the user has. Never an object of the
 * library's own.
 */
@Timeout(60)
class SourcesTest {

  /** Each look at it takes a microsecond, so everything that runs is slow. */
  private static final class TickingClock implements LoopClock {
    private final AtomicLong nanos = new AtomicLong();

    @Override
    public long nanoTime() {
      return nanos.addAndGet(1_000);
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH.plusNanos(nanos.get());
    }

    @Override
    public void park(long untilNextTimer) {
      if (untilNextTimer == Long.MAX_VALUE) {
        LoopClock.super.park(untilNextTimer);
      } else {
        nanos.addAndGet(untilNextTimer);
      }
    }
  }

  private final List<Object> slow = Collections.synchronizedList(new ArrayList<>());
  private final List<Object> failed = Collections.synchronizedList(new ArrayList<>());

  private IOLoop newLoop() {
    IOLoop loop = TestLoop.create(new TickingClock());
    loop.reportSlow(Duration.ofNanos(1), (source, time) -> slow.add(source));
    loop.setExceptionHandler((source, failure) -> failed.add(source));
    return loop;
  }

  // Callbacks.

  /** Every way to have a callback run. */
  private enum Way {
    EXECUTE {
      @Override
      void run(IOLoop loop, Runnable callback) {
        loop.execute(callback);
      }
    },
    EXECUTE_ELSEWHERE {
      @Override
      void run(IOLoop loop, Runnable callback) {
        TestLoop.elsewhere(() -> loop.execute(callback));
      }
    },
    CALL_LATER {
      @Override
      void run(IOLoop loop, Runnable callback) {
        loop.callLater(Duration.ofSeconds(1), callback);
      }
    },
    CALL_SOON {
      @Override
      void run(IOLoop loop, Runnable callback) {
        loop.callLater(Duration.ZERO, callback);
      }
    },
    CALL_AT {
      @Override
      void run(IOLoop loop, Runnable callback) {
        loop.callAt(Deadline.after(Duration.ofSeconds(1)), callback);
      }
    };

    abstract void run(IOLoop loop, Runnable callback);
  }

  private record Callback(boolean fails) implements Runnable {
    @Override
    public void run() {
      if (fails) {
        throw new IllegalStateException("disk full");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theHandlersAreGivenTheCallbackItself(Way way) {
    var fails = new Callback(true);
    var works = new Callback(false);
    try (IOLoop loop = newLoop()) {
      loop.runSync(
          () -> {
            way.run(loop, fails);
            way.run(loop, works);
            sleep(Duration.ofSeconds(2));
          });
    }
    assertThat(failed).containsExactly(fails);
    assertThat(slow).contains(fails, works);
    assertKnown();
  }

  @Test
  void aCallbackThatRunsWhenTheLoopClosesIsGivenToTheHandler() {
    var fails = new Callback(true);
    IOLoop loop = newLoop();
    loop.spawn(
        () -> {
          try {
            await(new Event().whenSet());
          } catch (LoopClosedException | CancellationException end) {
            loop.execute(fails);
            throw end;
          }
        });
    loop.runSync(() -> pause());
    loop.close();
    assertThat(failed).containsExactly(fails);
    assertKnown();
  }

  // Coroutines.

  /** Every way to start a coroutine. */
  private enum Start {
    SPAWN {
      @Override
      Coroutine<?> start(IOLoop loop, Callable<?> body) {
        return loop.spawn(body);
      }
    },
    SPAWN_ELSEWHERE {
      @Override
      Coroutine<?> start(IOLoop loop, Callable<?> body) {
        return CompletableFuture.supplyAsync(() -> loop.spawn(body)).join();
      }
    },
    SPAWN_NAMED {
      @Override
      Coroutine<?> start(IOLoop loop, Callable<?> body) {
        return loop.spawn("named", body);
      }
    },
    SUBMIT {
      @Override
      Coroutine<?> start(IOLoop loop, Callable<?> body) {
        return loop.submit(body);
      }
    },
    SUBMIT_ELSEWHERE {
      @Override
      Coroutine<?> start(IOLoop loop, Callable<?> body) {
        return CompletableFuture.supplyAsync(() -> loop.submit(body)).join();
      }
    },
    STATIC_SPAWN {
      @Override
      Coroutine<?> start(IOLoop loop, Callable<?> body) {
        return spawn(body);
      }
    };

    abstract Coroutine<?> start(IOLoop loop, Callable<?> body);
  }

  @ParameterizedTest
  @EnumSource
  void theHandlersAreGivenTheCoroutine(Start way) {
    List<Object> coroutines = new ArrayList<>();
    try (IOLoop loop = newLoop()) {
      loop.runSync(
          () -> {
            coroutines.add(
                way.start(
                    loop,
                    () -> {
                      pause();
                      throw new IllegalStateException("disk full");
                    }));
            sleep(Duration.ofSeconds(1));
          });
    }
    assertThat(failed).isEqualTo(coroutines);
    assertThat(slow).containsAll(coroutines);
    assertKnown();
  }

  // What else the loop runs.

  @ParameterizedTest
  @EnumSource
  void whateverEndsAWaitTheHandlersAreGivenWhatTheUserHas(WaitMethod method) {
    try (IOLoop loop = newLoop()) {
      loop.runSync(
          () -> {
            WaitMethod.Scene scene = method.scene();
            List<CompletableFuture<?>> waits = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
              waits.add(scene.begin(Duration.ofMinutes(1)));
            }
            spawn(() -> await(waits.get(0)));
            spawn(() -> withTimeout(Duration.ofSeconds(1), () -> await(waits.get(1))));
            spawn(() -> select(on(() -> waits.get(2))));
            spawn(() -> select(Duration.ofSeconds(1), on(() -> waits.get(3))));
            spawn(
                () -> {
                  try (var group = new TaskGroup(Duration.ofSeconds(1))) {
                    group.spawn(() -> await(waits.get(4)));
                  }
                });
            Coroutine<?> victim = spawn(() -> await(scene.begin()));
            CompletableFuture<?> derived = waits.get(5).thenApply(value -> value);
            pause();
            TestLoop.elsewhere(
                () -> {
                  waits.get(0).cancel(true);
                  waits.get(6).completeExceptionally(new IllegalStateException("given up"));
                  derived.cancel(true);
                  victim.cancel(true);
                });
            CompletableFuture<?> expired = scene.begin(Duration.ofMillis(1));
            sleep(Duration.ofSeconds(5));
            assertThat(expired).isDone();
            while (scene.waiting() > 0) {
              scene.grant();
            }
            pause();
          });
    }
    assertKnown();
  }

  @Test
  void aSlowCallbackOfAWaitWhoseTimeIsUpIsFoundByTheWait() {
    List<CompletableFuture<?>> waits = new ArrayList<>();
    try (IOLoop loop = newLoop()) {
      loop.runSync(
          () -> {
            waits.add(new Event().whenSet(Duration.ofSeconds(1)));
            sleep(Duration.ofSeconds(2));
          });
    }
    assertThat(slow).containsAll(waits);
  }

  @Test
  void aRateLimiterThatGrantsInTimeIsItselfWhatRuns() {
    var limiter = new RateLimiter[1];
    try (IOLoop loop = newLoop()) {
      loop.runSync(
          () -> {
            limiter[0] = new RateLimiter(1, Duration.ofSeconds(1));
            await(limiter[0].acquire());
            await(limiter[0].acquire());
          });
    }
    assertThat(slow).contains(limiter[0]);
    assertKnown();
  }

  @Test
  void subscribersOfAQueueAreWhatRuns() {
    var done = new CompletableFuture<List<String>>();
    var subscriber =
        new Flow.Subscriber<String>() {
          private final List<String> items = new ArrayList<>();

          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
          }

          @Override
          public void onNext(String item) {
            items.add(item);
          }

          @Override
          public void onError(Throwable failure) {
            done.completeExceptionally(failure);
          }

          @Override
          public void onComplete() {
            done.complete(items);
          }
        };
    try (IOLoop loop = newLoop()) {
      Queue<String> queue = new Queue<>(loop, 2);
      QueueSubscriber<String> feeding = new QueueSubscriber<>(queue);
      loop.runSync(() -> pause());
      try (var publisher = new SubmissionPublisher<String>()) {
        publisher.subscribe(feeding);
        new QueuePublisher<>(queue).subscribe(subscriber);
        publisher.submit("item");
      }
      assertThat(get(loop, done)).containsExactly("item");
      assertThat(slow).contains(subscriber, feeding);
    }
    assertKnown();
  }

  /** Drives the loop, if nobody else does, until a future is done. */
  private static <T> T get(IOLoop loop, CompletableFuture<T> future) {
    return loop.runSync(() -> await(future));
  }

  @Test
  void whatRunSyncAddsForItsTimeIsOfItsCoroutine() {
    try (IOLoop loop = newLoop()) {
      loop.runSync(() -> sleep(Duration.ofSeconds(1)), Duration.ofMinutes(1));
      try {
        loop.runSync(() -> sleep(Duration.ofMinutes(1)), Duration.ofSeconds(1));
      } catch (DeadlineExceededException expected) {
        assertThat(expected).isNotNull();
      }
    }
    assertKnown();
  }

  /** Each source is one that a user can know. */
  private void assertKnown() {
    for (List<Object> sources : List.of(slow, failed)) {
      assertThat(List.copyOf(sources)).allSatisfy(SourcesTest::assertKnown);
    }
  }

  private static void assertKnown(Object source) {
    Class<?> type = source.getClass();
    boolean isOurs =
        type.getProtectionDomain().getCodeSource() != null
            && type.getProtectionDomain()
                .getCodeSource()
                .equals(IOLoop.class.getProtectionDomain().getCodeSource());
    assertThat(
            !isOurs
                || source instanceof CompletableFuture
                || Modifier.isPublic(type.getModifiers()))
        .as("%s is an object of the library's own", source)
        .isTrue();
  }
}

package toro.benchmarks.contenders;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Lock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import toro.benchmarks.Contender;
import toro.benchmarks.Counter;
import toro.benchmarks.Share;
import toro.benchmarks.Work;

/**
 * Vert.x with its own coroutines: a verticle whose tasks run in virtual threads, one at a time, and
 * {@link Future#await}. To pause is to await a task of the verticle.
 */
public final class VertxAwaitContender implements Contender {
  private static final String NAME = "the lock";
  private static final long DEADLINE = 60_000; // milliseconds

  /** What the verticle does, in a task. */
  private interface Main {
    long run(Place place) throws Exception;
  }

  /**
   * Where it does that.
   *
   * @param threads its context
   * @param eventLoop another one
   */
  private record Place(Vertx vertx, Context threads, Context eventLoop) {
    /** Lets a task do each share, and awaits all. */
    void share(int sharers, int operations, Body body) {
      List<Future<?>> ends = new ArrayList<>();
      for (Share share : Share.of(sharers, operations)) {
        ends.add(spawn(() -> body.run(share)));
      }
      Future.await(Future.all(ends));
    }

    Future<?> spawn(Runnable body) {
      Promise<Void> end = Promise.promise();
      threads.runOnContext(
          task -> {
            try {
              body.run();
              end.complete();
            } catch (RuntimeException failure) {
              end.fail(failure);
            }
          });
      return end.future();
    }

    void pause() {
      Promise<Void> later = Promise.promise();
      threads.runOnContext(task -> later.complete());
      Future.await(later.future());
    }
  }

  /** What a task does. */
  private interface Body {
    void run(Share share);
  }

  private static final class Verticle extends VerticleBase {
    Context context() {
      return context;
    }
  }

  private static Work inVerticle(Main main) {
    return new VertxWork() {
      private @Nullable Context threads;

      @Override
      public void open() throws Exception {
        begin();
        var verticle = new Verticle();
        var options = new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD);
        vertx().deployVerticle(verticle, options).toCompletionStage().toCompletableFuture().get();
        threads = verticle.context();
      }

      @Override
      public long run() throws Exception {
        var sum = new CompletableFuture<Long>();
        var place = new Place(vertx(), requireNonNull(threads), context());
        place.threads().runOnContext(task -> settle(sum, () -> main.run(place)));
        return sum.get();
      }
    };
  }

  private static void settle(CompletableFuture<Long> sum, Callable<Long> main) {
    try {
      sum.complete(main.call());
    } catch (Throwable failure) {
      sum.completeExceptionally(failure);
    }
  }

  @Override
  public Work freeLock(int operations) {
    return inVerticle(
        place -> {
          var counter = new Counter();
          for (int i = 0; i < operations; i++) {
            Lock lock = Future.await(place.vertx().sharedData().getLocalLock(NAME));
            counter.value++;
            lock.release();
          }
          return counter.value;
        });
  }

  @Override
  public @Nullable Work contendedLock(int coroutines, int operations) {
    return locks(coroutines, operations, vertx -> vertx.sharedData().getLocalLock(NAME));
  }

  @Override
  public @Nullable Work contendedLockWithDeadline(int pending, int coroutines, int operations) {
    return pending > 0
        ? null
        : locks(
            coroutines,
            operations,
            vertx -> vertx.sharedData().getLocalLockWithTimeout(NAME, DEADLINE));
  }

  /** Acquires the lock. */
  private interface Acquire {
    Future<Lock> on(Vertx vertx);
  }

  private static @Nullable Work locks(int coroutines, int operations, Acquire acquire) {
    if (coroutines > VertxContender.MOST_WAITERS) {
      return null;
    }
    return inVerticle(
        place -> {
          var counter = new Counter();
          place.share(
              coroutines,
              operations,
              share -> {
                for (int i = 0; i < share.size(); i++) {
                  Lock lock = Future.await(acquire.on(place.vertx()));
                  long seen = counter.value;
                  place.pause();
                  counter.value = seen + 1;
                  lock.release();
                }
              });
          return counter.value;
        });
  }

  @Override
  public Work event(int operations) {
    return inVerticle(
        place -> {
          List<Promise<Void>> events =
              new ArrayList<>(List.of(Promise.promise(), Promise.promise()));
          var turns = new Counter();
          events.getFirst().complete();
          place.share(
              2,
              operations,
              share -> {
                int me = share.who();
                for (int i = 0; i < share.size(); i++) {
                  Future.await(events.get(me).future());
                  events.set(me, Promise.promise());
                  turns.value++;
                  events.get(1 - me).complete();
                }
              });
          return turns.value;
        });
  }

  /** A value that is handed over, and where to reply to it. */
  private record Baton(int number, Promise<Baton> reply) {}

  @Override
  public Work handOver(int operations) {
    return inVerticle(
        place -> {
          Promise<Baton> first = Promise.promise();
          var second = new Counter();
          Future<?> end = place.spawn(() -> second.value = passOn(first, operations));
          Promise<Baton> reply = Promise.promise();
          first.complete(new Baton(1, reply));
          long here = passOn(reply, operations);
          Future.await(end);
          return Math.min(here, second.value);
        });
  }

  private static long passOn(Promise<Baton> next, int operations) {
    Promise<Baton> awaited = next;
    Baton baton;
    do {
      baton = Future.await(awaited.future());
      awaited = Promise.promise();
      baton.reply().complete(new Baton(baton.number() + 1, awaited));
    } while (baton.number() < operations);
    return baton.number();
  }

  @Override
  public Work spawnAndJoin(int operations) {
    return inVerticle(
        place -> {
          var counter = new Counter();
          for (int i = 0; i < operations; i++) {
            Future.await(place.spawn(() -> counter.value++));
          }
          return counter.value;
        });
  }

  @Override
  public Work pause(int operations) {
    return inVerticle(
        place -> {
          var counter = new Counter();
          place.share(
              2,
              operations,
              share -> {
                for (int i = 0; i < share.size(); i++) {
                  place.pause();
                  counter.value++;
                }
              });
          return counter.value;
        });
  }

  @Override
  public @Nullable Work execute(int threads, int operations) {
    return inVerticle(
        place -> {
          var counter = new Counter();
          Promise<Void> done = Promise.promise();
          Runnable task =
              () -> {
                if (++counter.value == operations) {
                  done.complete();
                }
              };
          OtherThreads.submit(
              threads, operations, () -> place.threads().runOnContext(nothing -> task.run()));
          Future.await(done.future());
          return counter.value;
        });
  }

  @Override
  public Work ask(int operations) {
    return inVerticle(
        place -> {
          long sum = 0;
          for (int i = 0; i < operations; i++) {
            int number = i;
            Promise<Integer> answer = Promise.promise();
            place.eventLoop().runOnContext(task -> answer.complete(number));
            sum += Future.await(answer.future()) == number ? 1 : 0;
          }
          return sum;
        });
  }
}

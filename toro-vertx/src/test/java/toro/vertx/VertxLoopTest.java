package toro.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.*;
import static toro.vertx.VertxLoop.*;

import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import toro.*;

/** All contexts share one event-loop thread here. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class VertxLoopTest {
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));

  @AfterEach
  void close() throws Exception {
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
  }

  private static final class Here extends VerticleBase {
    Context its() {
      return context;
    }
  }

  private Context deploy() throws Exception {
    return deploy(new Here(), ThreadingModel.EVENT_LOOP);
  }

  private Context deploy(Here verticle, ThreadingModel model) throws Exception {
    get(vertx.deployVerticle(verticle, new DeploymentOptions().setThreadingModel(model)));
    return verticle.its();
  }

  /** In a handler of the context, between turns of its loop. */
  private static <T> T inHandler(Context context, Callable<T> action) throws Exception {
    var result = Promise.<T>promise();
    context.runOnContext(
        nothing -> {
          try {
            result.complete(action.call());
          } catch (Throwable failure) {
            result.fail(failure);
          }
        });
    return get(result.future());
  }

  @Test
  void aContextHasOneLoop() throws Exception {
    Context context = deploy();
    IOLoop loop = VertxLoop.of(context);
    assertThat(VertxLoop.of(context)).isSameAs(loop);
    assertThat(VertxLoop.of(((ContextInternal) context).duplicate())).isSameAs(loop);
    assertThat(inHandler(context, VertxLoop::current)).isSameAs(loop);
    assertThat(inHandler(((ContextInternal) context).duplicate(), VertxLoop::current))
        .isSameAs(loop);
    assertThat(loop.runSync(() -> VertxLoop.current())).isSameAs(loop);
    assertThat(VertxLoop.of(deploy())).isNotSameAs(loop);
    assertThat(loop.toString()).endsWith(" on=ContextExecutor]");
  }

  @Test
  void thereIsNoneOutsideOfContexts() {
    assertThatIllegalStateException()
        .isThrownBy(VertxLoop::current)
        .withMessageContaining("no Vert.x context is current");
    assertThatNullPointerException().isThrownBy(() -> VertxLoop.of(null));
  }

  @Test
  void contextsOfOtherThreadingModelsAreRefused() throws Exception {
    for (ThreadingModel model : List.of(ThreadingModel.WORKER, ThreadingModel.VIRTUAL_THREAD)) {
      Context context = deploy(new Here(), model);
      assertThatIllegalStateException()
          .isThrownBy(() -> VertxLoop.of(context))
          .withMessageContaining("threading model " + model);
    }
  }

  @Test
  void afterEachAwaitTheCurrentContextIsThatOfTheLoop() throws Exception {
    List<Context> contexts = List.of(deploy(), deploy());
    var others = new ArrayList<Coroutine<List<Context>>>();
    for (Context context : contexts) {
      IOLoop loop = VertxLoop.of(context);
      var lock = new Lock(loop);
      for (int i = 0; i < 3; i++) {
        others.add(
            loop.spawn(
                () -> {
                  var seen = new ArrayList<Context>();
                  seen.add(Vertx.currentContext());
                  try (var lease = await(lock.acquire())) {
                    seen.add(Vertx.currentContext());
                    pause();
                    seen.add(Vertx.currentContext());
                    sleep(Duration.ofMillis(1));
                    seen.add(Vertx.currentContext());
                  }
                  await(vertx.timer(1, TimeUnit.MILLISECONDS));
                  seen.add(Vertx.currentContext());
                  await(CompletableFuture.runAsync(() -> {}));
                  seen.add(Vertx.currentContext());
                  for (Context other : contexts) {
                    var promise = Promise.<String>promise();
                    other.runOnContext(nothing -> promise.complete("from another context"));
                    await(promise.future());
                    seen.add(Vertx.currentContext());
                  }
                  seen.add(await(spawn(Vertx::currentContext)));
                  var inCallback = new CompletableFuture<Context>();
                  loop.execute(() -> inCallback.complete(Vertx.currentContext()));
                  seen.add(await(inCallback));
                  var inTimer = new CompletableFuture<Context>();
                  loop.callLater(
                      Duration.ofMillis(1), () -> inTimer.complete(Vertx.currentContext()));
                  seen.add(await(inTimer));
                  seen.removeIf(context::equals);
                  return seen;
                }));
      }
    }
    for (var other : others) {
      assertThat(other.get(1, TimeUnit.MINUTES)).isEmpty();
    }
  }

  @Test
  void codeOfOneVerticleIsNotOnTheLoopOfAnother() throws Exception {
    Context mine = deploy();
    IOLoop other = VertxLoop.of(deploy());
    var lock = new Lock(other);
    VertxLoop.of(mine)
        .runSync(
            () -> {
              assertThatThrownBy(lock::acquire).isInstanceOf(WrongThreadException.class);
              assertThat(await(other.submit(() -> lock.acquire().isDone()))).isTrue();
            });
  }

  @Test
  void aHandlerThatACoroutineOfAnotherVerticleCallsDirectlyIsOnItsOwnLoop() throws Exception {
    Context mine = deploy();
    Context its = deploy();
    IOLoop loop = VertxLoop.of(mine);
    var lock = new Lock(VertxLoop.of(its));
    inHandler(its, VertxLoop::current);
    loop.runSync(
        () -> {
          var seen = Promise.<Boolean>promise();
          ((ContextInternal) its).emit(null, nothing -> seen.complete(lock.acquire().isDone()));
          assertThat(await(seen.future())).isTrue();
        });
  }

  @Test
  void dataOfTheContextSurviveAnAwait() throws Exception {
    Context context = deploy();
    VertxLoop.of(context)
        .runSync(
            () -> {
              Vertx.currentContext().put("key", "value");
              ((ContextInternal) Vertx.currentContext()).putLocal("local", "its value");
              sleep(Duration.ofMillis(1));
              assertThat(((ContextInternal) Vertx.currentContext()).<String>getLocal("local"))
                  .isEqualTo("its value");
              assertThat(Vertx.currentContext().<String>get("key")).isEqualTo("value");
            });
  }

  @Test
  void withContinuationsCoroutinesRunOnTheEventLoopThread() throws Exception {
    IOLoop loop = VertxLoop.of(deploy());
    assertThat(loop.runSync(() -> Context.isOnEventLoopThread()))
        .isEqualTo(loop.toString().contains("continuations"));
  }

  @Test
  void aFailureOfAFutureIsThrownAsItIs() throws Exception {
    var failure = new IOException("as it is");
    IOLoop loop = VertxLoop.of(deploy());
    loop.runSync(
        () -> {
          assertThatThrownBy(() -> await(Future.failedFuture(failure))).isSameAs(failure);
          var later = Promise.promise();
          vertx.setTimer(1, id -> later.fail(failure));
          assertThatThrownBy(() -> await(later.future())).isSameAs(failure);
          String nothing = await(Future.succeededFuture());
          assertThat(nothing).isNull();
        });
  }

  @Test
  void withTimeoutLimitsTheAwaitOfAFuture() throws Exception {
    IOLoop loop = VertxLoop.of(deploy());
    loop.runSync(
        () ->
            assertThatThrownBy(
                    () ->
                        withTimeout(Duration.ofMillis(1), () -> await(Promise.promise().future())))
                .isInstanceOf(DeadlineExceededException.class));
  }

  @Test
  void handlersOfTheContextAreOnTheLoop() throws Exception {
    Context first = deploy();
    Context second = deploy();
    for (Context context : List.of(first, second)) {
      IOLoop loop = VertxLoop.of(context);
      loop.runSync(() -> {});
      Coroutine<String> coroutine =
          inHandler(
              context,
              () -> {
                assertThat(IOLoop.current()).isSameAs(loop);
                var event = new Event();
                var waiter =
                    spawn(
                        () -> {
                          await(event.whenSet());
                          return "set";
                        });
                event.set();
                return waiter;
              });
      assertThat(coroutine.get(1, TimeUnit.MINUTES)).isEqualTo("set");
    }
  }

  @Test
  void aPrimitiveOfAnotherContextIsRefusedAlsoOnTheSameThread() throws Exception {
    Context mine = deploy();
    Context other = deploy();
    var lock = new Lock(VertxLoop.of(mine));
    VertxLoop.of(other).runSync(() -> {});
    assertThatThrownBy(() -> inHandler(other, lock::acquire))
        .hasCauseInstanceOf(WrongThreadException.class);
    assertThat(inHandler(mine, () -> lock.acquire().isDone())).isTrue();
  }

  @Test
  void whatNobodySeesGoesToTheExceptionHandlerOfTheContext() throws Exception {
    Context context = deploy();
    var seen = new CompletableFuture<Throwable>();
    context.exceptionHandler(seen::complete);
    var failure = new IOException("nobody sees it");
    VertxLoop.of(context)
        .spawn(
            () -> {
              throw failure;
            });
    assertThat(seen.get(1, TimeUnit.MINUTES)).isSameAs(failure);
  }

  @Test
  void undeployingAVerticleEndsItsCoroutinesWhenTheyHaveCleanedUp() throws Exception {
    List<String> log = Collections.synchronizedList(new ArrayList<>());
    var verticle =
        new VerticleBase() {
          private IOLoop loop;

          @Override
          public Future<?> start() {
            loop = VertxLoop.current();
            var begun = Promise.promise();
            loop.spawn(
                () -> {
                  begun.complete();
                  try {
                    await(Promise.promise().future());
                  } catch (CancellationException e) {
                    await(vertx.timer(1, TimeUnit.MILLISECONDS));
                    log.add("cleaned up");
                    throw e;
                  }
                });
            return begun.future();
          }

          @Override
          public Future<?> stop() {
            log.add("stop");
            return Future.succeededFuture();
          }
        };
    String id = get(vertx.deployVerticle(verticle));
    get(vertx.undeploy(id));
    assertThat(log).containsExactly("stop", "cleaned up");
    assertThat(verticle.loop.whenClosed()).isDone();
    assertThatThrownBy(() -> verticle.loop.spawn(() -> {})).isInstanceOf(LoopClosedException.class);
  }

  @Test
  void anUndeployedVerticleGetsNoLoop() throws Exception {
    Context context = deploy();
    get(vertx.undeploy(context.deploymentID()));
    assertThatIllegalStateException()
        .isThrownBy(() -> VertxLoop.of(context))
        .withMessageContaining("undeployed");
  }

  @Test
  void aLoopThatIsClosedAlreadyDoesNotKeepItsVerticleFromEnding() throws Exception {
    Context context = deploy();
    VertxLoop.of(context).close();
    get(vertx.undeploy(context.deploymentID()));
    assertThat(vertx.deploymentIDs()).isEmpty();
  }

  @Test
  void theLoopOfAContextWithoutAVerticleIsClosedWithVertx() throws Exception {
    Vertx own = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    IOLoop loop = VertxLoop.of(own.getOrCreateContext());
    var waiter = loop.spawn(() -> await(Promise.promise().future()));
    get(own.close());
    assertThat(loop.whenClosed()).isDone();
    assertThat(waiter).isCancelled();
  }
}

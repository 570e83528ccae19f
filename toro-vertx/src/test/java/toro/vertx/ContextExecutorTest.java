package toro.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ContextExecutorTest {
  private final Vertx vertx = Vertx.vertx();
  private final ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
  private final ContextExecutor executor = new ContextExecutor(context);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void tasksRunOnceOnTheContext() throws Exception {
    assertThat(executor.submit(() -> Vertx.currentContext()).get()).isSameAs(context);
    assertThat(executor.schedule(() -> Vertx.currentContext(), 1, TimeUnit.MILLISECONDS).get())
        .isSameAs(context);
    var seen = new CompletableFuture<Context>();
    executor.schedule(
        () -> {
          seen.complete(Vertx.currentContext());
        },
        1,
        TimeUnit.MICROSECONDS);
    assertThat(seen.get()).isSameAs(context);
  }

  @Test
  void tasksRunAgainAndAgainOnTheContext() throws Exception {
    var wrong = new AtomicReference<Context>();
    var runs = new CountDownLatch(6);
    Runnable task =
        () -> {
          if (Vertx.currentContext() != context) {
            wrong.set(Vertx.currentContext());
          }
          runs.countDown();
        };
    List<ScheduledFuture<?>> both =
        List.of(
            executor.scheduleAtFixedRate(task, 0, 1, TimeUnit.MILLISECONDS),
            executor.scheduleWithFixedDelay(task, 0, 1, TimeUnit.MILLISECONDS));
    runs.await();
    both.forEach(each -> each.cancel(false));
    assertThat(wrong.get()).isNull();
  }

  @Test
  void itIsHereInHandlersOfTheContextAndOfItsDuplicatesOnly() throws Exception {
    assertThat(executor.isHere()).isFalse();
    assertThat(executor.submit(executor::isHere).get()).isTrue();
    var other = new ContextExecutor((ContextInternal) vertx.getOrCreateContext());
    assertThat(other.submit(executor::isHere).get()).isFalse();
    var inDuplicate = new CompletableFuture<Boolean>();
    context.duplicate().runOnContext(nothing -> inDuplicate.complete(executor.isHere()));
    assertThat(inDuplicate.get()).isTrue();
  }

  @Test
  void itEndsWithVertxAndNotByItself() throws Exception {
    assertThatThrownBy(executor::shutdown).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(executor::shutdownNow).isInstanceOf(UnsupportedOperationException.class);
    assertThat(executor.isShutdown() || executor.isTerminated()).isFalse();
    close();
    assertThat(executor.isShutdown()).isTrue();
    assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    assertThat(executor.isTerminated()).isTrue();
    assertThatThrownBy(() -> executor.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }
}

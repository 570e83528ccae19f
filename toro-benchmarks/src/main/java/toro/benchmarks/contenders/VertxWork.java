package toro.benchmarks.contenders;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;
import toro.benchmarks.Work;

/** Work on a Vert.x instance, on one event loop of it. */
abstract class VertxWork implements Work {
  private @Nullable Vertx vertx;
  private @Nullable Context context;

  /** Makes a new instance. */
  final void begin() throws Exception {
    close();
    vertx = Vertx.vertx();
    context = vertx.getOrCreateContext();
  }

  final Vertx vertx() {
    return requireNonNull(vertx);
  }

  final Context context() {
    return requireNonNull(context);
  }

  @Override
  public final boolean keepsJvmAlive() {
    return true;
  }

  @Override
  public final void close() throws Exception {
    if (vertx != null) {
      vertx.close().toCompletionStage().toCompletableFuture().get();
      vertx = null;
    }
  }
}

package toro.benchmarks.contenders;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import org.jspecify.annotations.Nullable;
import toro.IOLoop;
import toro.vertx.VertxLoop;

/** On a context of Vert.x. */
public final class OnVertx implements ToroHost {
  private @Nullable Context context;

  @Override
  public IOLoop newLoop() {
    context = Vertx.vertx(new VertxOptions().setUseDaemonThread(true)).getOrCreateContext();
    return VertxLoop.of(context);
  }

  @Override
  public int ask(int number) {
    Promise<Integer> answer = Promise.promise();
    requireNonNull(context).runOnContext(task -> answer.complete(number));
    return VertxLoop.await(answer.future());
  }

  @Override
  public void end() {
    requireNonNull(context).owner().close();
  }
}

package toro.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.*;
import static toro.vertx.VertxLoop.*;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import toro.*;

/** The programs of the documents. */
class SnippetsTest {
  // @start region="verticle"
  static final class Counter extends VerticleBase {
    private int count; // used on the context only

    @Override
    public Future<?> start() {
      IOLoop loop = VertxLoop.current(); // of this verticle, until it is undeployed
      var lock = new Lock(loop);
      vertx
          .eventBus()
          .<Integer>consumer(
              "add",
              message ->
                  loop.spawn(
                      () -> {
                        try (var lease = await(lock.acquire(Duration.ofSeconds(1)))) {
                          int before = count;
                          await(vertx.timer(1, TimeUnit.MILLISECONDS)); // a future of Vert.x
                          count = before + message.body();
                        }
                        message.reply(count);
                      }));
      return Future.succeededFuture();
    }
  }

  // @end

  @Test
  void verticle() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      vertx.deployVerticle(new Counter()).await(1, TimeUnit.MINUTES);
      var replies =
          Future.all(
              vertx.eventBus().request("add", 1),
              vertx.eventBus().request("add", 2),
              vertx.eventBus().request("add", 3));
      replies.await(1, TimeUnit.MINUTES);
      assertThat(vertx.eventBus().<Integer>request("add", 0).await().body()).isEqualTo(6);
    } finally {
      vertx.close().await(1, TimeUnit.MINUTES);
    }
  }
}

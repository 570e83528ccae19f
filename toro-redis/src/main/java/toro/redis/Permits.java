package toro.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import toro.Deadline;

/**
 * Permits on the server: the mechanism under lock, read-write lock and semaphore, as the local
 * {@code Permits} is. A lock has one; a reader takes one, a writer all.
 */
final class Permits {
  final Remote remote;
  private final int declared;

  Permits(RedisNode node, String kind, String name, int declared, Object owner) {
    this.declared = declared;
    this.remote = new Remote(node, kind, name, Script.PERMITS, owner);
  }

  int declared() {
    return declared;
  }

  CompletableFuture<RedisLease> acquire(int permits, Deadline deadline) {
    var request =
        new Remote.Request<RedisLease>(
            0,
            true,
            String.valueOf(permits),
            (id, payload) -> new RedisLease(remote.hold(id, Grant.token(payload))),
            RedisLease::close,
            null,
            "acquire",
            List.of(declared, permits));
    return remote.await(request, deadline);
  }

  /** What there is: in all, held, waiting. */
  record State(long total, long used, long waiting) {}

  <T> CompletableFuture<T> look(Function<State, T> result) {
    return remote.command(
        "look",
        false,
        reply -> result.apply(new State(reply.number(2), reply.number(3), reply.number(4))),
        declared);
  }

  CompletableFuture<Void> resize(int permits) {
    return remote.command("resize", true, reply -> null, declared, permits);
  }

  String text() {
    return remote.text(remote.standing());
  }
}

package toro.redis;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import toro.Coroutine;
import toro.Coroutines;
import toro.Deadline;
import toro.DeadlineExceededException;
import toro.ThrowingRunnable;

/**
 * A lock across machines: on all nodes of a server together one holds it, the others wait.
 *
 * {@snippet file="toro/redis/SnippetsTest.java" region="lock"}
 *
 * <p>Fair: requests are granted in the order in which they reached the server, regardless of the
 * node they come from. Not reentrant: a coroutine that acquires it again waits for itself. A holder
 * that dies, or that the server does not hear of, loses it after {@link RedisNode.Options#lease}:
 * see {@link RedisLease}.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}.
 */
public final class RedisLock {
  private final RedisNode node;
  private final Permits permits;

  RedisLock(RedisNode node, String name) {
    this.node = node;
    this.permits = new Permits(node, "lock", name, 1, this);
  }

  /**
   * Acquires the lock; waits until it is granted.
   *
   * <p><b>Deadline and cancellation:</b> a wait that is cancelled, or whose deadline passes, leaves
   * the queue without a trace; if it was granted at that moment the lock goes to the next. While
   * the server is not there deadlines hold as well.
   *
   * @return the lease to close; or the failure {@link RedisUnavailableException} if the server has
   *     not been there for as long as {@link RedisNode.Options#giveUp} says, or the node is closed
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<RedisLease> acquire() {
    return acquire(Deadline.never());
  }

  /**
   * Like {@link #acquire()}, for at most so long.
   *
   * @param timeout how long to wait; zero or less: it is granted or fails when the server has
   *     answered, which takes a second at most
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<RedisLease> acquire(Duration timeout) {
    return acquire(Deadline.after(timeout));
  }

  /**
   * Like {@link #acquire()}, until a deadline.
   *
   * @param deadline until when to wait; if it has passed: as with a timeout of zero
   * @return the lease to close, or the failure {@link DeadlineExceededException}
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<RedisLease> acquire(Deadline deadline) {
    return permits.acquire(1, requireNonNull(deadline, "deadline"));
  }

  /**
   * Asks the server whether the lock is held, by any node.
   *
   * @return true if it is; out of date when it comes
   * @throws WrongThreadException on another thread
   */
  public CompletableFuture<Boolean> isLocked() {
    return permits.look(state -> state.used() > 0);
  }

  /**
   * Runs a coroutine that acquires the lock, runs a body, and releases the lock. If the lock is
   * lost meanwhile the coroutine is cancelled: the {@code await} that the body is in throws a
   * {@link java.util.concurrent.CancellationException}.
   *
   * {@snippet file="toro/redis/SnippetsTest.java" region="while"}
   *
   * <p><b>Deadline and cancellation:</b> to cancel the coroutine cancels the body, or the wait for
   * the lock; the lock is released when the body has ended.
   *
   * @param body what to do while the lock is held
   * @param <T> the type of its value
   * @return the coroutine: its value is that of the body
   * @throws WrongThreadException on another thread
   */
  public <T extends @Nullable Object> Coroutine<T> whileHeld(Callable<T> body) {
    requireNonNull(body, "body");
    return whileHeld((RedisLease lease) -> body.call());
  }

  /**
   * Like {@link #whileHeld(Callable)}, for a body without a value.
   *
   * @param body what to do while the lock is held
   * @return the coroutine
   * @throws WrongThreadException on another thread
   */
  public Coroutine<@Nullable Void> whileHeld(ThrowingRunnable body) {
    requireNonNull(body, "body");
    Callable<@Nullable Void> call =
        () -> {
          body.run();
          return null;
        };
    return whileHeld(call);
  }

  /**
   * Like {@link #whileHeld(Callable)}, for a body that needs the {@linkplain RedisLease#token()
   * token}.
   *
   * @param body what to do while the lock is held; is given the lease
   * @param <T> the type of its value
   * @return the coroutine: its value is that of the body
   * @throws WrongThreadException on another thread
   */
  public <T extends @Nullable Object> Coroutine<T> whileHeld(Body<T> body) {
    requireNonNull(body, "body");
    permits.remote.check();
    var self = new Coroutine<?>[1];
    Coroutine<T> coroutine =
        node.loop()
            .spawn(
                () -> {
                  try (RedisLease lease = Coroutines.await(acquire())) {
                    lease.whenLost().thenRun(() -> self[0].cancel(true));
                    return body.run(lease);
                  }
                });
    self[0] = coroutine;
    return coroutine;
  }

  /**
   * What to do while a lock is held.
   *
   * @param <T> the type of its value
   */
  @FunctionalInterface
  public interface Body<T extends @Nullable Object> {
    /**
     * Does it.
     *
     * @param lease the lease of the lock; need not be closed
     * @return the value
     * @throws Exception if it fails
     */
    T run(RedisLease lease) throws Exception;
  }

  /**
   * For example {@code RedisLock["invoices" held by web-2-81-9f3c token=17 left=8120ms position=3
   * waiters[2]]}: as far as this node knows, from the server's last answer.
   */
  @Override
  public String toString() {
    return permits.text();
  }
}

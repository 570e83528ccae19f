package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static toro.TestLoop.callback;
import static toro.TestLoop.elsewhere;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Which loop a primitive belongs to. */
class ConstructorsTest {
  private static final List<Supplier<Object>> WITHOUT_LOOP =
      List.of(
          Lock::new,
          Semaphore::new,
          () -> new Semaphore(2),
          BoundedSemaphore::new,
          () -> new BoundedSemaphore(2),
          RWLock::new,
          () -> new RWLock(2),
          KeyedLock<String>::new,
          KeyedRWLock<String>::new,
          () -> new RateLimiter(5, Duration.ofSeconds(1)),
          () -> new RateLimiter(5, Duration.ofSeconds(1), 5),
          Event::new,
          Condition::new,
          AsyncResult<String>::new,
          () -> new Barrier(2),
          () -> new Barrier(2, () -> {}),
          () -> new Broadcast<String>(2),
          () -> new Broadcast<String>(2, Broadcast.Overflow.FAIL),
          () -> new Watch<>("initial"));

  private static final List<Function<IOLoop, Object>> WITH_LOOP =
      List.of(
          Lock::new,
          Semaphore::new,
          loop -> new Semaphore(loop, 2),
          loop -> new BoundedSemaphore(loop, 2),
          RWLock::new,
          loop -> new RWLock(loop, 2),
          KeyedLock<String>::new,
          KeyedRWLock<String>::new,
          loop -> new RateLimiter(loop, 5, Duration.ofSeconds(1)),
          loop -> new RateLimiter(loop, 5, Duration.ofSeconds(1), 5),
          Event::new,
          Condition::new,
          AsyncResult<String>::new,
          loop -> new Barrier(loop, 2),
          loop -> new Barrier(loop, 2, () -> {}),
          loop -> new Broadcast<String>(loop, 2),
          loop -> new Broadcast<String>(loop, 2, Broadcast.Overflow.FAIL),
          loop -> new Watch<>(loop, "initial"));

  @Test
  void withoutALoopItIsRefusedWhereNoneIsCurrent() {
    for (var constructor : WITHOUT_LOOP) {
      assertThatIllegalStateException()
          .isThrownBy(constructor::get)
          .withMessageContaining("pass the loop");
    }
  }

  @Test
  void withoutALoopItIsOfTheCurrentOneInCoroutinesAndInCallbacks() {
    TestLoop.run(
        () -> {
          var texts = new ArrayList<String>();
          WITHOUT_LOOP.forEach(constructor -> texts.add(constructor.get().toString()));
          callback(
              () ->
                  WITHOUT_LOOP.forEach(
                      constructor ->
                          assertThat(constructor.get()).hasToString(texts.removeFirst())));
        });
  }

  @Test
  void withALoopItMayBeMadeOnAnyThreadWhetherTheLoopRunsOrNot() {
    try (IOLoop loop = TestLoop.create()) {
      WITH_LOOP.forEach(
          constructor -> assertThat(constructor.apply(loop).toString()).endsWith("]"));
      var lock = new Lock(loop);
      loop.runSync(
          () -> {
            assertThat(Coroutines.await(lock.acquire())).hasToString("Lease[held]");
            elsewhere(
                () ->
                    WITH_LOOP.forEach(
                        constructor -> assertThat(constructor.apply(loop)).isNotNull()));
          });
      assertThat(lock).hasToString("Lock[locked]");
    }
  }

  @Test
  void nullIsNoLoop() {
    for (var constructor : WITH_LOOP) {
      assertThatNullPointerException()
          .isThrownBy(() -> constructor.apply(null))
          .withMessage("loop");
    }
  }

  @Test
  void impossibleCountsAreRefused() {
    TestLoop.run(
        () -> {
          for (Supplier<Object> constructor :
              List.<Supplier<Object>>of(
                  () -> new Semaphore(-1),
                  () -> new Semaphore(IOLoop.current(), -1),
                  () -> new BoundedSemaphore(-1),
                  () -> new RWLock(0),
                  () -> new RWLock(-1),
                  () -> new RWLock(IOLoop.current(), Integer.MIN_VALUE),
                  () -> new Barrier(0),
                  () -> new Barrier(IOLoop.current(), -1),
                  () -> new Broadcast<String>(0),
                  () -> new Broadcast<String>(IOLoop.current(), -1),
                  () -> new RateLimiter(0, Duration.ofSeconds(1)),
                  () -> new RateLimiter(-1, Duration.ofSeconds(1), 5),
                  () -> new RateLimiter(5, Duration.ofSeconds(1), 0))) {
            assertThatIllegalArgumentException()
                .isThrownBy(constructor::get)
                .withMessageContaining("must be >=");
          }
          assertThat(new Semaphore(0).isLocked()).isTrue();
          assertThat(new BoundedSemaphore(0).isLocked()).isTrue();
        });
  }

  @Test
  void theStateMayBeReadAnywhereWhileTheLoopDoesNotRun() {
    IOLoop loop = TestLoop.create();
    var lock = new Lock(loop);
    var semaphore = new Semaphore(loop, 3);
    var rwLock = new RWLock(loop, 2);
    var keyed = new KeyedLock<String>(loop);
    var keyedRW = new KeyedRWLock<String>(loop);
    var event = new Event(loop);
    var result = new AsyncResult<Integer>(loop);
    var barrier = new Barrier(loop, 2);
    var broadcast = new Broadcast<Integer>(loop, 2);
    var watch = new Watch<>(loop, 1);
    loop.runSync(
        () -> {
          var unused = barrier.arrive();
          var subscription = broadcast.subscribe();
          broadcast.putNow(7);
          assertThat(subscription.size()).isOne();
          watch.set(7);
          Coroutines.await(lock.acquire());
          Coroutines.await(semaphore.acquire());
          Coroutines.await(rwLock.acquireWrite());
          Coroutines.await(keyed.acquire("a"));
          Coroutines.await(keyedRW.acquireWrite("a"));
          event.set();
          result.set(7);
        });
    ThrowingRunnable read =
        () -> {
          assertThat(lock.isLocked()).isTrue();
          assertThat(semaphore.availablePermits()).isEqualTo(2);
          assertThat(semaphore.isLocked()).isFalse();
          assertThat(rwLock.isLocked()).isTrue();
          assertThat(keyed.isLocked("a")).isTrue();
          assertThat(keyed.size()).isOne();
          assertThat(keyedRW.isLocked("a")).isTrue();
          assertThat(keyedRW.size()).isOne();
          assertThat(semaphore.totalPermits()).isEqualTo(3);
          assertThat(event.isSet()).isTrue();
          assertThat(result.isReady()).isTrue();
          assertThat(result.getNow()).isEqualTo(7);
          assertThat(barrier.isBroken()).isFalse();
          assertThat(barrier.parties()).isEqualTo(2);
          assertThat(broadcast.size()).isOne();
          assertThat(broadcast.maxSize()).isEqualTo(2);
          assertThat(watch.value()).isEqualTo(7);
        };
    elsewhere(read);
    loop.close();
    elsewhere(read);
  }

  @Test
  void theStateMayNotBeReadOnAnotherThreadWhileTheLoopRuns() {
    TestLoop.run(
        () -> {
          var lock = new Lock();
          var semaphore = new Semaphore();
          var bounded = new BoundedSemaphore();
          var rwLock = new RWLock();
          var keyed = new KeyedLock<String>();
          var keyedRW = new KeyedRWLock<String>();
          var limiter = new RateLimiter(1, Duration.ofSeconds(1));
          var event = new Event();
          var result = new AsyncResult<Integer>();
          var barrier = new Barrier(2);
          var broadcast = new Broadcast<Integer>(2);
          var subscription = broadcast.subscribe();
          var watch = new Watch<>(1);
          var lease = Coroutines.await(lock.acquire());
          elsewhere(
              () -> {
                refused("Barrier", barrier::waiting);
                refused("Barrier", barrier::isBroken);
                refused("Barrier", barrier::reset);
                refused("Barrier", barrier::abort);
                refused("Broadcast", broadcast::size);
                refused("Broadcast", broadcast::subscribe);
                refused("Broadcast", () -> broadcast.putNow(1));
                refused("Broadcast", broadcast::close);
                refused("Subscription", subscription::size);
                refused("Subscription", subscription::missed);
                refused("Subscription", subscription::getNow);
                refused("Subscription", subscription::close);
                refused("Watch", watch::value);
                refused("Watch", () -> watch.set(2));
                refused("Lock", lock::isLocked);
                refused("Lock", lock::release);
                refused("Lock", lease::close);
                refused("Semaphore", semaphore::availablePermits);
                refused("Semaphore", semaphore::isLocked);
                refused("Semaphore", semaphore::release);
                refused("BoundedSemaphore", bounded::isLocked);
                refused("BoundedSemaphore", bounded::release);
                refused("RWLock", rwLock::isLocked);
                refused("RWLock", rwLock::releaseRead);
                refused("RWLock", rwLock::releaseWrite);
                refused("Semaphore", () -> semaphore.acquire(2));
                refused("Semaphore", () -> semaphore.release(2));
                refused("Semaphore", () -> semaphore.resize(2));
                refused("Semaphore", semaphore::totalPermits);
                refused("KeyedLock", () -> keyed.isLocked("a"));
                refused("KeyedLock", () -> keyed.release("a"));
                refused("KeyedLock", keyed::size);
                refused("KeyedRWLock", () -> keyedRW.isLocked("a"));
                refused("KeyedRWLock", () -> keyedRW.releaseRead("a"));
                refused("KeyedRWLock", () -> keyedRW.releaseWrite("a"));
                refused("KeyedRWLock", keyedRW::size);
                refused("RateLimiter", limiter::acquire);
                refused("Event", event::isSet);
                refused("Event", event::set);
                refused("Event", event::clear);
                refused("AsyncResult", result::isReady);
                refused("AsyncResult", result::getNow);
                refused("AsyncResult", () -> result.set(1));
                refused("AsyncResult", () -> result.setException(new RuntimeException()));
              });
          assertThat(lock.isLocked()).isTrue();
          assertThat(event.isSet()).isFalse();
          assertThat(result.isReady()).isFalse();
        });
  }

  private static void refused(String name, ThrowingRunnable use) {
    org.assertj.core.api.Assertions.assertThatExceptionOfType(WrongThreadException.class)
        .isThrownBy(use::run)
        .withMessageStartingWith(name + " was used by")
        .withMessageContaining("elsewhere");
  }
}

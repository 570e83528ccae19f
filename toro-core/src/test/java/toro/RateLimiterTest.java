package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualClock clock = new ManualClock();
  private final List<String> passed = new ArrayList<>();

  private void onLoop(ThrowingRunnable body) {
    try (IOLoop loop = TestLoop.create(clock)) {
      loop.runSync(body);
    }
  }

  /** Notes when it passes. */
  private <T> CompletableFuture<T> noted(String name, CompletableFuture<T> wait) {
    wait.thenRun(() -> passed.add(name + " at " + clock.elapsed().toMillis()));
    return wait;
  }

  @Test
  void atFirstTheBurstPassesAndThenOneAtATime() {
    onLoop(
        () -> {
          var limiter = new RateLimiter(5, SECOND, 3);
          for (String name : List.of("a", "b", "c", "d", "e")) {
            noted(name, limiter.acquire());
          }
          sleep(SECOND);
          assertThat(passed).containsExactly("a at 0", "b at 0", "c at 0", "d at 200", "e at 400");
        });
  }

  @Test
  void withoutABurstTheyAreEvenlyApart() {
    onLoop(
        () -> {
          var limiter = new RateLimiter(1, SECOND.multipliedBy(2)); // half a permit a second
          noted("a", limiter.acquire());
          noted("b", limiter.acquire());
          noted("c", limiter.acquire());
          sleep(Duration.ofSeconds(10));
          noted("d", limiter.acquire());
          noted("e", limiter.acquire());
          sleep(Duration.ofSeconds(10));
          assertThat(passed)
              .containsExactly("a at 0", "b at 2000", "c at 4000", "d at 10000", "e at 12000");
        });
  }

  @Test
  void itsTextTellsHowManyThereAreAndHowManyWait() {
    onLoop(
        () -> {
          var limiter = new RateLimiter(3, SECOND, 2);
          assertThat(limiter).hasToString("RateLimiter[available=2]");
          await(limiter.acquire(2));
          assertThat(limiter).hasToString("RateLimiter[available=0]");
          var two = limiter.acquire(2);
          var unused = limiter.acquire();
          sleep(Duration.ofMillis(500));
          assertThat(limiter).hasToString("RateLimiter[available=1 waiters[2]]");
          two.cancel(true);
          assertThat(limiter).hasToString("RateLimiter[available=0]");
          sleep(Duration.ofDays(1));
          assertThat(limiter).hasToString("RateLimiter[available=2]");
        });
  }

  @Test
  void ofThreeASecondTheThreeMillionthPassesAfterAMillionSeconds() {
    onLoop(
        () -> {
          var limiter = new RateLimiter(3, SECOND);
          long start = clock.nanoTime();
          for (int i = 0; i <= 300_000; i++) {
            await(limiter.acquire());
            long exact = Math.ceilDiv(i * 1_000_000_000L, 3);
            assertThat(clock.nanoTime() - start).isEqualTo(exact);
          }
          limiter.bucket.take(2_700_000 - 1); // as if so many had passed
          await(limiter.acquire());
          assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(1_000_000));
        });
  }

  @Test
  void aMillionASecondAndMorePassOnTime() {
    onLoop(
        () -> {
          var million = new RateLimiter(1_000_000, SECOND);
          for (int i = 0; i <= 10_000; i++) {
            await(million.acquire());
          }
          assertThat(clock.elapsed()).isEqualTo(Duration.ofMillis(10));
          // Seven in two nanoseconds.
          var fast = new RateLimiter(7, Duration.ofNanos(2), 10);
          await(fast.acquire(10));
          for (int i = 0; i < 700_000; i++) {
            await(fast.acquire());
          }
          assertThat(clock.elapsed()).isEqualTo(Duration.ofNanos(10_200_000));
        });
  }

  @Test
  void whoWantsManyIsNotPassedOverByThoseWhoWantLess() {
    onLoop(
        () -> {
          var limiter = new RateLimiter(1, SECOND, 3);
          await(limiter.acquire(2));
          noted("many", limiter.acquire(3));
          noted("one", limiter.acquire());
          assertThat(limiter.acquire(Duration.ZERO)).isCompletedExceptionally();
          sleep(Duration.ofSeconds(5));
          assertThat(passed).containsExactly("many at 2000", "one at 3000");
        });
  }

  @Test
  void whenWhoWantsManyLeavesThoseBehindMoveUp() {
    onLoop(
        () -> {
          var limiter = new RateLimiter(1, SECOND, 3);
          await(limiter.acquire(3));
          var many = limiter.acquire(3, Duration.ofMillis(1500));
          noted("one", limiter.acquire());
          noted("two", limiter.acquire());
          sleep(Duration.ofSeconds(5));
          assertThat(many).isCompletedExceptionally();
          assertThat(passed).containsExactly("one at 1500", "two at 2000");
        });
  }

  @Test
  void aWaitThatLeavesTakesNoPermitAndDelaysNobody() {
    onLoop(
        () -> {
          var limiter = new RateLimiter(1, SECOND);
          await(limiter.acquire());
          var cancelled = limiter.acquire();
          var expired = limiter.acquire(Duration.ofMillis(500));
          var coroutine = spawn(() -> await(limiter.acquire()));
          noted("last", limiter.acquire());
          pause();
          cancelled.cancel(true);
          coroutine.cancel(true);
          sleep(Duration.ofSeconds(5));
          assertThat(expired).isCompletedExceptionally();
          assertThat(passed).containsExactly("last at 1000");
        });
  }

  @Test
  void aWaitThatCannotBeGrantedInTimeFailsAtItsDeadlineUnlessThoseAheadLeave() {
    onLoop(
        () -> {
          var limiter = new RateLimiter(1, SECOND);
          await(limiter.acquire());
          var ahead = limiter.acquire();
          var hopeless = limiter.acquire(Duration.ofMillis(1200));
          var lucky = limiter.acquire(Duration.ofMillis(1300));
          sleep(Duration.ofMillis(900));
          assertThat(hopeless).isNotDone();
          ahead.cancel(true);
          sleep(Duration.ofMillis(100));
          pause();
          assertThat(hopeless).isCompleted();
          sleep(Duration.ofMillis(299));
          assertThat(lucky).isNotDone();
          sleep(Duration.ofMillis(1));
          pause();
          assertThat(lucky).isCompletedExceptionally();
          assertThat(IOLoop.current().timers.size()).isZero();
        });
  }

  @Test
  void whatComesAtTheMomentOfTheDeadlineComesInTime() {
    onLoop(
        () -> {
          var limiter = new RateLimiter(1, SECOND);
          noted("a", limiter.acquire());
          noted("b", limiter.acquire(SECOND));
          noted("c", limiter.acquire(SECOND.multipliedBy(2)));
          var late = limiter.acquire(SECOND.multipliedBy(3).minusNanos(1));
          sleep(Duration.ofSeconds(5));
          assertThat(passed).containsExactly("a at 0", "b at 1000", "c at 2000");
          assertThat(late).isCompletedExceptionally();
        });
  }

  @Test
  void thereIsOneTimerForAllWhoWaitAndNoneWhenNobodyDoes() {
    onLoop(
        () -> {
          var limiter = new RateLimiter(1, SECOND, 2);
          var timers = IOLoop.current().timers;
          await(limiter.acquire(2));
          assertThat(timers.size()).isZero();
          var waits = new ArrayList<CompletableFuture<Void>>();
          for (int i = 0; i < 1_000; i++) {
            waits.add(limiter.acquire());
            assertThat(timers.size()).isOne();
          }
          sleep(SECOND);
          pause();
          assertThat(waits.getFirst()).isCompleted();
          assertThat(timers.size()).isOne();
          waits.forEach(wait -> wait.cancel(true));
          assertThat(timers.size()).isZero();
        });
  }

  // Clocks.

  @Test
  void whoPassesALittleLateDoesNotDelayThoseBehind() {
    onLoop(
        () -> {
          var limiter = new RateLimiter(10, SECOND);
          await(limiter.acquire());
          for (int i = 0; i < 5; i++) {
            noted("x", limiter.acquire());
          }
          for (int i = 1; i <= 5; i++) {
            clock.advance(Duration.ofMillis(i * 100 + 50).minus(clock.elapsed()));
            sleep(Duration.ofMillis(1)); // something held the loop until now
          }
          assertThat(passed)
              .containsExactly("x at 150", "x at 250", "x at 350", "x at 450", "x at 550");
        });
  }

  @Test
  void whenTheClockJumpsOnlyTheBurstPassesAtOnceBehindTheFirst() {
    onLoop(
        () -> {
          var limiter = new RateLimiter(1, SECOND, 2);
          await(limiter.acquire(2));
          for (int i = 0; i < 6; i++) {
            noted("x", limiter.acquire());
          }
          clock.advance(Duration.ofHours(1));
          sleep(Duration.ofMillis(10_000));
          assertThat(passed)
              .containsExactly(
                  "x at 3600000", // his permit came after a second
                  "x at 3600000",
                  "x at 3600000",
                  "x at 3601000",
                  "x at 3602000",
                  "x at 3603000");
        });
  }

  @Test
  void afterACenturyOfIdlenessThereIsTheBurstAndNoMore() {
    onLoop(
        () -> {
          var limiter = new RateLimiter(1_000_000, SECOND, 5);
          await(limiter.acquire(5));
          for (int i = 0; i < 3; i++) { // the clock wraps around on the way
            clock.advance(Duration.ofDays(36_500));
            clock.advance(Duration.ofDays(10_000));
            assertThat(limiter).hasToString("RateLimiter[available=5]");
            await(limiter.acquire(5));
            assertThat(limiter.acquire(Duration.ZERO)).isCompletedExceptionally();
          }
        });
  }

  // Arguments.

  @Test
  void whatCannotBeIsRefused() {
    onLoop(
        () -> {
          var limiter = new RateLimiter(1, SECOND, 2);
          assertThatIllegalArgumentException()
              .isThrownBy(() -> limiter.acquire(3))
              .withMessage("permits must be <= 2, the burst, not 3: so many never come together");
          for (int n : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThatIllegalArgumentException()
                .isThrownBy(() -> limiter.acquire(n, SECOND))
                .withMessage("permits must be >= 1, not " + n);
          }
          assertThatNullPointerException().isThrownBy(() -> limiter.acquire((Duration) null));
          assertThatNullPointerException().isThrownBy(() -> limiter.acquire((Deadline) null));
          assertThat(limiter).hasToString("RateLimiter[available=2]");
          for (Duration period : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThatIllegalArgumentException()
                .isThrownBy(() -> new RateLimiter(1, period))
                .withMessage("period must be positive, not " + period);
          }
          assertThatNullPointerException()
              .isThrownBy(() -> new RateLimiter(1, null))
              .withMessage("period");
          assertThatIllegalArgumentException()
              .isThrownBy(() -> new RateLimiter(1, Duration.ofDays(365), 1_000))
              .withMessage("burst must be less than what comes in 146 years, not 1000");
        });
  }

  @Test
  void theSlowestComesAfter146Years() {
    onLoop(
        () -> {
          var limiter = new RateLimiter(1, Duration.ofSeconds(Long.MAX_VALUE));
          await(limiter.acquire());
          await(limiter.acquire());
          assertThat(clock.elapsed()).isEqualTo(Duration.ofNanos(Deadline.FOREVER));
        });
  }

  // The end of the loop.

  @Test
  void whoCleansUpWhileTheLoopClosesMayWaitForAPermit() {
    try (IOLoop loop = TestLoop.create(clock)) {
      loop.runSync(
          () -> {
            var limiter = new RateLimiter(1, SECOND);
            await(limiter.acquire());
            spawn(
                () -> {
                  try {
                    await(new Event().whenSet());
                  } finally {
                    await(noted("cleaned up", limiter.acquire()));
                  }
                });
            pause();
          });
    }
    assertThat(passed).containsExactly("cleaned up at 1000");
  }

  @Test
  void aCallbackMayAcquireAgainAndGoesToTheEndOfTheLine() {
    onLoop(
        () -> {
          var limiter = new RateLimiter(1, SECOND);
          await(limiter.acquire());
          limiter.acquire().thenRun(() -> noted("again", limiter.acquire()));
          noted("second", limiter.acquire());
          sleep(Duration.ofSeconds(5));
          assertThat(passed).containsExactly("second at 2000", "again at 3000");
        });
  }

  @Test
  void onAClosedLoopItIsRefused() {
    IOLoop loop = TestLoop.create(clock);
    var limiter = new RateLimiter(loop, 1, SECOND);
    loop.close();
    assertThatExceptionOfType(LoopClosedException.class).isThrownBy(limiter::acquire);
  }

  // The arithmetic, against fractions.

  @Test
  void aBucketIsExact() {
    Random random = new Random(7);
    for (int run = 0; run < 500; run++) {
      int permits = 1 + random.nextInt(1 << (1 + random.nextInt(30)));
      long period = 1 + random.nextLong(1L << (1 + random.nextInt(50)));
      long mostRoom = Deadline.FOREVER / Math.max(1, period / permits);
      int room = 1 + random.nextInt(1 << (1 + random.nextInt(30)));
      room = (int) Math.min(mostRoom, run % 10 == 0 ? Integer.MAX_VALUE : room);
      long now = random.nextLong();
      var bucket = new Bucket(permits, Duration.ofNanos(period), room, now);
      // In units of which a permit has as many as the period nanoseconds.
      BigInteger cost = BigInteger.valueOf(period);
      BigInteger most = cost.multiply(BigInteger.valueOf(room));
      BigInteger level = most;
      for (int step = 0; step < 200; step++) {
        long passing = random.nextLong(1 + 3 * period / permits);
        now += passing;
        level =
            level.add(BigInteger.valueOf(passing).multiply(BigInteger.valueOf(permits))).min(most);
        bucket.spill(now);
        assertThat(bucket.available(now)).isEqualTo(level.divide(cost).intValueExact());
        int wanted = 1 + random.nextInt(room);
        BigInteger missing = cost.multiply(BigInteger.valueOf(wanted)).subtract(level);
        long wait = bucket.nanosUntil(wanted, now);
        if (missing.signum() <= 0) {
          assertThat(wait).isLessThanOrEqualTo(0);
          bucket.take(wanted);
          level = missing.negate();
        } else {
          assertThat(wait).isEqualTo(ceil(missing, permits));
        }
      }
    }
  }

  private static long ceil(BigInteger units, int permits) {
    BigInteger divisor = BigInteger.valueOf(permits);
    return units.add(divisor).subtract(BigInteger.ONE).divide(divisor).longValueExact();
  }

  @Test
  void whoseTimeHasComePassesBeforeTheNextOneAcquires() {
    onLoop(
        () -> {
          var limiter = new RateLimiter(1, SECOND);
          await(limiter.acquire());
          var first = limiter.acquire();
          clock.advance(SECOND); // the timer had no turn yet
          var second = limiter.acquire();
          assertThat(first).isCompleted();
          assertThat(second).isNotDone();
        });
  }

  @Test
  void whoHasPassedLeavesNoTimer() {
    onLoop(
        () -> {
          var limiter = new RateLimiter(1, SECOND);
          await(limiter.acquire());
          await(limiter.acquire(Duration.ofDays(1)));
          assertThat(IOLoop.current().timers.size()).isZero();
        });
  }

  @Test
  void theBurstMayBeTheGreatestInteger() {
    onLoop(
        () -> {
          var limiter = new RateLimiter(1000, SECOND, Integer.MAX_VALUE);
          assertThat(limiter).hasToString("RateLimiter[available=2147483647]");
          await(limiter.acquire(5000));
          assertThat(limiter).hasToString("RateLimiter[available=2147478647]");
          sleep(SECOND);
          assertThat(limiter).hasToString("RateLimiter[available=2147479647]");
          await(limiter.acquire(Integer.MAX_VALUE));
          assertThat(clock.elapsed()).isEqualTo(SECOND.multipliedBy(5));
          assertThat(limiter).hasToString("RateLimiter[available=0]");
          await(limiter.acquire());
          assertThat(clock.elapsed()).isEqualTo(Duration.ofMillis(5001));
        });
  }

  @Test
  void theRateMayBeTheGreatestInteger() {
    onLoop(
        () -> {
          int most = Integer.MAX_VALUE;
          var limiter = new RateLimiter(most, Duration.ofNanos(1), most);
          for (int i = 0; i < 3; i++) {
            await(limiter.acquire(most));
            assertThat(limiter).hasToString("RateLimiter[available=0]");
            assertThat(clock.elapsed()).isEqualTo(Duration.ofNanos(i));
          }
        });
  }
}

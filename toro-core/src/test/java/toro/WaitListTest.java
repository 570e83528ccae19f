package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.TestLoop.elsewhere;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The line itself: its links, its marks, and who is told of a departure. */
class WaitListTest {

  private static Waiter<Void> waiter(WaitList<Waiter<Void>> list) {
    var waiter = new Waiter<Void>(IOLoop.current());
    assertThat(list.await(waiter, Deadline.never())).isSameAs(waiter);
    return waiter;
  }

  @Test
  void whoLeavesKeepsNoLinkToTheOthers() {
    TestLoop.run(
        () -> {
          var list = new WaitList<Waiter<Void>>(IOLoop.current(), "owner");
          var waiters = new ArrayList<Waiter<Void>>();
          for (int i = 0; i < 100; i++) {
            waiters.add(waiter(list));
          }
          Collections.shuffle(waiters, new Random(7));
          for (int left = 99; left >= 0; left--) {
            var leaving = waiters.get(left);
            leaving.cancel(false);
            assertThat(list.size()).isEqualTo(left);
            assertThat(leaving.inLine).isFalse();
            assertThat(leaving.previous).isNull();
            assertThat(leaving.next).isNull();
          }
          assertThat(list.isEmpty()).isTrue();
          assertThat(list.first()).isNull();
          assertThat(list.poll()).isNull();
          assertThat(list.count("waiters")).isEmpty();
        });
  }

  @Test
  void aMarkSeparatesThoseWhoCameFromThoseWhoCome() {
    TestLoop.run(
        () -> {
          var list = new WaitList<Waiter<Void>>(IOLoop.current(), "owner");
          var first = waiter(list);
          var dead = waiter(list);
          long mark = list.mark();
          var late = waiter(list);
          dead.cancel(true);
          assertThat(list.poll(mark)).isSameAs(first);
          assertThat(list.poll(mark)).isNull();
          assertThat(list.poll()).isSameAs(late);
        });
  }

  @Test
  void whoIsTakenOutCannotBeCompletedByAnybodyElse() {
    TestLoop.run(
        () -> {
          var list = new WaitList<Waiter<Void>>(IOLoop.current(), "owner");
          var waiter = new Waiter<Void>(IOLoop.current());
          CompletableFuture<Void> wait = list.await(waiter, Deadline.after(Duration.ofSeconds(1)));
          assertThat(list.poll()).isSameAs(waiter);
          assertThat(IOLoop.current().timers.size()).isZero();
          assertThat(wait.cancel(true)).isFalse();
          elsewhere(() -> assertThat(wait.complete(null)).isFalse());
          assertThat(wait).isNotDone();
          waiter.succeed(null);
          assertThat(wait).isCompleted();
        });
  }

  @Test
  void departuresAreToldOnceAndGrantsAreNot() {
    TestLoop.run(
        () -> {
          var departures = new int[1];
          var list = new WaitList<Waiter<Void>>(IOLoop.current(), "owner", () -> departures[0]++);
          var granted = waiter(list);
          var cancelled = waiter(list);
          var expiring = new Waiter<Void>(IOLoop.current());
          list.await(expiring, Deadline.after(Duration.ofSeconds(1)));
          var elsewhere = waiter(list);
          assertThat(list.poll()).isSameAs(granted);
          granted.succeed(null);
          assertThat(departures[0]).isZero();
          cancelled.cancel(true);
          cancelled.cancel(true);
          assertThat(departures[0]).isOne();
          elsewhere(() -> elsewhere.cancel(true));
          Coroutines.sleep(Duration.ofSeconds(2));
          assertThat(departures[0]).isEqualTo(3);
          assertThat(list.isEmpty()).isTrue();
        });
  }

  @Test
  void callbacksFromSomeDepthOnRunLaterButBeforeTheOutermostGrantReturns() {
    TestLoop.run(
        () -> {
          var condition = new Condition();
          var depth = new int[2]; // now, and at most
          var done = new int[1];
          for (int i = 0; i < 1000; i++) {
            var unused =
                condition
                    .whenSignalled()
                    .thenRun(
                        () -> {
                          depth[1] = Math.max(depth[1], ++depth[0]);
                          condition.signal();
                          depth[0]--;
                          done[0]++;
                        });
          }
          condition.signal();
          assertThat(done[0]).isEqualTo(1000);
          assertThat(depth[1]).isBetween(2, 100);
        });
  }

  @Test
  void failuresFromSomeDepthOnRunLaterToo() {
    TestLoop.run(
        () -> {
          var results = new ArrayList<AsyncResult<Integer>>();
          var depth = new int[2]; // now, and at most
          var failed = new int[1];
          for (int i = 0; i <= 1000; i++) {
            results.add(new AsyncResult<>());
          }
          for (int i = 0; i < 1000; i++) {
            var next = results.get(i + 1);
            results
                .get(i)
                .get()
                .whenComplete(
                    (value, failure) -> {
                      depth[1] = Math.max(depth[1], ++depth[0]);
                      failed[0] += failure == null ? 0 : 1;
                      next.setException(failure);
                      depth[0]--;
                    });
          }
          var last = results.getLast().get();
          results.getFirst().setException(new IllegalStateException("first"));
          assertThat(failed[0]).isEqualTo(1000);
          assertThat(depth[1]).isBetween(2, 100);
          assertThat(last).isCompletedExceptionally();
        });
  }
}

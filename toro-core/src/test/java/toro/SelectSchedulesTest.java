package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.on;
import static toro.Coroutines.pause;
import static toro.Coroutines.select;
import static toro.Schedules.SOON;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import toro.Schedules.Scene;

/** Small programs of selects in all schedules: with an event at each point. */
@OnItsOwnThread
class SelectSchedulesTest {

  private static void explore(Function<IOLoop, Scene> scenes) {
    assertThat(Schedules.explore(scenes)).isGreaterThan(100);
  }

  /** Who holds a lease is inside for a while, with at most so many at the same time. */
  private static final class Inside implements Case.Action<Lease> {
    private final int most;
    private int inside;

    Inside(int most) {
      this.most = most;
    }

    @Override
    public void accept(Lease lease) {
      weighing(1).accept(lease);
    }

    /** One who counts as so many. */
    Weighed weighing(int weight) {
      return lease -> {
        inside += weight;
        assertThat(inside).isLessThanOrEqualTo(most);
        try (lease) {
          pause();
        } finally {
          inside -= weight;
        }
      };
    }
  }

  private interface Weighed extends Case.Action<Lease> {
    @Override
    void accept(Lease lease);
  }

  @Test
  void aSelectTakesOneThingAndEverythingElseStaysWhereItIs() {
    explore(
        loop -> {
          Queue<Integer> first = new Queue<>(loop, 1);
          Queue<Integer> second = new Queue<>(loop, 1);
          List<Integer> putIn = new ArrayList<>();
          List<Integer> taken = new ArrayList<>();
          return new Scene()
              .coroutine(
                  () -> {
                    taken.add(select(on(first::get), on(second::get)));
                    taken.add(select(SOON, on(second::get), on(first::get)));
                  })
              .coroutine(() -> taken.add(select(on(second::get), on(first::get))))
              .coroutine(
                  () -> {
                    first.putNow(1);
                    putIn.add(1);
                    second.putNow(2);
                    putIn.add(2);
                    select(
                        on(() -> first.put(3), () -> putIn.add(3)),
                        on(() -> second.put(4), () -> putIn.add(4)));
                  })
              .rule(
                  () ->
                      Stream.of(first, second)
                          .forEach(
                              queue -> {
                                String text = queue.toString();
                                assertThat(text.contains("getters") && !queue.isEmpty()).isFalse();
                                assertThat(text.contains("putters") && !queue.isFull()).isFalse();
                              }))
              .invariant(
                  () -> {
                    assertThat(taken.size() + first.size() + second.size()).isEqualTo(putIn.size());
                    assertThat(taken).doesNotHaveDuplicates();
                    assertThat(putIn).containsAll(taken);
                  });
        });
  }

  @Test
  void aSelectOfPermitsHoldsWhatItHasTakenAndNothingElse() {
    explore(
        loop -> {
          Lock lock = new Lock(loop);
          RWLock shared = new RWLock(loop, 2);
          Event stop = new Event(loop);
          Inside ofLock = new Inside(1);
          Inside ofShared = new Inside(2);
          return new Scene()
              .coroutine(
                  () ->
                      select(
                          SOON,
                          on(
                              lock::acquire,
                              lease -> {
                                ofLock.weighing(1).accept(lease);
                              }),
                          on(
                              shared::acquireWrite,
                              lease -> {
                                ofShared.weighing(2).accept(lease);
                              }),
                          on(stop::whenSet, () -> {})))
              .coroutine(
                  () -> {
                    ofLock.accept(await(lock.acquire()));
                    stop.set();
                  })
              .coroutine(() -> ofShared.accept(await(shared.acquireRead())))
              .rule(() -> assertThat(lock.toString()).doesNotContain("unlocked waiters"))
              .invariant(() -> assertThat(lock).hasToString("Lock[unlocked]"))
              .invariant(() -> assertThat(shared).hasToString("RWLock[unlocked]"));
        });
  }

  @Test
  void eachSignalWakesOneEvenIfSomeSelectTwice() {
    explore(
        loop -> {
          Condition condition = new Condition(loop);
          List<String> signals = new ArrayList<>();
          List<String> woken = new ArrayList<>();
          return new Scene()
              .coroutine(
                  () ->
                      select(
                          on(condition::whenSignalled, () -> woken.add("signal")),
                          on(condition::whenSignalled, () -> woken.add("signal"))))
              .coroutine(
                  () -> {
                    await(condition.whenSignalled(SOON));
                    woken.add("signal");
                  })
              .coroutine(
                  () -> {
                    for (int i = 0; i < 2; i++) {
                      if (condition.toString().contains("waiters")) {
                        signals.add("signal");
                      }
                      condition.signal();
                      pause();
                    }
                  })
              .invariant(() -> assertThat(woken).isEqualTo(signals))
              .rule(() -> assertThat(woken.size()).isLessThanOrEqualTo(signals.size()));
        });
  }
}

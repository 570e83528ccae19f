package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.pause;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a loop knows of the primitives on which somebody waits, also if they are many. */
class WaitListsTest {
  private static final int MANY = 5000;

  private final IOLoop loop = TestLoop.create();

  @Test
  void closingTheLoopEndsTheWaitsOfAll() {
    List<CompletableFuture<?>> waits = new ArrayList<>();
    List<Condition> conditions = new ArrayList<>();
    loop.runSync(
        () -> {
          for (int i = 0; i < MANY; i++) {
            var condition = new Condition();
            conditions.add(condition);
            waits.add(condition.whenSignalled());
          }
        });

    loop.close();

    assertThat(waits).allMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(conditions).allMatch(condition -> condition.toString().equals("Condition[]"));
  }

  @Test
  void alsoOfThoseOnWhichNobodyHadWaitedForAWhile() {
    List<CompletableFuture<?>> waits = new ArrayList<>();
    loop.runSync(
        () -> {
          List<Condition> conditions = new ArrayList<>();
          for (int i = 0; i < MANY; i++) {
            var condition = new Condition();
            conditions.add(condition);
            condition.whenSignalled();
          }
          for (int i = 0; i < MANY; i += 2) {
            conditions.get(i).signal();
          }
          for (int i = 0; i < MANY; i++) { // here they are forgotten
            var condition = new Condition();
            condition.whenSignalled();
            condition.signal();
          }
          for (Condition condition : conditions) {
            waits.add(condition.whenSignalled());
          }
        });

    loop.close();

    assertThat(waits).hasSize(MANY).allMatch(CompletableFuture::isCompletedExceptionally);
  }

  @Test
  void aSnapshotShowsEachOnceAndTheOldestFirst() {
    List<Condition> conditions = new ArrayList<>();
    loop.runSync(
        () -> {
          for (int i = 0; i < MANY; i++) {
            conditions.add(Coroutines.named("condition " + i, new Condition()));
          }
          for (Condition condition : conditions) {
            for (int i = 0; i < 3; i++) {
              condition.whenSignalled();
              condition.signal();
            }
            condition.whenSignalled();
          }

          assertThat(loop.snapshot().primitives())
              .extracting(Snapshot.PrimitiveState::name)
              .containsExactlyElementsOf(conditions.stream().map(Names::of).toList());
        });
    loop.close();
  }

  @Test
  void aPrimitiveThatEverybodyHasForgottenGoesWithThoseWhoWaitOnIt() {
    loop.runSync(
        () -> {
          List<WeakReference<?>> forgotten = new ArrayList<>();
          for (int i = 0; i < 100; i++) {
            var condition = new Condition();
            forgotten.add(new WeakReference<>(condition));
            forgotten.add(new WeakReference<>(condition.whenSignalled()));
          }
          for (int i = 0; i < MANY; i++) {
            new Condition().whenSignalled();
          }
          pause();
          while (forgotten.stream().anyMatch(reference -> reference.get() != null)) {
            System.gc();
          }
        });
    loop.close();
  }
}

package toro;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Awaiting what another thread completes. */
class AwaitForeignFutureTest {

  /** Looks pending to the first who asks, as if it were completed right after. */
  private static final class DoneJustAfter<T> extends CompletableFuture<T> {
    private boolean asked;

    DoneJustAfter(T value) {
      complete(value);
    }

    @Override
    public boolean isDone() {
      boolean done = asked;
      asked = true;
      return done;
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aFutureThatIsDoneJustBeforeTheCoroutineSuspendsWakesIt() {
    TestLoop.run(
        () -> assertThat(Coroutines.await(new DoneJustAfter<>("value"))).isEqualTo("value"));
  }
}

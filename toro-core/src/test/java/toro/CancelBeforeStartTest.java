package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.pause;
import static toro.Coroutines.spawn;

import org.junit.jupiter.api.Test;

class CancelBeforeStartTest {

  @Test
  void whoCancelsACoroutineThatHasNotStartedStaysACoroutine() {
    IOLoop.run(
        () -> {
          var never = spawn(() -> assertThat(true).as("has started").isFalse());
          assertThat(never.cancel(true)).isTrue();
          assertThat(never).isCancelled();
          pause(); // can still suspend
        });
  }
}

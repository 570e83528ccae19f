package toro.examples.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Clients in another process cut their connections at random, and nothing is left of them. */
class LoadTest {

  @Test
  void nothingIsLeftOfClientsThatGoAwayInTheMiddle() throws Exception {
    Load.Result result = Load.run(32, Duration.ofSeconds(2), null);
    assertThat(result.problem()).isNull();
    assertThat(result.clients()).doesNotContain("answered=0 ", " cut=0 ");
    // Generous: the machine may be busy, and a loop that is blocked is so for ever.
    assertThat(result.longestTurn()).isLessThan(Duration.ofSeconds(10));
  }
}

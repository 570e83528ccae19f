package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.awaitAll;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of several loops: compiled, run, and checked. */
@Timeout(60)
class LoopGroupSnippetsTest {
  private final List<String> printed = new ArrayList<>();

  private void println(String line) {
    printed.add(line);
  }

  private static int countPrimes(int from, int to) {
    int count = 0;
    for (int number = Math.max(2, from); number < to; number++) {
      boolean prime = true;
      for (int divisor = 2; divisor * divisor <= number; divisor++) {
        prime &= number % divisor != 0;
      }
      count += prime ? 1 : 0;
    }
    return count;
  }

  @Test
  void group() {
    // @start region="group"
    try (LoopGroup loops = IOLoop.group(4)) {
      IOLoop.run(
          () -> {
            var parts = new ArrayList<Coroutine<Integer>>();
            for (int part = 0; part < 10; part++) {
              int from = part * 1000;
              parts.add(loops.next().submit(() -> countPrimes(from, from + 1000)));
            }
            int primes = awaitAll(parts).stream().mapToInt(Integer::intValue).sum();
            println(primes + " primes");
          });
    }
    // @end
    assertThat(printed).containsExactly("1229 primes");
  }

  // @start region="pattern"
  /** Lives on one loop; may be used on any. */
  static final class Accounts {
    private final IOLoop home;
    private final Lock lock;
    private final Map<String, Integer> balances = new HashMap<>(); // on its loop only

    Accounts(IOLoop home) {
      this.home = home;
      this.lock = new Lock(home);
    }

    Coroutine<Integer> deposit(String account, int amount) {
      return home.submit(
          () -> {
            try (var lease = await(lock.acquire())) {
              return balances.merge(account, amount, Integer::sum);
            }
          });
    }
  }

  // @end

  @Test
  void pattern() {
    try (LoopGroup loops = IOLoop.group(2)) {
      var accounts = new Accounts(loops.next());
      List<Coroutine<Integer>> deposits = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        deposits.add(loops.next().submit(() -> await(accounts.deposit("a", 1))));
      }
      deposits.forEach(Coroutine::join);
      assertThat(accounts.deposit("a", 0).join()).isEqualTo(100);
      assertThatThrownBy(() -> accounts.lock.acquire()).isInstanceOf(WrongThreadException.class);
    }
  }
}

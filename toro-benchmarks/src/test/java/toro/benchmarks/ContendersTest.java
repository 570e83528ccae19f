package toro.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each contender does the same work: the sums are right. */
@Timeout(60)
class ContendersTest {
  private static final int DIVISOR = 1000;
  static final List<Board> BOARDS = List.of(Board.PEERS, Board.LOOPS);

  static Stream<Arguments> cells() {
    return Rows.scaledDown(DIVISOR).stream()
        .flatMap(
            row ->
                Contenders.names().stream()
                    .filter(name -> row.work(Contenders.named(name)) != null)
                    .map(name -> Arguments.of(row, name)));
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource("cells")
  void theSumIsRightEachTime(Row row, String contender) throws Exception {
    try (Work work = row.work(Contenders.named(contender))) {
      work.open();
      for (int i = 0; i < 2; i++) {
        work.prepare();
        assertThat(row.check(work.run())).isEqualTo(row.expected());
      }
    }
  }

  @Test
  void aWrongSumIsRefused() {
    Row row = Rows.named("lock-free");
    assertThatThrownBy(() -> row.check(row.expected() - 1))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("lock-free");
  }

  @Test
  void eachRowHasANameOfItsOwn() {
    List<String> names = Rows.all().stream().map(Row::id).toList();
    assertThat(names).doesNotHaveDuplicates();
    assertThatThrownBy(() -> Rows.named("nothing")).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void bothEnginesRunInThisBuild() {
    assertThat(Contenders.names()).allMatch(Contenders::isAvailable);
  }

  @ParameterizedTest
  @FieldSource("BOARDS")
  void whatATableComparesExists(Board board) {
    assertThat(board.contenders()).containsAll(board.ours()).containsAll(board.peers());
    assertThat(board.rows())
        .isNotEmpty()
        .allMatch(
            row ->
                board.ours().stream().allMatch(name -> row.work(Contenders.named(name)) != null));
  }

  @Test
  void whatIsReachableIsCounted() {
    long before = Heap.used();
    byte[] held = new byte[1 << 22];
    assertThat(Heap.used() - before).isBetween(held.length * 3L / 4, held.length * 2L);
  }
}

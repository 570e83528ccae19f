package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.spawn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Code of others that a primitive calls in the middle of what it does must not suspend: other
 * coroutines would find the primitive half done.
 */
class ForeignCodeTest {

  /** Equal to no other, and runs something to find that out. */
  private record Value(Runnable code) {
    @Override
    public boolean equals(Object other) {
      code.run();
      return this == other;
    }

    @Override
    public int hashCode() {
      code.run();
      return 1;
    }
  }

  /** Tells each signal. */
  private record Subscriber(Runnable code) implements Flow.Subscriber<Integer> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(1);
      code.run();
    }

    @Override
    public void onNext(Integer item) {
      code.run();
    }

    @Override
    public void onError(Throwable failure) {
      code.run();
    }

    @Override
    public void onComplete() {
      code.run();
    }
  }

  private static Arguments calls(String what, Consumer<Runnable> scene) {
    return arguments(what, scene);
  }

  static Stream<Arguments> foreignCode() {
    return Stream.of(
        calls(
            "a comparator",
            code -> {
              var queue =
                  new PriorityQueue<Integer>(
                      0,
                      (a, b) -> {
                        code.run();
                        return Integer.compare(a, b);
                      });
              for (int i = 0; i < 20; i++) {
                queue.putNow(i);
              }
              while (!queue.isEmpty()) {
                queue.getNow();
              }
            }),
        calls(
            "compareTo of an item",
            code -> {
              record Item(Runnable code) implements Comparable<Item> {
                @Override
                public int compareTo(Item other) {
                  code.run();
                  return 0;
                }
              }
              new PriorityQueue<Item>(0).putNow(new Item(code));
            }),
        calls("the action of a barrier", code -> new Barrier(1, code).arrive()),
        calls(
            "equals of a watched value", code -> new Watch<>(new Value(code)).set(new Value(code))),
        calls("a key of a lock", code -> new KeyedLock<Value>().acquire(new Value(code)).join()),
        calls(
            "a key of a read-write lock",
            code -> new KeyedRWLock<Value>().acquireRead(new Value(code)).join()),
        calls(
            "a subscriber",
            code -> {
              var queue = new Queue<Integer>();
              queue.putNow(1);
              new QueuePublisher<>(queue).subscribe(new Subscriber(code));
            }),
        calls(
            "the exception handler",
            code -> {
              IOLoop loop = IOLoop.current();
              loop.setExceptionHandler((source, failure) -> code.run());
              Coroutine<Void> late =
                  spawn(
                      () -> {
                        try {
                          pause();
                        } finally {
                          throw new IllegalStateException();
                        }
                      });
              pause();
              late.complete(null); // so that the failure is reported where it happens
              await(spawn(() -> pause()));
            }));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("foreignCode")
  void itIsRefusedToSuspend(String what, Consumer<Runnable> scene) {
    List<Throwable> refusals = new ArrayList<>();
    TestLoop.run(
        () ->
            scene.accept(
                () -> {
                  try {
                    Coroutines.sleep(Duration.ofSeconds(1));
                  } catch (IllegalStateException refusal) {
                    refusals.add(refusal);
                  }
                }));
    assertThat(refusals)
        .isNotEmpty()
        .allSatisfy(refusal -> assertThat(refusal).hasMessageContaining("no coroutine to suspend"));
  }
}

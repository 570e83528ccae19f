package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A callback that runs inside a grant finds the primitive consistent, and may do anything to it:
 * everybody who waited is served or has ended as he was told to.
 */
@OnItsOwnThread
class ReentrancyTest {

  /** Five who wait, of whom the third has a callback. */
  private static final class Line {
    final IOLoop loop = IOLoop.current();
    final WaitMethod.Scene scene;
    final List<CompletableFuture<Object>> waits = new ArrayList<>();
    final List<CompletableFuture<Object>> more = new ArrayList<>();
    Coroutine<?> coroutine; // awaits the fourth

    Line(WaitMethod.Scene scene) {
      this.scene = scene;
      for (int i = 0; i < 5; i++) {
        waits.add(scene.begin(Duration.ofDays(1)));
      }
    }
  }

  /** What the callback does. */
  private enum Act {
    WAITS {
      @Override
      void in(Line line) {
        line.more.add(line.scene.begin());
      }
    },
    TRIES_WITHOUT_WAITING {
      @Override
      void in(Line line) {
        line.more.add(line.scene.begin(Duration.ZERO));
      }
    },
    GRANTS {
      @Override
      void in(Line line) {
        if (line.scene.waiting() > 0) {
          line.scene.grant();
        }
      }
    },
    GRANTS_ALL {
      @Override
      void in(Line line) {
        while (line.scene.waiting() > 0) {
          line.scene.grant();
        }
      }
    },
    CANCELS_THE_NEXT {
      @Override
      void in(Line line) {
        line.waits.get(3).cancel(true);
      }
    },
    CANCELS_ALL {
      @Override
      void in(Line line) {
        line.waits.forEach(wait -> wait.cancel(true));
      }
    },
    COMPLETES_THE_LAST {
      @Override
      void in(Line line) {
        line.waits.getLast().complete(null);
      }
    },
    FAILS_THE_LAST {
      @Override
      void in(Line line) {
        line.waits.getLast().completeExceptionally(new IllegalStateException());
      }
    },
    CANCELS_ELSEWHERE {
      @Override
      void in(Line line) {
        TestLoop.elsewhere(() -> line.waits.get(3).cancel(true));
      }
    },
    WAITS_AND_CANCELS_THAT {
      @Override
      void in(Line line) {
        for (int i = 0; i < 3; i++) {
          line.scene.begin(Duration.ofDays(1)).cancel(true);
        }
      }
    },
    STOPS_THE_LOOP {
      @Override
      void in(Line line) {
        line.loop.stop();
      }
    },
    LETS_A_COROUTINE_WAIT {
      @Override
      void in(Line line) {
        CompletableFuture<Object> wait = new CompletableFuture<>();
        line.more.add(wait);
        line.loop.spawn(
            () -> {
              wait.complete(await(line.scene.begin(Duration.ofDays(1))));
            });
      }
    },
    CANCELS_A_COROUTINE {
      @Override
      void in(Line line) {
        line.coroutine.cancel(true);
      }
    };

    abstract void in(Line line);
  }

  private static Stream<Arguments> actsInEachWait() {
    return Stream.of(WaitMethod.values())
        .flatMap(method -> Stream.of(Act.values()).map(act -> Arguments.of(method, act)));
  }

  @ParameterizedTest
  @MethodSource("actsInEachWait")
  void aCallbackMayDoThis(WaitMethod method, Act act) {
    List<Throwable> reported = new ArrayList<>();
    try (IOLoop loop = TestLoop.create(reported)) {
      Line[] lines = {null};
      boolean[] done = {false};
      loop.spawn(
          () -> {
            Line line = new Line(method.scene());
            lines[0] = line;
            line.coroutine =
                loop.spawn(
                    () -> {
                      try {
                        await(line.waits.get(3));
                      } catch (CancellationException cancelled) {
                        // some of the acts cancel this wait
                      }
                    });
            pause();
            line.waits.get(2).thenRun(() -> act.in(line));
            TestLoop.callback(
                () -> {
                  while (!line.waits.get(2).isDone()) {
                    line.scene.grant();
                  }
                });
            done[0] = true;
            loop.stop();
          });
      while (!done[0]) {
        loop.start(); // one of them stops it
      }
      loop.runSync(
          () -> {
            Line line = lines[0];
            sleep(Duration.ofSeconds(1)); // what is on its way arrives
            while (line.scene.waiting() > 0) {
              line.scene.grant();
            }
            sleep(Duration.ofSeconds(1));
            assertThat(line.waits).allMatch(CompletableFuture::isDone);
            assertThat(line.more).allMatch(CompletableFuture::isDone);
            assertThat(line.scene.waiting()).isZero();
            assertThat(loop.timers.size()).isZero();
            assertThat(loop.completions.areUnderWay()).isFalse();
          });
    }
    assertThat(reported).isEmpty();
  }
}

package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.sleep;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AsyncResultTest {

  @Test
  void itsTextTellsTheValueOrHowManyWait() {
    TestLoop.run(
        () -> {
          var result = new AsyncResult<Integer>();
          assertThat(result).hasToString("AsyncResult[unset]");
          var unused = result.get();
          assertThat(result).hasToString("AsyncResult[unset waiters[1]]");
          result.set(7);
          assertThat(result).hasToString("AsyncResult[value=7]");
          var failed = new AsyncResult<Integer>();
          failed.setException(new IOException("mine"));
          assertThat(failed).hasToString("AsyncResult[exception=java.io.IOException: mine]");
          var isLong = new AsyncResult<String>();
          isLong.set("x".repeat(1000));
          assertThat(isLong.toString()).hasSizeLessThan(100).endsWith("…]");
          var untold = new AsyncResult<Object>();
          untold.set(
              new Object() {
                @Override
                public String toString() {
                  throw new IllegalStateException("mine");
                }
              });
          assertThat(untold.toString()).startsWith("AsyncResult[value=");
        });
  }

  @Test
  void allWhoWaitAndAllWhoComeGetTheValue() {
    TestLoop.run(
        () -> {
          var result = new AsyncResult<String>();
          var first = result.get();
          var second = result.get(Duration.ofDays(1));
          assertThat(result.isReady()).isFalse();
          result.set("value");
          assertThat(first).isCompletedWithValue("value");
          assertThat(second).isCompletedWithValue("value");
          assertThat(result.isReady()).isTrue();
          assertThat(result.getNow()).isEqualTo("value");
          assertThat(result.get(Duration.ZERO)).isCompletedWithValue("value");
          assertThat(await(result.get())).isEqualTo("value");
        });
  }

  @Test
  void nullIsAValue() {
    TestLoop.run(
        () -> {
          var result = new AsyncResult<String>();
          var wait = result.get();
          result.set(null);
          assertThat(wait).isCompletedWithValue(null);
          assertThat(result.isReady()).isTrue();
          assertThat(result.getNow()).isNull();
          assertThat(result).hasToString("AsyncResult[value=null]");
          assertThatExceptionOfType(AlreadySetException.class).isThrownBy(() -> result.set("a"));
        });
  }

  @Test
  void itIsSetOnce() {
    TestLoop.run(
        () -> {
          var result = new AsyncResult<String>();
          result.set("first");
          assertThatExceptionOfType(AlreadySetException.class)
              .isThrownBy(() -> result.set("second"))
              .isInstanceOf(IllegalStateException.class);
          assertThatExceptionOfType(AlreadySetException.class)
              .isThrownBy(() -> result.setException(new IOException()));
          assertThat(result.getNow()).isEqualTo("first");
        });
  }

  @Test
  void beforeItIsSetThereIsNothingToGetNow() {
    TestLoop.run(
        () ->
            assertThatExceptionOfType(NotReadyException.class)
                .isThrownBy(() -> new AsyncResult<String>().getNow())
                .isInstanceOf(IllegalStateException.class));
  }

  @Test
  void aFailureGoesToAllAsItIs() {
    TestLoop.run(
        () -> {
          var result = new AsyncResult<String>();
          var failure = new IOException("mine");
          var wait = result.get();
          result.setException(failure);
          assertThat(result.isReady()).isTrue();
          assertThatThrownBy(() -> await(wait)).isSameAs(failure);
          assertThatThrownBy(() -> await(result.get())).isSameAs(failure);
          assertThatThrownBy(result::getNow).isSameAs(failure);
          assertThatExceptionOfType(AlreadySetException.class).isThrownBy(() -> result.set("a"));
        });
  }

  @Test
  void nullIsNoFailure() {
    TestLoop.run(
        () -> {
          var result = new AsyncResult<String>();
          assertThatNullPointerException().isThrownBy(() -> result.setException(null));
          assertThat(result.isReady()).isFalse();
          result.set("still possible");
        });
  }

  @Test
  void theDeadlineOfOneWaitDoesNotEndTheOthers() {
    TestLoop.run(
        () -> {
          var result = new AsyncResult<String>();
          var hasty = result.get(Duration.ofSeconds(1));
          var patient = result.get(Duration.ofSeconds(3));
          sleep(Duration.ofSeconds(2));
          result.set("value");
          assertThat(hasty).isCompletedExceptionally();
          assertThat(patient).isCompletedWithValue("value");
        });
  }

  @Test
  void aCallbackFindsItSetAndMayNotSetItAgain() {
    TestLoop.run(
        () -> {
          var result = new AsyncResult<String>();
          var again = result.get().thenRun(() -> result.set("again"));
          var get = result.get().thenApply(value -> result.getNow());
          result.set("value");
          assertThatExceptionOfType(AlreadySetException.class).isThrownBy(() -> await(again));
          assertThat(get).isCompletedWithValue("value");
        });
  }
}

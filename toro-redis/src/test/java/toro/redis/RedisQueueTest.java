package toro.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.await;
import static toro.Coroutines.spawn;
import static toro.redis.Nodes.*;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import toro.Coroutine;
import toro.Coroutines;
import toro.DeadlineExceededException;
import toro.IOLoop;
import toro.QueueClosedException;
import toro.QueueEmptyException;
import toro.QueueFullException;

/** Queues across nodes. */
class RedisQueueTest {
  private final String name = name("queue");

  private static String take(RedisQueue<String> queue) {
    try (Delivery<String> delivery = await(queue.get(Duration.ofSeconds(20)))) {
      assertThat(await(delivery.done())).isTrue();
      return delivery.value();
    }
  }

  private RedisQueue<String> queue(RedisNode node) {
    return node.queue(name, Codec.string());
  }

  @Test
  void itemsComeOutInTheOrderInWhichTheyWereput() {
    withNode(
        node -> {
          RedisQueue<String> queue = queue(node);
          for (String item : List.of("a", "b", "c")) {
            await(queue.put(item));
          }
          assertThat(await(queue.size())).isEqualTo(3);
          assertThat(List.of(take(queue), take(queue), take(queue))).containsExactly("a", "b", "c");
          assertThat(await(queue.unfinishedTasks())).isZero();
        });
  }

  @Test
  void aLifoQueueGivesOutTheNewest() {
    withNode(
        node -> {
          RedisQueue<String> queue = node.lifoQueue(name, Codec.string());
          for (String item : List.of("a", "b", "c")) {
            await(queue.put(item));
          }
          Delivery<String> newest = await(queue.get());
          await(queue.put("d"));
          newest.close(); // to the front
          assertThat(List.of(take(queue), take(queue), take(queue), take(queue)))
              .containsExactly("c", "d", "b", "a");
        });
  }

  @Test
  void aPriorityQueueGivesOutTheLowestAndEqualOnesInTheirOrder() {
    withNode(
        node -> {
          RedisQueue<String> bytes = node.priorityQueue(name, Codec.string());
          for (String item : List.of("b", "a", "ab", "a")) {
            await(bytes.put(item));
          }
          assertThat(List.of(take(bytes), take(bytes), take(bytes), take(bytes)))
              .containsExactly("a", "a", "ab", "b");
          RedisQueue<String> lengths =
              node.priorityQueue(name + "-lengths", Codec.string(), String::length);
          for (String item : List.of("ccc", "bb", "aa", "d")) {
            await(lengths.put(item));
          }
          Delivery<String> first = await(lengths.get());
          first.close();
          assertThat(List.of(take(lengths), take(lengths), take(lengths), take(lengths)))
              .containsExactly("d", "bb", "aa", "ccc");
        });
  }

  @Test
  void gettersAreServedInTheOrderOfTheirRequestsAcrossNodes() {
    run(
        () -> {
          try (RedisNode a = connect();
              RedisNode b = connect()) {
            CompletableFuture<Delivery<String>> first = queue(a).get();
            settled(a);
            CompletableFuture<Delivery<String>> second = queue(b).get();
            settled(b);
            await(queue(b).put("1"));
            await(queue(b).put("2"));
            assertThat(await(first).value()).isEqualTo("1");
            assertThat(await(second).value()).isEqualTo("2");
            assertThat(await(second).attempt()).isEqualTo(1);
          }
        });
  }

  @Test
  void aFullQueueLetsPuttersWait() {
    withNode(
        node -> {
          RedisQueue<String> queue = node.queue(name, Codec.string(), 2);
          await(queue.put("1"));
          await(queue.put("2"));
          CompletableFuture<Void> third = queue.put("3");
          CompletableFuture<Void> late = queue.put("late", Duration.ofMillis(50));
          CompletableFuture<Void> fourth = queue.put("4");
          assertThat(failure(queue.putNow("no"))).isInstanceOf(QueueFullException.class);
          assertThat(failure(late)).isInstanceOf(DeadlineExceededException.class);
          assertThat(third).isNotDone();
          assertThat(take(queue)).isEqualTo("1");
          await(third);
          assertThat(fourth).isNotDone();
          assertThat(List.of(take(queue), take(queue), take(queue))).containsExactly("2", "3", "4");
          await(fourth);
          assertThat(failure(queue.getNow())).isInstanceOf(QueueEmptyException.class);
          assertThat(queue.toString()).contains(name, "maxsize=2");
        });
  }

  @Test
  void aDeliveryThatIsClosedWithoutBeingDoneGoesToTheFront() {
    withNode(
        node -> {
          RedisQueue<String> queue = queue(node);
          await(queue.put("1"));
          await(queue.put("2"));
          Delivery<String> delivery = await(queue.get());
          assertThat(await(queue.size())).isEqualTo(1);
          delivery.close();
          Delivery<String> again = await(queue.get());
          assertThat(again.value()).isEqualTo("1");
          assertThat(again.attempt()).isEqualTo(2);
          assertThat(await(delivery.done())).isTrue(); // closing it was confirmed, and that is all
          assertThat(await(queue.unfinishedTasks())).isEqualTo(2);
          assertThat(await(again.done())).isTrue();
          assertThat(take(queue)).isEqualTo("2");
        });
  }

  @Test
  void anItemThatIsDeliveredTooOftenIsADeadLetterAndCanBePutAgain() {
    run(
        () -> {
          var options = RedisNode.Options.of(TestServer.shared()).maxAttempts(2);
          try (RedisNode node = await(RedisNode.connect(IOLoop.current(), options))) {
            RedisQueue<String> queue = queue(node);
            await(queue.put("poison"));
            CompletableFuture<Void> joins = queue.join();
            await(queue.get()).close();
            Delivery<String> last = await(queue.get());
            assertThat(last.attempt()).isEqualTo(2);
            last.close();
            await(joins);
            assertThat(await(queue.size())).isZero();
            assertThat(await(queue.deadLetters())).containsExactly("poison");
            assertThat(await(queue.requeueDeadLetters())).isEqualTo(1);
            assertThat(await(queue.deadLetters())).isEmpty();
            Delivery<String> anew = await(queue.get());
            assertThat(anew.attempt()).isEqualTo(1);
            assertThat(await(anew.done())).isTrue();
          }
        });
  }

  @Test
  void joinWaitsUntilAllIsDone() {
    withNode(
        node -> {
          RedisQueue<String> queue = queue(node);
          await(queue.join());
          await(queue.put("1"));
          CompletableFuture<Void> joins = queue.join();
          Delivery<String> delivery = await(queue.get());
          settled(node);
          assertThat(joins).isNotDone();
          delivery.done();
          await(joins);
        });
  }

  @Test
  void aClosedQueueGivesOutWhatIsInItAndThenEndsItsReaders() {
    withNode(
        node -> {
          RedisQueue<String> queue = node.queue(name, Codec.string(), 1);
          List<String> got = new ArrayList<>();
          CompletableFuture<Delivery<String>> getter = queue.get();
          await(queue.put("1"));
          got.add(await(getter).value());
          await(getter).done();
          await(queue.put("2"));
          CompletableFuture<Void> putter = queue.put("never");
          settled(node);
          await(queue.close());
          assertThat(failure(putter)).isInstanceOf(QueueClosedException.class);
          assertThat(failure(queue.put("3"))).isInstanceOf(QueueClosedException.class);
          for (Delivery<String> each : queue) {
            got.add(each.value());
            each.done();
          }
          assertThat(got).containsExactly("1", "2");
          assertThat(failure(queue.get())).isInstanceOf(QueueClosedException.class);
          assertThat(failure(queue.getNow())).isInstanceOf(QueueClosedException.class);
          await(queue.join());
        });
  }

  @Test
  void aGetThatIsCancelledGivesItsItemBack() {
    withNode(
        node -> {
          RedisQueue<String> queue = queue(node);
          for (int i = 0; i < 50; i++) {
            CompletableFuture<Delivery<String>> cancelled = queue.get();
            if (i % 2 == 0) {
              settled(node);
            }
            CompletableFuture<Void> put = queue.put("" + i);
            if (i % 3 == 0) {
              await(put);
            }
            if (!cancelled.cancel(true)) {
              await(cancelled).close();
            }
            assertThat(take(queue)).isEqualTo("" + i);
          }
        });
  }

  @Test
  void aPutThatIsCancelledLeavesNoItem() {
    withNode(
        node -> {
          RedisQueue<String> queue = node.queue(name, Codec.string(), 1);
          await(queue.put("1"));
          CompletableFuture<Void> cancelled = queue.put("2");
          settled(node);
          cancelled.cancel(true);
          assertThat(take(queue)).isEqualTo("1");
          assertThat(failure(queue.getNow())).isInstanceOf(QueueEmptyException.class);
          assertThat(await(queue.unfinishedTasks())).isZero();
        });
  }

  @Test
  void aCodecThatThrowsLosesNothing() {
    withNode(
        node -> {
          Codec<String> broken =
              Codec.of(
                  text -> {
                    throw new UnsupportedOperationException("encode");
                  },
                  bytes -> {
                    throw new UnsupportedOperationException("decode");
                  });
          RedisQueue<String> queue = queue(node);
          RedisQueue<String> bad = node.queue(name, broken);
          assertThatThrownBy(() -> bad.put("x")).hasMessage("encode");
          await(queue.put("1"));
          assertThat(failure(bad.get())).hasMessage("decode");
          assertThat(take(queue)).isEqualTo("1");
        });
  }

  @Test
  void bytesGoThroughAsTheyAreAndTooManyAreRefused() {
    withNode(
        node -> {
          RedisQueue<byte[]> queue = node.queue(name, Codec.bytes());
          byte[] bytes = new byte[256];
          for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
          }
          for (byte[] item : List.of(bytes, new byte[0], "\n".getBytes(), "! ".getBytes())) {
            CompletableFuture<Delivery<byte[]>> waits = queue.get();
            settled(node);
            await(queue.put(item));
            try (Delivery<byte[]> pushed = await(waits)) {
              assertThat(pushed.value()).isEqualTo(item);
            }
            try (Delivery<byte[]> got = await(queue.get())) {
              assertThat(got.value()).isEqualTo(item);
              await(got.done());
            }
          }
          assertThatThrownBy(() -> queue.put(new byte[(16 << 20) + 1]))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("16777216");
        });
  }

  @Test
  void nodesThatDisagreeAboutTheSizeAreTold() {
    withNode(
        node -> {
          await(node.queue(name, Codec.string(), 2).put("1"));
          assertThat(failure(node.queue(name, Codec.string(), 3).put("2")))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("2");
          assertThatThrownBy(() -> node.queue(name, Codec.string(), -1))
              .isInstanceOf(IllegalArgumentException.class);
        });
  }

  @Test
  void manyProducersAndConsumersLoseNothing() {
    run(
        () -> {
          try (RedisNode a = connect();
              RedisNode b = connect()) {
            List<String> got = new ArrayList<>();
            List<String> put = new ArrayList<>();
            List<Coroutine<Void>> all = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
              int number = i;
              RedisQueue<String> queue = (i % 2 == 0 ? a : b).queue(name, Codec.string(), 5);
              all.add(
                  spawn(
                      () -> {
                        for (int j = 0; j < 20; j++) {
                          put.add(number + "-" + j);
                          await(queue.put(number + "-" + j));
                        }
                      }));
              all.add(
                  spawn(
                      () -> {
                        for (int j = 0; j < 20; j++) {
                          got.add(take(queue));
                        }
                      }));
            }
            Coroutines.awaitAll(all);
            assertThat(got).containsExactlyInAnyOrderElementsOf(put);
          }
        });
  }
}

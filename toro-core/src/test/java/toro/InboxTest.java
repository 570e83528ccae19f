package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class InboxTest {
  private static final int THREADS = 4;
  private static final int EACH = 20_000;

  private final Inbox inbox = new Inbox();

  private record Task(int thread, int number) implements Runnable {
    @Override
    public void run() {}
  }

  private Inbox.Item add(int number) {
    return inbox.add(new Task(0, number));
  }

  private List<Integer> takeAll() {
    List<Integer> taken = new ArrayList<>();
    for (Runnable task; (task = inbox.poll()) != null; ) {
      taken.add(((Task) task).number);
    }
    return taken;
  }

  @Test
  void whatCameFirstIsTakenFirst() {
    add(1);
    add(2);
    add(3);

    assertThat(takeAll()).containsExactly(1, 2, 3);
  }

  @Test
  void whatComesWhileOthersAreTakenIsTakenAfterThem() {
    add(1);
    add(2);
    assertThat(((Task) inbox.poll()).number).isOne();
    add(3);
    add(4);

    assertThat(takeAll()).containsExactly(2, 3, 4);
  }

  @Test
  void itIsEmptyWhenAllIsTaken() {
    assertThat(inbox.isEmpty()).isTrue();
    assertThat(inbox.poll()).isNull();
    add(1);
    add(2);
    assertThat(inbox.isEmpty()).isFalse();
    inbox.poll();
    assertThat(inbox.isEmpty()).isFalse();
    inbox.poll();
    assertThat(inbox.isEmpty()).isTrue();
    assertThat(inbox.poll()).isNull();
  }

  @Test
  void whatWasTakenBackIsNotTaken() {
    add(1);
    Inbox.Item second = add(2);
    add(3);
    Inbox.Item last = add(4);

    assertThat(second.take()).isEqualTo(new Task(0, 2));
    assertThat(last.take()).isNotNull();

    assertThat(takeAll()).containsExactly(1, 3);
  }

  @Test
  void whatWasTakenCannotBeTakenBack() {
    Inbox.Item item = add(1);
    inbox.poll();

    assertThat(item.take()).isNull();
  }

  @Test
  void ofThreadsThatHandOverAndTakeBackNothingIsLostOrTakenTwiceAndEachKeepsItsOrder()
      throws InterruptedException {
    Set<Task> takenBack = ConcurrentHashMap.newKeySet();
    var done = new CountDownLatch(THREADS);
    for (int i = 0; i < THREADS; i++) {
      int me = i;
      Thread.ofPlatform()
          .start(
              () -> {
                for (int number = 0; number < EACH; number++) {
                  Inbox.Item item = inbox.add(new Task(me, number));
                  Runnable back = number % 3 == 0 ? item.take() : null;
                  if (back != null) {
                    assertTrue(takenBack.add((Task) back));
                  }
                }
                done.countDown();
              });
    }
    List<List<Integer>> taken = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      taken.add(new ArrayList<>());
    }
    boolean last;
    do {
      last = done.getCount() == 0;
      for (Runnable task; (task = inbox.poll()) != null; ) {
        Task it = (Task) task;
        taken.get(it.thread).add(it.number);
      }
    } while (!last);

    Set<Task> all = new HashSet<>(takenBack);
    for (int i = 0; i < THREADS; i++) {
      assertThat(taken.get(i)).isSorted().doesNotHaveDuplicates();
      for (int number : taken.get(i)) {
        assertThat(all.add(new Task(i, number))).isTrue();
      }
    }
    assertThat(all).hasSize(THREADS * EACH);
  }
}

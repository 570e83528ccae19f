package toro;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.on;
import static toro.Coroutines.pause;
import static toro.Coroutines.sleep;
import static toro.Coroutines.spawn;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/**
 * Random programs in which coroutines select over queues, a lock, an event and a condition, and a
 * plain model of lists and counters, which must agree after each step: who stands in which line,
 * and what each select gave. {@code -Dtoro.seed=…} begins with the program of a failure.
 */
class SelectModelTest {
  private static final int PROGRAMS = Integer.getInteger("toro.select.programs", 3000);
  private static final int LENGTH = 60;
  private static final int QUEUES = 3; // queue i holds i items; queue 0 any number
  private static final int READERS = 2;

  // What can be waited for.
  private enum Kind {
    GET,
    PUT,
    READ,
    WRITE,
    SET,
    SIGNALLED,
    AFTER
  }

  /** One of the waits of a select. */
  private record Wait(Kind kind, int which) {}

  // The model.

  /** A place in a line. */
  private record Place(Choice choice, Wait of) {}

  /** A select: undecided while outcome is null. */
  private static final class Choice {
    final int number;
    String outcome;

    Choice(int number) {
      this.number = number;
    }
  }

  private record Timer(long when, Choice choice, Place place) {}

  private static final class Model {
    final List<Choice> choices = new ArrayList<>();
    final List<Timer> timers = new ArrayList<>(); // in the order they were made
    final List<Deque<Object>> items = new ArrayList<>();
    final List<List<Place>> getters = new ArrayList<>();
    final List<List<Place>> putters = new ArrayList<>();
    final int[] unfinished = new int[QUEUES];
    final List<Place> acquirers = new ArrayList<>();
    int free = READERS;
    boolean writing;
    final List<Place> setWaiters = new ArrayList<>();
    boolean set;
    final List<Place> signalWaiters = new ArrayList<>();
    long now;
    private Choice beginning; // whose places are passed over

    Model() {
      for (int i = 0; i < QUEUES; i++) {
        items.add(new ArrayDeque<>());
        getters.add(new ArrayList<>());
        putters.add(new ArrayList<>());
      }
    }

    private boolean isFull(int queue) {
      return queue > 0 && items.get(queue).size() >= queue;
    }

    /** Takes out the first of a line; null if there is none. */
    private Place poll(List<Place> line) {
      while (!line.isEmpty()) {
        Place first = line.removeFirst();
        if (first.choice != beginning) {
          decide(first.choice);
          return first;
        }
      }
      return null;
    }

    private void decide(Choice choice) {
      choice.outcome = "decided";
      for (List<List<Place>> lines :
          List.of(getters, putters, List.of(acquirers, setWaiters, signalWaiters))) {
        lines.forEach(line -> line.removeIf(place -> place.choice == choice));
      }
      timers.removeIf(timer -> timer.choice == choice);
    }

    private void end(Choice choice, String outcome) {
      choice.outcome = outcome;
      grantAcquirers(); // whom it may have held up
    }

    private void give(Place place, Object value) {
      end(place.choice, place.of.kind + " " + place.of.which + " " + value);
    }

    // What a wait does when it begins: its value, or null if it waits.
    Object begin(Place place) {
      Wait wait = place.of;
      int which = wait.which;
      return switch (wait.kind) {
        case GET -> wait(getters.get(which), place, get(which));
        case PUT -> wait(putters.get(which), place, put(which, item(place.choice)) ? "done" : null);
        case READ -> wait(acquirers, place, acquire(1) ? "lease" : null);
        case WRITE -> wait(acquirers, place, acquire(READERS) ? "lease" : null);
        case SET -> wait(setWaiters, place, set ? "done" : null);
        case SIGNALLED -> wait(signalWaiters, place, null);
        case AFTER -> {
          if (which == 0) {
            yield "done";
          }
          timers.add(new Timer(now + which, place.choice, place));
          yield null;
        }
      };
    }

    static int item(Choice choice) {
      return 1000 + choice.number;
    }

    private static Object wait(List<Place> line, Place place, Object value) {
      if (value == null) {
        line.add(place);
      }
      return value;
    }

    void select(List<Wait> waits, int limit) {
      Choice choice = new Choice(choices.size());
      choices.add(choice);
      for (Wait wait : waits) {
        Place place = new Place(choice, wait);
        beginning = choice;
        Object value = begin(place);
        beginning = null;
        if (value != null) {
          decide(choice);
          give(place, value);
          return;
        }
      }
      if (limit == 0) {
        decide(choice);
        end(choice, "late");
      } else if (limit > 0) {
        timers.add(new Timer(now + limit, choice, null));
      }
    }

    Object get(int queue) {
      Place putter = poll(putters.get(queue));
      if (putter != null) {
        items.get(queue).add(item(putter.choice));
        unfinished[queue]++;
      }
      Object item = items.get(queue).poll();
      if (putter != null) {
        give(putter, "done");
      }
      return item;
    }

    boolean put(int queue, Object item) {
      if (isFull(queue)) {
        return false;
      }
      unfinished[queue]++;
      Place getter = poll(getters.get(queue));
      if (getter == null) {
        items.get(queue).add(item);
      } else {
        give(getter, item);
      }
      return true;
    }

    private boolean acquire(int count) {
      if (count > free || !acquirers.isEmpty()) {
        return false;
      }
      take(count);
      return true;
    }

    private void take(int count) {
      free -= count;
      writing = count == READERS;
    }

    private static int count(Place acquirer) {
      return acquirer.of.kind == Kind.WRITE ? READERS : 1;
    }

    void close(boolean write) {
      free += write ? READERS : 1;
      writing = false;
      grantAcquirers();
    }

    private void grantAcquirers() {
      while (!acquirers.isEmpty() && count(acquirers.getFirst()) <= free) {
        Place next = acquirers.removeFirst();
        if (next.choice != beginning) {
          decide(next.choice);
          take(count(next));
          give(next, "lease");
        }
      }
    }

    void set() {
      set = true;
      signal(setWaiters, Integer.MAX_VALUE);
    }

    void signal(List<Place> line, int n) {
      Place place;
      for (int i = 0; i < n && (place = poll(line)) != null; i++) {
        give(place, "done");
      }
    }

    void cancel(int number) {
      Choice choice = choices.get(number);
      if (choice.outcome == null) {
        decide(choice);
        end(choice, "cancelled");
      }
    }

    void sleep(int nanos) {
      now += nanos;
      for (Timer due; (due = firstDue()) != null; ) {
        decide(due.choice);
        if (due.place == null) {
          end(due.choice, "late");
        } else {
          give(due.place, "done");
        }
      }
    }

    private Timer firstDue() {
      return timers.stream()
          .filter(timer -> timer.when <= now)
          .min(Comparator.comparing(Timer::when)) // the first made of them
          .orElse(null);
    }

    String state() {
      StringBuilder state = new StringBuilder();
      for (int i = 0; i < QUEUES; i++) {
        state
            .append("Queue[maxsize=" + i)
            .append(
                items.get(i).isEmpty() ? "" : " queue=" + Text.brief((ArrayDeque<?>) items.get(i)))
            .append(count("getters", getters.get(i)))
            .append(count("putters", putters.get(i)))
            .append(unfinished[i] == 0 ? "" : " tasks=" + unfinished[i])
            .append("]\n");
      }
      String held =
          writing ? "writer" : free < READERS ? "readers=" + (READERS - free) : "unlocked";
      return state
          + ("RWLock[" + held + count("waiters", acquirers) + "]\n")
          + ("Event[" + (set ? "set" : "clear") + count("waiters", setWaiters) + "]\n")
          + ("Condition[" + count("waiters", signalWaiters).strip() + "]\n")
          + ("timers " + timers.size());
    }

    private static String count(String name, List<Place> line) {
      return line.isEmpty() ? "" : " " + name + "[" + line.size() + "]";
    }
  }

  // The real ones.

  private static final class Real {
    final List<Queue<Integer>> queues = new ArrayList<>();
    final RWLock lock = new RWLock(READERS);
    final Event event = new Event();
    final Condition condition = new Condition();
    final List<Coroutine<?>> coroutines = new ArrayList<>();
    final List<String> outcomes = new ArrayList<>();
    final List<Lease> leases = new ArrayList<>();

    Real() {
      for (int i = 0; i < QUEUES; i++) {
        queues.add(new Queue<>(i));
      }
    }

    Case<String> of(Wait wait, int number) {
      int which = wait.which;
      String name = wait.kind + " " + which + " ";
      return switch (wait.kind) {
        case GET -> on(queues.get(which)::get, item -> name + item);
        case PUT -> on(() -> queues.get(which).put(1000 + number), () -> name + "done");
        case READ -> on(lock::acquireRead, lease -> keep(number, lease, name));
        case WRITE -> on(lock::acquireWrite, lease -> keep(number, lease, name));
        case SET -> on(event::whenSet, () -> name + "done");
        case SIGNALLED -> on(condition::whenSignalled, () -> name + "done");
        case AFTER -> Coroutines.after(Duration.ofNanos(which), () -> name + "done");
      };
    }

    private String keep(int number, Lease lease, String name) {
      leases.set(number, lease);
      return name + "lease";
    }

    void select(List<Wait> waits, int limit) {
      int number = coroutines.size();
      @SuppressWarnings({"unchecked", "rawtypes"})
      Case<String>[] cases =
          (Case<String>[]) waits.stream().map(wait -> of(wait, number)).toArray(Case[]::new);
      outcomes.add(null);
      leases.add(null);
      coroutines.add(
          spawn(
              () -> {
                String outcome;
                try {
                  outcome =
                      limit < 0
                          ? Coroutines.<String>select(cases)
                          : Coroutines.<String>select(Duration.ofNanos(limit), cases);
                } catch (DeadlineExceededException late) {
                  outcome = "late";
                } catch (CancellationException cancelled) {
                  outcome = "cancelled";
                }
                outcomes.set(number, outcome);
              }));
      pause();
    }

    String state() {
      StringBuilder state = new StringBuilder();
      queues.forEach(queue -> state.append(queue).append('\n'));
      return state
          + (lock + "\n" + event + "\n" + condition + "\n")
          + ("timers " + IOLoop.current().timers.size());
    }
  }

  // The programs.

  private static final class Program {
    private final Random random;
    private final Model model = new Model();
    private final Real real = new Real();
    private final List<String> story = new ArrayList<>();
    private int items;
    private int granted;

    Program(Random random) {
      this.random = random;
    }

    private int any(int bound) {
      return random.nextInt(bound);
    }

    void run() {
      for (int i = 0; i < LENGTH; i++) {
        step();
        assertThat(real.state()).as("%s", story).isEqualTo(model.state());
      }
      for (int i = 0; i < model.choices.size(); i++) {
        cancel(i);
      }
      settle();
      for (int i = 0; i < model.choices.size(); i++) {
        close(i);
      }
      assertThat(real.state()).as("%s", story).isEqualTo(model.state());
      assertThat(real.lock).as("%s", story).hasToString("RWLock[unlocked]");
      assertThat(real.state()).as("%s", story).doesNotContain("ters[");
    }

    private void step() {
      int which = any(QUEUES);
      switch (any(14)) {
        case 0, 1, 2, 3 -> select();
        case 4, 5 -> {
          story.add("put " + which);
          int item = items++;
          boolean put = model.put(which, item);
          try {
            real.queues.get(which).putNow(item);
            assertThat(put).as("%s", story).isTrue();
          } catch (QueueFullException full) {
            assertThat(put).as("%s", story).isFalse();
          }
        }
        case 6 -> {
          story.add("get " + which);
          Object item = model.get(which);
          try {
            assertThat(real.queues.get(which).getNow()).as("%s", story).isEqualTo(item);
          } catch (QueueEmptyException empty) {
            assertThat(item).as("%s", story).isNull();
          }
        }
        case 7 -> {
          story.add("set");
          model.set();
          real.event.set();
        }
        case 8 -> {
          story.add("clear");
          model.set = false;
          real.event.clear();
        }
        case 9 -> {
          int n = any(3);
          story.add("signal " + n);
          model.signal(model.signalWaiters, n);
          real.condition.signal(n);
        }
        case 10 -> {
          int nanos = 1 + any(10);
          story.add("sleep " + nanos);
          model.sleep(nanos);
          sleep(Duration.ofNanos(nanos));
        }
        case 11 -> {
          if (!model.choices.isEmpty()) {
            cancel(any(model.choices.size()));
          }
        }
        case 12 -> {
          if (!model.choices.isEmpty()) {
            close(any(model.choices.size()));
          }
        }
        default -> settle();
      }
    }

    private void select() {
      List<Wait> waits = new ArrayList<>();
      for (int n = 1 + any(4); n > 0; n--) {
        Kind kind = Kind.values()[any(Kind.values().length)];
        int which =
            switch (kind) {
              case GET, PUT -> any(QUEUES);
              case AFTER -> any(4) == 0 ? 0 : 1 + any(20);
              default -> 0;
            };
        waits.add(new Wait(kind, which));
      }
      int limit = any(3) > 0 ? -1 : any(20);
      story.add(model.choices.size() + ": select " + waits + " " + limit);
      model.select(waits, limit);
      real.select(waits, limit);
    }

    private void cancel(int choice) {
      story.add("cancel " + choice);
      model.cancel(choice);
      real.coroutines.get(choice).cancel(true);
    }

    private void close(int choice) {
      Lease lease = real.leases.get(choice);
      if (lease != null) {
        story.add("close " + choice);
        real.leases.set(choice, null);
        model.close(model.choices.get(choice).outcome.startsWith("WRITE"));
        lease.close();
      }
    }

    private void settle() {
      story.add("pause");
      pause();
      compareOutcomes();
    }

    private void compareOutcomes() {
      for (int i = 0; i < model.choices.size(); i++) {
        String outcome = model.choices.get(i).outcome;
        granted += outcome == null ? 0 : 1;
        assertThat(real.outcomes.get(i)).as("%s of %s", i, story).isEqualTo(outcome);
      }
    }
  }

  @Test
  void aSelectDoesWhatItsModelDoes() {
    long seed = Long.getLong("toro.seed", System.nanoTime());
    int granted = 0;
    for (int i = 0; i < PROGRAMS; i++, seed++) {
      long current = seed;
      granted +=
          TestLoop.run(
              () -> {
                Program program = new Program(new Random(current));
                try {
                  program.run();
                } catch (Throwable failure) {
                  throw new AssertionError(
                      "replay with -Dtoro.seed=" + current + "\n" + failure.getMessage(), failure);
                }
                return program.granted;
              });
    }
    assertThat(granted).isGreaterThan(PROGRAMS);
  }
}

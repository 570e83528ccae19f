package toro;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import toro.Broadcast.Overflow;

/** Random programs on a {@link Broadcast} with a few subscriptions, and on their model. */
class BroadcastModelTest {
  private static final int SUBSCRIPTIONS = 3;

  private static final class Real implements RealWorld.Primitive {
    private final Broadcast<Integer> broadcast;
    private final List<Subscription<Integer>> subscriptions = new ArrayList<>();
    private int made;

    Real(Broadcast<Integer> broadcast) {
      this.broadcast = broadcast;
      for (int i = 0; i < SUBSCRIPTIONS; i++) {
        subscriptions.add(broadcast.subscribe());
      }
    }

    @Override
    public CompletableFuture<?> begin(String method, int item, RealWorld.Call call) {
      if (method.equals("put")) {
        int made = this.made++;
        return call.with(
            () -> broadcast.put(made),
            timeout -> broadcast.put(made, timeout),
            deadline -> broadcast.put(made, deadline));
      }
      Subscription<Integer> subscription = subscriptions.get(item % SUBSCRIPTIONS);
      return call.with(subscription::get, subscription::get, subscription::get);
    }

    @Override
    public Object act(String action, int value) {
      int which = value % SUBSCRIPTIONS;
      switch (action) {
        case "putNow" -> broadcast.putNow(made++);
        case "getNow" -> {
          return subscriptions.get(which).getNow();
        }
        case "subscribe" -> {
          if (value > 0) { // else the other one is forgotten
            subscriptions.get(which).close();
          }
          subscriptions.set(which, broadcast.subscribe());
        }
        case "closeOne" -> subscriptions.get(which).close();
        default -> {
          if (value == 3) {
            broadcast.close();
          }
        }
      }
      return "done";
    }

    @Override
    public String state() {
      StringBuilder state = new StringBuilder(broadcast + " " + broadcast.size());
      for (Subscription<Integer> each : subscriptions) {
        state.append(' ').append(each).append(' ').append(each.size());
        state.append(' ').append(each.missed());
      }
      return state.toString();
    }
  }

  /** A list of items for each subscription, with a line of those who wait for one. */
  private static final class Model extends ModelWorld.Model {

    private final class Subscriber {
      private final List<Integer> items = new ArrayList<>();
      private final List<ModelWorld.Place> getters = new Line(this);
      private long missed;
      private boolean cutOff;
      private boolean closed;

      @Override
      public String toString() {
        String text =
            (closed ? "closed" : cutOff ? "cut off" : "")
                + (items.isEmpty() ? "" : " size=" + items.size())
                + (missed == 0 ? "" : " missed=" + missed)
                + count("getters", getters);
        return "Subscription[" + text.strip() + "] " + items.size() + " " + missed;
      }
    }

    /** Knows since when there is somebody in it. */
    private final class Line extends ArrayList<ModelWorld.Place> {
      private final transient Subscriber subscriber;

      Line(Subscriber subscriber) {
        this.subscriber = subscriber;
      }

      @Override
      public boolean add(ModelWorld.Place getter) {
        if (isEmpty()) {
          waiting.add(subscriber);
        }
        return super.add(getter);
      }

      @Override
      public boolean remove(Object getter) {
        boolean removed = super.remove(getter);
        if (isEmpty()) {
          waiting.remove(subscriber);
        }
        return removed;
      }
    }

    private final int maxSize;
    private final Overflow overflow;
    private final List<Subscriber> open = new ArrayList<>(); // also those that are forgotten
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final List<Subscriber> waiting = new ArrayList<>(); // in this order
    private final List<ModelWorld.Place> putters = new ArrayList<>();
    private boolean closed;
    private int made;

    Model(int maxSize, Overflow overflow) {
      this.maxSize = maxSize;
      this.overflow = overflow;
      for (int i = 0; i < SUBSCRIPTIONS; i++) {
        subscribers.add(subscribe());
      }
    }

    private Subscriber subscribe() {
      Subscriber subscriber = new Subscriber();
      open.add(subscriber);
      return subscriber;
    }

    private int size() {
      return open.stream().mapToInt(each -> each.items.size()).max().orElse(0);
    }

    @Override
    Object begin(String method, int item, ModelWorld.Place wait) {
      if (method.equals("put")) {
        wait.item = made++;
        return closed ? "QueueClosedException" : put((Integer) wait.item) ? "null" : putters;
      }
      Subscriber subscriber = subscribers.get(item % SUBSCRIPTIONS);
      if (!subscriber.items.isEmpty()) {
        return take(subscriber);
      }
      String end = end(subscriber);
      if (end != null) {
        return end;
      }
      return subscriber.getters;
    }

    private String end(Subscriber subscriber) {
      return subscriber.closed
          ? "QueueClosedException"
          : subscriber.cutOff ? "SlowSubscriberException" : closed ? "QueueClosedException" : null;
    }

    private String take(Subscriber subscriber) {
      String item = subscriber.items.removeFirst().toString();
      admit();
      return item;
    }

    private boolean put(Integer item) {
      if (size() == maxSize) {
        if (overflow == Overflow.WAIT) {
          return false;
        }
        for (Subscriber each : List.copyOf(open)) {
          if (each.items.size() == maxSize) {
            if (overflow == Overflow.DROP_OLDEST) {
              each.items.removeFirst();
              each.missed++;
            } else {
              each.items.clear();
              each.cutOff = true;
              open.remove(each);
            }
          }
        }
      }
      List<Runnable> learn = new ArrayList<>();
      add(item, learn);
      learn.forEach(Runnable::run);
      return true;
    }

    private void add(Integer item, List<Runnable> learn) {
      open.forEach(each -> each.items.add(item));
      for (Subscriber each : List.copyOf(waiting)) {
        ModelWorld.Place getter = first(each.getters);
        while (!each.getters.isEmpty() && each.getters.getFirst() != getter) {
          each.getters.remove(each.getters.getFirst()); // was cancelled on another thread
        }
        if (getter != null) {
          String taken = each.items.removeFirst().toString();
          learn.add(taking(getter, taken));
        }
      }
    }

    /** Grants a wait, which learns of it later. */
    private Runnable taking(ModelWorld.Place wait, String outcome) {
      world.takeAll(List.of(wait));
      return () -> world.complete(wait, outcome);
    }

    private void admit() {
      List<Runnable> learn = new ArrayList<>();
      for (ModelWorld.Place putter; size() < maxSize && (putter = first(putters)) != null; ) {
        Runnable learns = taking(putter, "null");
        add((Integer) putter.item, learn);
        learn.add(learns);
      }
      learn.forEach(Runnable::run);
    }

    @Override
    Object act(String action, int value) {
      Subscriber subscriber = subscribers.get(value % SUBSCRIPTIONS);
      switch (action) {
        case "putNow" -> {
          int item = made++;
          if (closed) {
            throw new QueueClosedException("", null);
          } else if (!put(item)) {
            throw new QueueFullException("");
          }
        }
        case "getNow" -> {
          if (!subscriber.items.isEmpty()) {
            return take(subscriber);
          }
          String end = end(subscriber);
          if (end == null) {
            throw new QueueEmptyException("");
          }
          return end;
        }
        case "subscribe" -> {
          if (value > 0) {
            close(subscriber);
          }
          subscribers.set(value % SUBSCRIPTIONS, subscribe());
        }
        case "closeOne" -> close(subscriber);
        default -> {
          if (value == 3) {
            close();
          }
        }
      }
      return "done";
    }

    private void close(Subscriber subscriber) {
      if (!subscriber.closed) {
        subscriber.closed = true;
        subscriber.items.clear();
        open.remove(subscriber);
        List<ModelWorld.Place> ended = world.takeAll(subscriber.getters);
        waiting.remove(subscriber);
        admit();
        ended.forEach(getter -> world.complete(getter, "QueueClosedException"));
      }
    }

    private void close() {
      closed = true;
      List<ModelWorld.Place> ended = new ArrayList<>(world.takeAll(putters));
      for (Subscriber each : List.copyOf(waiting)) {
        ended.addAll(world.takeAll(each.getters));
      }
      waiting.clear();
      ended.forEach(wait -> world.complete(wait, "QueueClosedException"));
    }

    @Override
    String state() {
      StringBuilder state =
          new StringBuilder(closed ? "Broadcast[closed maxsize=" : "Broadcast[maxsize=")
              .append(maxSize)
              .append(size() == 0 ? "" : " size=" + size())
              .append(open.isEmpty() ? "" : " subscribers=" + open.size())
              .append(count("putters", putters))
              .append("] ")
              .append(size());
      subscribers.forEach(each -> state.append(' ').append(each));
      return state.toString();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, WAIT", "3, WAIT", "1, DROP_OLDEST", "3, DROP_OLDEST", "1, FAIL", "3, FAIL"})
  void theBroadcastDoesWhatItsModelDoes(int maxSize, Overflow overflow) {
    ModelCheck.of(
            "Broadcast(" + maxSize + ", " + overflow + ")",
            loop -> new Real(new Broadcast<>(loop, maxSize, overflow)),
            () -> new Model(maxSize, overflow))
        .waits("put", "get", "get", "get")
        .calls(
            "putNow",
            "putNow",
            "putNow",
            "getNow",
            "getNow",
            "getNow",
            "getNow",
            "subscribe",
            "closeOne",
            "close");
  }
}

package toro;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.ToIntBiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random programs on the queues and on their model. */
class QueueModelTest {

  /** Equal ones are told apart by their numbers. */
  private record Item(int priority, int number) implements Comparable<Item> {
    @Override
    public int compareTo(Item other) {
      return Integer.compare(priority, other.priority);
    }

    @Override
    public String toString() {
      return priority + "#" + number;
    }
  }

  private static final class Real implements RealWorld.Primitive {
    private final Queue<Item> queue;
    private int made;

    Real(Queue<Item> queue) {
      this.queue = queue;
    }

    @Override
    public CompletableFuture<?> begin(String method, int priority, RealWorld.Call call) {
      return switch (method) {
        case "put" -> {
          Item item = new Item(priority, made++);
          yield call.with(
              () -> queue.put(item),
              timeout -> queue.put(item, timeout),
              deadline -> queue.put(item, deadline));
        }
        case "get" -> call.with(queue::get, queue::get, queue::get);
        default -> call.with(queue::join, queue::join, queue::join);
      };
    }

    @Override
    public Object act(String action, int value) {
      switch (action) {
        case "putNow" -> queue.putNow(new Item(value, made++));
        case "taskDone" -> queue.taskDone();
        case "close" -> queue.close();
        case "closeNow" -> {
          return queue.closeNow();
        }
        default -> {
          return queue.getNow();
        }
      }
      return "done";
    }

    @Override
    public String state() {
      return (queue.size() > 10 ? "long" : queue.toString())
          + " "
          + queue.size()
          + " "
          + queue.unfinishedTasks()
          + " "
          + queue.isEmpty()
          + " "
          + queue.isFull()
          + " "
          + queue.isClosed();
    }
  }

  private static final String CLOSED = "QueueClosedException";

  /** Items in the order in which they will come out, and a line for each wait-method. */
  private static final class Model extends ModelWorld.Model {
    private final String kind;
    private final int maxSize;
    private final ToIntBiFunction<List<Item>, Item> place;
    private final List<Item> items = new ArrayList<>();
    private final List<ModelWorld.Place> getters = new ArrayList<>();
    private final List<ModelWorld.Place> putters = new ArrayList<>();
    private final List<ModelWorld.Place> joiners = new ArrayList<>();
    private int tasks;
    private int made;
    private boolean closed;

    Model(String kind, int maxSize, ToIntBiFunction<List<Item>, Item> place) {
      this.kind = kind;
      this.maxSize = maxSize;
      this.place = place;
    }

    @Override
    Object begin(String method, int priority, ModelWorld.Place wait) {
      switch (method) {
        case "put" -> {
          Item item = new Item(priority, made++);
          if (closed) {
            return CLOSED;
          }
          if (isFull()) {
            wait.item = item;
            return putters;
          }
          put(item);
          return "null";
        }
        case "get" -> {
          return !items.isEmpty() ? take() : closed ? CLOSED : getters;
        }
        default -> {
          return tasks == 0 ? "null" : joiners;
        }
      }
    }

    private void put(Item item) {
      tasks++;
      ModelWorld.Place getter = first(getters);
      if (getter == null) {
        items.add(place.applyAsInt(items, item), item);
      } else {
        world.grant(getter, item.toString());
      }
    }

    private String take() {
      ModelWorld.Place putter = first(putters);
      if (putter == null) {
        return items.removeFirst().toString();
      }
      put((Item) putter.item);
      String item = items.removeFirst().toString();
      world.grant(putter, "null");
      return item;
    }

    @Override
    Object act(String action, int value) {
      switch (action) {
        case "putNow" -> {
          Item item = new Item(value, made++);
          if (closed) {
            throw new QueueClosedException("", null);
          }
          if (isFull()) {
            throw new QueueFullException("");
          }
          put(item);
        }
        case "taskDone" -> {
          if (tasks == 0) {
            throw new IllegalStateException();
          }
          if (--tasks == 0) {
            grantAll(joiners, "null");
          }
        }
        case "close" -> close(List.of());
        case "closeNow" -> {
          List<Item> left = List.copyOf(items);
          items.clear();
          tasks = Math.max(0, tasks - left.size());
          close(tasks == 0 ? world.takeAll(joiners) : List.of());
          return left;
        }
        default -> {
          if (items.isEmpty()) {
            throw closed ? new QueueClosedException("", null) : new QueueEmptyException("");
          }
          return take();
        }
      }
      return "done";
    }

    private void close(List<ModelWorld.Place> joined) {
      closed = true;
      List<ModelWorld.Place> ended = new ArrayList<>(world.takeAll(getters));
      ended.addAll(world.takeAll(putters));
      ended.forEach(wait -> world.complete(wait, CLOSED));
      joined.forEach(wait -> world.complete(wait, "null"));
    }

    private boolean isFull() {
      return maxSize > 0 && items.size() >= maxSize;
    }

    @Override
    String state() {
      String text =
          kind
              + (closed ? "[closed maxsize=" : "[maxsize=")
              + maxSize
              + (items.isEmpty() ? "" : " queue=" + items)
              + count("getters", getters)
              + count("putters", putters)
              + count("joiners", joiners)
              + (tasks == 0 ? "" : " tasks=" + tasks)
              + "]";
      return (items.size() > 10 ? "long" : text)
          + " "
          + items.size()
          + " "
          + tasks
          + " "
          + items.isEmpty()
          + " "
          + isFull()
          + " "
          + closed;
    }
  }

  /** Most programs leave it open for some time. */
  private static final String[] CALLS =
      Stream.concat(
              Collections.nCopies(6, List.of("putNow", "getNow", "taskDone")).stream()
                  .flatMap(List::stream),
              Stream.of("close", "closeNow"))
          .toArray(String[]::new);

  private static void check(
      int maxSize,
      Function<IOLoop, Queue<Item>> queue,
      String kind,
      ToIntBiFunction<List<Item>, Item> place) {
    ModelCheck.of(
            kind + "(" + maxSize + ")",
            loop -> new Real(queue.apply(loop)),
            () -> new Model(kind, maxSize, place))
        .waits("put", "put", "put", "get", "get", "get", "join")
        .calls(CALLS);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void theQueueDoesWhatItsModelDoes(int maxSize) {
    check(maxSize, loop -> new Queue<>(loop, maxSize), "Queue", (items, item) -> items.size());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void theLifoQueueDoesWhatItsModelDoes(int maxSize) {
    check(maxSize, loop -> new LifoQueue<>(loop, maxSize), "LifoQueue", (items, item) -> 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void thePriorityQueueDoesWhatItsModelDoes(int maxSize) {
    check(
        maxSize,
        loop -> new PriorityQueue<>(loop, maxSize),
        "PriorityQueue",
        (items, item) -> (int) items.stream().filter(other -> other.compareTo(item) <= 0).count());
  }
}

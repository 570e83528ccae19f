package toro;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What another thread learns that calls a primitive while its loop runs. */
class OtherThreadTest {
  /** What any thread may ask, and what only makes something. */
  private static final Set<String> ALLOWED =
      Set.of(
          "maxSize",
          "parties",
          "iterator",
          "toString",
          "equals",
          "hashCode",
          "forEach",
          "spliterator");

  private static final Map<Class<?>, Object> ARGUMENTS =
      Map.of(
          int.class,
          1,
          Duration.class,
          Duration.ofSeconds(1),
          Deadline.class,
          Deadline.never(),
          Throwable.class,
          new Exception(),
          Predicate.class,
          (Predicate<Object>) any -> true,
          UnaryOperator.class,
          UnaryOperator.identity(),
          Object.class,
          "something");

  private static List<Object> primitives(IOLoop loop) {
    var broadcast = new Broadcast<Object>(loop, 3);
    return List.of(
        new Lock(loop),
        new RWLock(loop),
        new Semaphore(loop, 3),
        new BoundedSemaphore(loop, 3),
        new KeyedLock<Object>(loop),
        new KeyedRWLock<Object>(loop),
        new RateLimiter(loop, 1, Duration.ofSeconds(1)),
        new Condition(loop),
        new Event(loop),
        new AsyncResult<Object>(loop),
        new Barrier(loop, 2),
        new Watch<Object>(loop, "first"),
        broadcast,
        broadcast.subscribe(),
        new Queue<Object>(loop, 3),
        new LifoQueue<Object>(loop, 3),
        new PriorityQueue<Object>(loop, 3));
  }

  private static List<Method> methods(Object primitive) {
    List<Method> methods = new ArrayList<>();
    for (Method method : primitive.getClass().getMethods()) {
      if (method.getDeclaringClass() != Object.class
          && !Modifier.isStatic(method.getModifiers())
          && !ALLOWED.contains(method.getName())) {
        methods.add(method);
      }
    }
    return methods;
  }

  private static Throwable thrownBy(Object primitive, Method method) throws IllegalAccessException {
    Object[] arguments =
        Arrays.stream(method.getParameterTypes())
            .map(type -> ARGUMENTS.getOrDefault(type, "something"))
            .toArray();
    try {
      method.invoke(primitive, arguments);
      return null;
    } catch (InvocationTargetException thrown) {
      return thrown.getCause();
    }
  }

  @Test
  void eachMethodRefusesAnotherThreadAndChangesNothing() {
    TestLoop.run(
        () -> {
          for (Object primitive : primitives(IOLoop.current())) {
            String before = primitive.toString();
            String name = primitive.getClass().getSimpleName();
            for (Method method : methods(primitive)) {
              TestLoop.elsewhere(
                  () ->
                      assertThat(thrownBy(primitive, method))
                          .as("%s.%s", name, method.getName())
                          .isInstanceOf(WrongThreadException.class)
                          .hasMessageContaining(name + " was used by"));
            }
            assertThat(primitive).hasToString(before);
          }
        });
  }

  @Test
  void itMayAskHowBigThingsAre() {
    TestLoop.run(
        () -> {
          var barrier = new Barrier(2);
          var broadcast = new Broadcast<String>(3);
          var queue = new Queue<String>(4);
          TestLoop.elsewhere(
              () -> {
                assertThat(barrier.parties()).isEqualTo(2);
                assertThat(broadcast.maxSize()).isEqualTo(3);
                assertThat(queue.maxSize()).isEqualTo(4);
              });
        });
  }
}

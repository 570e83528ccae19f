package toro.context;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.spawn;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import toro.Coroutine;
import toro.IOLoop;
import toro.ThrowingRunnable;
import toro.spi.ThreadContext;

class AccessorsTest {
  private static final ContextKey<String> KEY = ContextKey.named("test");

  private final ContextRegistry registry = new ContextRegistry();
  private final Accessors accessors = new Accessors(registry);

  private void run(ThrowingRunnable body) {
    try (var loop = new IOLoop()) {
      ThreadContext.install(loop, accessors);
      loop.runSync(body);
    }
  }

  @Test
  void theMdcAndOpenTelemetryAreThereUnregistered() {
    assertThat(accessors).hasToString("Accessors[cp.slf4j, io.opentelemetry]");
    assertThat(registry.getThreadLocalAccessors()).isEmpty();
  }

  @Test
  void oneThatIsRegisteredLaterCountsFromThenOn() {
    var local = new ThreadLocal<String>();
    run(
        () -> {
          MDC.put("k", "before");
          var other =
              spawn(
                  () -> {
                    local.set("other's");
                    pause();
                    return local.get() + " " + MDC.get("k");
                  });
          registry.registerThreadLocalAccessor("late", local);
          pause();
          assertThat(local.get()).isNull();
          assertThat(await(other)).isEqualTo("other's before");
          assertThat(MDC.get("k")).isEqualTo("before");
        });
  }

  @Test
  void anAccessorThatThrowsDoesNotHarmTheOthersNorTheWait() {
    registry.registerThreadLocalAccessor(
        new ThreadLocalAccessor<String>() {
          @Override
          public Object key() {
            return "broken";
          }

          @Override
          public String getValue() {
            throw new IllegalStateException("broken");
          }

          @Override
          public void setValue(String value) {
            throw new AssertionError("broken");
          }

          @Override
          public void setValue() {
            throw new AssertionError("broken");
          }
        });
    run(
        () -> {
          MDC.put("k", "mine");
          var other = spawn(() -> MDC.put("k", "other's"));
          await(other);
          assertThat(MDC.get("k")).isEqualTo("mine");
        });
    assertThat(MDC.get("k")).isNull();
  }

  /** A stack of its own, whose entries are pushed and popped in pairs. */
  @Test
  void whatIsSetIsRestoredInPairs() {
    List<String> calls = new ArrayList<>();
    var local = new ThreadLocal<String>();
    registry.registerThreadLocalAccessor(
        new ThreadLocalAccessor<String>() {
          @Override
          public Object key() {
            return "pairs";
          }

          @Override
          public String getValue() {
            return local.get();
          }

          @Override
          public void setValue(String value) {
            calls.add("set " + value);
            local.set(value);
          }

          @Override
          public void setValue() {
            calls.add("clear");
            local.remove();
          }

          @Override
          public void restore(String previous) {
            calls.add("restore " + previous);
            local.set(previous);
          }

          @Override
          public void restore() {
            calls.add("restore");
            local.remove();
          }
        });
    Object none = accessors.none();
    local.set("a");
    Object a = accessors.capture();
    local.set("b");
    Object outer = accessors.enter(a);
    assertThat(local.get()).isEqualTo("a");
    accessors.leave(outer);
    assertThat(local.get()).isEqualTo("b");
    outer = accessors.enter(none);
    assertThat(local.get()).isNull();
    accessors.leave(outer);
    assertThat(calls).containsExactly("set a", "restore b", "clear", "restore b");
  }

  @Test
  void aScopeOfOpenTelemetryMayStayOpenAcrossAwaits() {
    run(
        () -> {
          List<Coroutine<String>> all = new ArrayList<>();
          for (String name : List.of("a", "b")) {
            all.add(
                spawn(
                    () -> {
                      try (Scope outer = Context.current().with(KEY, name).makeCurrent()) {
                        pause();
                        try (Scope inner = Context.current().with(KEY, name + 2).makeCurrent()) {
                          pause();
                          assertThat(Context.current().get(KEY)).isEqualTo(name + 2);
                        }
                        pause();
                        assertThat(Context.current().get(KEY)).isEqualTo(name);
                      }
                      return Context.current().get(KEY);
                    }));
          }
          for (Coroutine<String> each : all) {
            assertThat(await(each)).isNull();
          }
        });
    assertThat(Context.current()).isSameAs(Context.root());
  }

  @Test
  void anObservationMayStayOpenAcrossAwaits() {
    var observations = ObservationRegistry.create();
    observations.observationConfig().observationHandler(context -> true);
    try (var loop = new IOLoop()) {
      ContextPropagation.install(loop);
      loop.runSync(
          () -> {
            List<Coroutine<?>> all = new ArrayList<>();
            for (String name : List.of("a", "b")) {
              all.add(
                  spawn(
                      () ->
                          Observation.start(name, observations)
                              .observe(() -> nest(name, observations))));
            }
            for (Coroutine<?> each : all) {
              await(each);
            }
          });
    }
    assertThat(observations.getCurrentObservationScope()).isNull();
  }

  private static void nest(String name, ObservationRegistry registry) {
    pause();
    Observation.start(name + 2, registry)
        .observe(
            () -> {
              pause();
              assertThat(name(registry)).isEqualTo(name + 2);
              assertThat(await(spawn(() -> name(registry)))).isEqualTo(name + 2);
            });
    pause();
    assertThat(name(registry)).isEqualTo(name);
  }

  private static String name(ObservationRegistry registry) {
    return registry.getCurrentObservation().getContext().getName();
  }
}

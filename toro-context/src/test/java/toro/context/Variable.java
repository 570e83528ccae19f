package toro.context;

import io.micrometer.context.ContextRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.slf4j.MDC;
import toro.CoroutineLocal;

/** What is to follow a coroutine: a text, kept by a real library. Null: there is none. */
enum Variable {
  MDC_OF_LOGBACK {
    @Override
    void set(String value) {
      MDC.put("request", value);
    }

    @Override
    String get() {
      return MDC.get("request");
    }
  },
  SPAN_OF_OPENTELEMETRY {
    private final Tracer tracer =
        SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(SpanExporter.composite()))
            .build()
            .get("test");

    @Override
    @SuppressWarnings("MustBeClosedChecker") // it is left open, as the coroutine's own
    void set(String value) {
      tracer.spanBuilder(value).startSpan().makeCurrent();
    }

    @Override
    String get() {
      return Span.current() instanceof ReadableSpan span ? span.getName() : null;
    }
  },
  OBSERVATION_OF_MICROMETER {
    private final ObservationRegistry registry = ObservationRegistry.create();

    {
      registry.observationConfig().observationHandler(context -> true);
    }

    @Override
    void set(String value) {
      Observation.start(value, registry).openScope();
    }

    @Override
    String get() {
      Observation current = registry.getCurrentObservation();
      return current == null ? null : current.getContext().getName();
    }
  },
  REGISTERED_THREAD_LOCAL {
    private final ThreadLocal<String> threadLocal = new ThreadLocal<>();

    {
      ContextRegistry.getInstance().registerThreadLocalAccessor("test", threadLocal);
    }

    @Override
    void set(String value) {
      threadLocal.set(value);
    }

    @Override
    String get() {
      return threadLocal.get();
    }
  },
  COROUTINE_LOCAL {
    private final CoroutineLocal<String> local = CoroutineLocal.newInstance();

    @Override
    void set(String value) {
      local.set(value);
    }

    @Override
    String get() {
      return local.get();
    }
  };

  abstract void set(String value);

  abstract String get();
}

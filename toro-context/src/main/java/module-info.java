/** MDC, OpenTelemetry and the like follow a coroutine: {@link toro.context.ContextPropagation}. */
module toro.context {
  requires context.propagation;
  requires static io.opentelemetry.context;
  requires static micrometer.observation;
  requires static org.jspecify;
  requires static org.slf4j;
  requires transitive toro;

  exports toro.context;
}

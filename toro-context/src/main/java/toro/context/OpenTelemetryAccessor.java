package toro.context;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/** The context of OpenTelemetry. */
final class OpenTelemetryAccessor implements Accessor {
  /**
   * What the thread has had, and what it was given.
   *
   * @param scope ends that; null if both are the same
   */
  private record Entered(Context before, Context context, @Nullable Scope scope) {}

  @Override
  public @Nullable Object get() {
    return nullIfRoot(Context.current());
  }

  private static @Nullable Object nullIfRoot(Context context) {
    return context == Context.root() ? null : context;
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // leave() closes it
  public @Nullable Object enter(@Nullable Object value) {
    Context before = Context.current();
    Context context = value == null ? Context.root() : (Context) value;
    if (before != context) {
      return new Entered(before, context, context.makeCurrent());
    }
    return value == null ? null : new Entered(before, context, null);
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // the coroutine has a scope open, which it will close
  public @Nullable Object leave(@Nullable Object entered) {
    Context now = Context.current();
    Context before = entered instanceof Entered had ? had.before : Context.root();
    if (entered instanceof Entered had && had.scope != null && now == had.context) {
      had.scope.close();
    } else if (now != before) {
      before.makeCurrent();
    }
    return nullIfRoot(now);
  }
}

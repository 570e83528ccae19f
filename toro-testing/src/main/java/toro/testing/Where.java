package toro.testing;

import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import org.jspecify.annotations.Nullable;
import toro.IOLoop;

/**
 * Where the code under test did something: the innermost frame that is neither ours nor the JDK's.
 */
record Where(@Nullable StackFrame frame) {
  private static final StackWalker WALKER = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);

  private static final ClassValue<Boolean> UNDER_TEST =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          Object source = source(type);
          return source != null
              && !source.equals(source(IOLoop.class))
              && !source.equals(source(Where.class));
        }
      };

  static Where here() {
    return new Where(
        WALKER.walk(
            frames ->
                frames
                    .filter(frame -> UNDER_TEST.get(frame.getDeclaringClass()))
                    .findFirst()
                    .orElse(null)));
  }

  /** Null for the JDK's own classes. */
  private static @Nullable Object source(Class<?> type) {
    return type.getProtectionDomain().getCodeSource();
  }

  /** As in a stack trace, so that tools make a link of it. */
  @Override
  public String toString() {
    return frame == null
        ? "(unknown)"
        : "(" + frame.getFileName() + ":" + frame.getLineNumber() + ")";
  }
}

package toro.testing;

import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds monitors that a coroutine holds while it suspends. To ask the JVM takes a tenth of a
 * millisecond, so it is asked once for each call stack.
 */
final class Monitors {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final StackWalker WALKER = StackWalker.getInstance();

  private final Set<Integer> checked = new HashSet<>(); // hashes of stacks
  private final Set<String> held = new LinkedHashSet<>();

  /** Called on the stack of a coroutine that is about to suspend. */
  void check() {
    if (!Thread.currentThread().isVirtual() && checked.add(stack())) {
      long[] here = {Thread.currentThread().threadId()};
      find(THREADS.getThreadInfo(here, true, false)[0]);
    }
  }

  List<String> held() {
    return List.copyOf(held);
  }

  private static int stack() {
    return WALKER.walk(
        frames ->
            frames
                .mapToInt(frame -> 31 * frame.getClassName().hashCode() + frame.getByteCodeIndex())
                .reduce(0, (hash, frame) -> 31 * hash + frame));
  }

  private void find(@Nullable ThreadInfo thread) {
    if (thread == null) {
      return;
    }
    int base = base(thread.getStackTrace());
    for (MonitorInfo monitor : thread.getLockedMonitors()) {
      if (monitor.getLockedStackDepth() < base) {
        held.add(monitor.getClassName() + ", locked at " + monitor.getLockedStackFrame());
      }
    }
  }

  /** Where the coroutine's part of the stack ends; what is below it is of who drives the loop. */
  private static int base(StackTraceElement[] stack) {
    List<String> classes = Arrays.stream(stack).map(StackTraceElement::getClassName).toList();
    return classes.lastIndexOf("toro.Coroutine") + 1;
  }
}

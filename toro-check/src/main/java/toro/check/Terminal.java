package toro.check;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/** Is there someone looking? */
final class Terminal {
  private static final int STDERR = 2;

  private Terminal() {}

  /**
   * {@link System#console} knows of standard input and output only, and results are often sent to a
   * file.
   */
  @SuppressWarnings("restricted")
  static boolean isStderr() {
    try {
      var linker = Linker.nativeLinker();
      var libc = linker.defaultLookup();
      var isatty = libc.find("isatty").or(() -> libc.find("_isatty")).orElseThrow();
      var type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
      return (int) linker.downcallHandle(isatty, type).invokeExact(STDERR) != 0;
    } catch (Throwable unknown) {
      return false;
    }
  }
}

package toro.check;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Asks the operating system about standard output and error. {@link System#console} knows of
 * standard input and output together only, and knows no width.
 */
@SuppressWarnings("restricted")
final class Terminal {
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int DEFAULT_WIDTH = 80;

  /** The request for the size of the window, by operating system. */
  private static final long WINDOW_SIZE =
      System.getProperty("os.name").startsWith("Linux") ? 0x5413 : 0x40087468;

  private Terminal() {}

  static boolean isStdout() {
    return isTerminal(STDOUT);
  }

  static boolean isStderr() {
    return isTerminal(STDERR);
  }

  private static boolean isTerminal(int descriptor) {
    try {
      var type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
      return (int) function(type, "isatty", "_isatty").invokeExact(descriptor) != 0;
    } catch (Throwable unknown) {
      return false;
    }
  }

  /** Returns the number of columns of the terminal at standard error; 80 if it cannot be told. */
  static int width() {
    try (var arena = Arena.ofConfined()) {
      var type =
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS);
      var size = arena.allocate(ValueLayout.JAVA_SHORT, 4); // rows, columns, and pixels
      var failed =
          (int)
              function(type, Linker.Option.firstVariadicArg(2), "ioctl")
                  .invokeExact(STDERR, WINDOW_SIZE, size);
      var columns = size.getAtIndex(ValueLayout.JAVA_SHORT, 1) & 0xFFFF;
      return failed != 0 || columns == 0 ? DEFAULT_WIDTH : columns;
    } catch (Throwable unknown) {
      return DEFAULT_WIDTH;
    }
  }

  private static MethodHandle function(FunctionDescriptor type, String name, String otherName) {
    var libc = Linker.nativeLinker().defaultLookup();
    return Linker.nativeLinker()
        .downcallHandle(libc.find(name).or(() -> libc.find(otherName)).orElseThrow(), type);
  }

  private static MethodHandle function(FunctionDescriptor type, Linker.Option option, String name) {
    var libc = Linker.nativeLinker().defaultLookup();
    return Linker.nativeLinker().downcallHandle(libc.find(name).orElseThrow(), type, option);
  }
}

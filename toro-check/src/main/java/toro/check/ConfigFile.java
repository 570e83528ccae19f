package toro.check;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Options in a file, written as on the command line, several to a line or one; {@code #} begins a
 * comment. What stands on the command line comes later, and prevails.
 */
final class ConfigFile {
  static final String OPTION = "--config";
  private static final String DEFAULT = ".toro-check";

  private ConfigFile() {}

  /**
   * Puts what the file says before the other arguments of {@code check}.
   *
   * @param folder where the default file is looked for
   */
  static String[] expand(String[] arguments, Path folder) {
    if (arguments.length == 0 || !arguments[0].equals("check")) {
      return arguments;
    }
    var rest = new ArrayList<>(List.of(arguments).subList(1, arguments.length));
    var file = take(rest);
    var expanded = new ArrayList<>(List.of("check"));
    if (file != null) {
      expanded.add(OPTION + "=" + file); // which fails if there is none
      expanded.add("@" + file);
    } else if (Files.isReadable(folder.resolve(DEFAULT))) {
      expanded.add("@" + folder.resolve(DEFAULT));
    }
    expanded.addAll(rest);
    return expanded.toArray(String[]::new);
  }

  private static @Nullable String take(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i).startsWith(OPTION + "=")) {
        return arguments.remove(i).substring(OPTION.length() + 1);
      }
      if (arguments.get(i).equals(OPTION) && i + 1 < arguments.size()) {
        arguments.remove(i);
        return arguments.remove(i);
      }
    }
    return null;
  }
}

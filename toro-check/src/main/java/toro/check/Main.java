package toro.check;

import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The {@code toro} command. */
@Command(
    name = "toro",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Programs made with Toro for the JVM.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = CheckCommand.class,
    footer = "%n'toro load' puts a web service on Netty under load; see 'toro load --help'.")
public final class Main {
  private static final int WRONG_USAGE = 2;

  private Main() {}

  /** Runs a subcommand, and ends the JVM with its exit status. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(ConfigFile.expand(arguments, Path.of(""))));
  }

  /** Returns the command, ready to {@code execute}. */
  public static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOverwrittenOptionsAllowed(true) // by those after the configuration file
        .setParameterExceptionHandler(Main::explain);
  }

  private static int explain(ParameterException problem, String[] arguments) {
    var command = problem.getCommandLine();
    var name = command.getCommandSpec().qualifiedName();
    command
        .getErr()
        .println(
            "%s: %s (see '%s --help')"
                .formatted(name, Visible.text(String.valueOf(problem.getMessage())), name));
    return WRONG_USAGE;
  }
}

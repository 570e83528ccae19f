package toro.check;

import picocli.CommandLine;
import picocli.CommandLine.Command;

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
  private Main() {}

  /** Runs a subcommand, and ends the JVM with its exit status. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** Returns the command, ready to {@code execute}. */
  public static CommandLine commandLine() {
    return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
  }
}

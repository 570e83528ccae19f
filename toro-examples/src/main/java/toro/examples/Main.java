package toro.examples;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import toro.examples.netty.Load;

/**
 * The {@code toro} command, as far as its programs are examples; {@code toro check} has a module of
 * its own.
 */
@Command(
    name = "toro",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Programs made with Toro for the JVM.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = Load.class)
public final class Main {
  private Main() {}

  /** Runs a subcommand, and ends the JVM with its exit status. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command, ready to {@code execute}. */
  public static CommandLine commandLine() {
    return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
  }
}

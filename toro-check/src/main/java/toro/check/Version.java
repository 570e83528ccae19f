package toro.check;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** The version that the jar was built with. */
public final class Version implements IVersionProvider {

  /** As the jar's manifest has it. */
  public static String current() {
    return Objects.requireNonNullElse(
        Version.class.getPackage().getImplementationVersion(), "(not from a jar)");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"toro " + current()};
  }
}

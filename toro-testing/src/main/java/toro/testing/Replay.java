package toro.testing;

/** Goes with the failure of a run, and says how to repeat it. */
final class Replay extends Throwable {
  private static final long serialVersionUID = 1;

  Replay(Scenario scenario) {
    super(
        "to replay this run: @ToroTest(replay = \"%1$s\") or Exploration.replay(\"%1$s\").run(…)"
            .formatted(scenario),
        null,
        false,
        false);
  }
}

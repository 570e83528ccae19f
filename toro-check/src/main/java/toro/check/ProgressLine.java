package toro.check;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on standard error, wiped out at the end. */
final class ProgressLine implements Progress {
  /**
   * Fixed, because to find it out the bar would open the terminal with JLine, which resets what
   * Ctrl-C does: the JVM would be killed with no time for a report.
   */
  private static final int WIDTH = 79;

  private final ProgressBar bar;

  ProgressLine() {
    bar =
        new ProgressBarBuilder()
            .setTaskName("Checking")
            .setUnit(" URLs", 1)
            .setInitialMax(1)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(100)
            .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
            .hideEta()
            .clearDisplayOnFinish()
            .build();
  }

  @Override
  public void update(int done, int known) {
    bar.maxHint(known);
    bar.stepTo(done);
  }

  @Override
  public void close() {
    bar.close();
  }
}

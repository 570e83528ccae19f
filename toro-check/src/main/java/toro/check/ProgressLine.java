package toro.check;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows a bar on standard error, as wide as the terminal is at the time; wipes it out at the end.
 */
final class ProgressLine implements Progress {
  private final ProgressBar bar;

  ProgressLine() {
    bar =
        new ProgressBarBuilder()
            .setTaskName("Checking")
            .setUnit(" URLs", 1)
            .setInitialMax(1)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(100)
            .setConsumer(
                // The library would find the width with JLine, which resets what Ctrl-C does: the
                // JVM would be killed with no time for a report.
                new ConsoleProgressBarConsumer(System.err) {
                  @Override
                  public int getMaxRenderedLength() {
                    return Terminal.width() - 1; // a full line would wrap
                  }
                })
            .hideEta()
            .clearDisplayOnFinish()
            .build();
  }

  @Override
  public void visited(Resource resource, int done, int known) {
    bar.maxHint(known);
    bar.stepTo(done);
  }

  @Override
  public void close() {
    bar.close();
  }
}

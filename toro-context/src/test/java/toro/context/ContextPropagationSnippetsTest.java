package toro.context;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.Coroutines.pause;
import static toro.Coroutines.spawn;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import toro.IOLoop;

/** What the documentation of {@link ContextPropagation} shows. */
class ContextPropagationSnippetsTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger("requests");

  @Test
  void eachLineOfTheLogHasTheRequestOfItsCoroutine() {
    List<String> lines = new ArrayList<>();
    var appender =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent event) {
            lines.add(event.getMDCPropertyMap().get("request") + " " + event.getMessage());
          }
        };
    appender.start();
    LOG.addAppender(appender);
    LOG.setLevel(Level.INFO);
    LOG.setAdditive(false);
    // @start region="install"
    try (var loop = new IOLoop()) {
      ContextPropagation.install(loop);
      loop.runSync(
          () -> {
            var first = spawn(() -> handle("1"));
            var second = spawn(() -> handle("2"));
            await(first);
            await(second);
          });
    }
    // @end
    assertThat(lines).containsExactly("1 begins", "2 begins", "1 ends", "2 ends");
  }

  // @start region="handle"
  static void handle(String request) {
    MDC.put("request", request);
    LOG.info("begins");
    pause(); // other requests run here
    LOG.info("ends"); // with the id of this one
  }
  // @end
}

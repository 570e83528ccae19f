package toro.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Each program prints exactly what it is to print. */
class ProgramsTest {

  private static void assertPrints(Class<?> program, String expected) throws Exception {
    assertThat(Programs.output(program)).isEqualToNormalizingNewlines(expected);
  }

  @Test
  void waitNotify() throws Exception {
    assertPrints(
        WaitNotify.class,
        """
        I'll wait right here
        About to notify
        Done notifying
        I'm done waiting
        """);
  }

  @Test
  void deadlines() throws Exception {
    assertPrints(
        Deadlines.class,
        """
        no signal, and nobody waits any more: Condition[]
        attempt 1: passed = true
        attempt 2: passed = true
        it is later than that
        the lock was free
        now it is not
        signalled in time
        """);
  }

  @Test
  void producerConsumer() throws Exception {
    assertPrints(
        ProducerConsumer.class,
        """
        Doing work on 0
        Doing work on 1
        Doing work on 2
        Doing work on 3
        Doing work on 4
        Doing work on 5
        Doing work on 6
        Doing work on 7
        Doing work on 8
        Doing work on 9
        Done
        """);
  }

  @Test
  void articleQueuePrintsTheLinesOfTheArticleInItsOrder() throws Exception {
    assertPrints(
        ArticleQueue.class,
        """
        Put 0
        Put 1
        Put 2
        Doing work on 0
        Doing work on 1
        Put 3
        Doing work on 2
        Put 4
        Doing work on 3
        Doing work on 4
        Done
        """);
  }

  @Test
  void gracefulShutdownNeverStopsThePollerInTheMiddleOfARequest() throws Exception {
    assertPrints(
        GracefulShutdown.class,
        """
        poller: request
        poller: answer 1
        poller: request
        poller: answer 2
        poller: request
        shutdown: waits for Lock[locked waiters[1]]
        poller: answer 3
        shutdown: no request is under way
        """);
  }

  @Test
  void cachingProxyFetchesAPageOnceForAHundredSimultaneousRequests() throws Exception {
    assertPrints(
        CachingProxy.class,
        """
        this is /a
        this is /b
        again: this is /a
        101 requests, 2 upstream
        """);
  }

  @Test
  void theProxyOnVertxDoesTheSame() throws Exception {
    assertPrints(
        VertxCachingProxy.class,
        """
        this is /a
        this is /b
        again: this is /a
        101 requests, 2 upstream
        """);
  }

  @Test
  void callbacksRunInsideTheCallThatGrantsTheWait() throws Exception {
    assertPrints(
        Callbacks.class,
        """
        I'll wait right here
        About to notify
        I'm done waiting
        Done notifying
        the first one is in
        the second one could not wait
        the third one is in
        """);
  }
}

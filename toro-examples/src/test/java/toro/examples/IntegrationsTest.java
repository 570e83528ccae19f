package toro.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static toro.Coroutines.*;

import java.awt.EventQueue;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.swing.SwingUtilities;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import toro.*;

/** The programs of the document about other libraries. */
class IntegrationsTest {
  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final IOLoop loop = IOLoop.on(executor);

  @AfterEach
  void close() {
    loop.close();
    executor.shutdown();
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(1, TimeUnit.MINUTES);
  }

  // Reactor.

  // @start region="reactor"
  /** Something to acquire, as a Mono. Any thread may subscribe, and cancel. */
  static Mono<Lease> acquire(IOLoop loop, Supplier<CompletableFuture<Lease>> acquire) {
    return Mono.create(
        sink ->
            loop.execute(
                () -> {
                  CompletableFuture<Lease> wait = acquire.get();
                  sink.onCancel(() -> loop.execute(() -> giveBack(wait)));
                  wait.whenComplete(
                      (lease, failure) -> {
                        if (failure == null) {
                          sink.success(lease);
                        } else {
                          sink.error(failure);
                        }
                      });
                }));
  }

  private static void giveBack(CompletableFuture<Lease> wait) {
    if (!wait.cancel(false) && !wait.isCompletedExceptionally()) {
      wait.join().close(); // it was granted just before
    }
  }

  /** Does something while it is held. */
  static <T> Mono<T> with(IOLoop loop, Supplier<CompletableFuture<Lease>> acquire, Mono<T> what) {
    return Mono.usingWhen(
        acquire(loop, acquire),
        lease -> what,
        lease -> Mono.fromFuture(() -> loop.spawn(() -> lease.close())));
  }

  // @end

  @Test
  void atMostSoManyMonosAtATime() {
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    // @start region="semaphore"
    var semaphore = new Semaphore(loop, 2);
    Mono<String> request = request();
    Mono<String> limited = with(loop, () -> semaphore.acquire(Duration.ofSeconds(10)), request);
    // @end
    Mono<String> counted =
        with(
            loop,
            semaphore::acquire,
            Mono.fromSupplier(() -> most.accumulateAndGet(inside.incrementAndGet(), Math::max))
                .flatMap(count -> Mono.delay(Duration.ofMillis(1)))
                .map(tick -> "answer " + inside.decrementAndGet()));
    List<String> answers =
        Flux.range(0, 20)
            .flatMap(i -> counted.subscribeOn(Schedulers.parallel()))
            .collectList()
            .block(Duration.ofMinutes(1));
    assertThat(answers).hasSize(20);
    assertThat(most.get()).isEqualTo(2);
    assertThat(limited.block(Duration.ofMinutes(1))).isEqualTo("answer");
    assertThat(loop.runSync(() -> semaphore.availablePermits())).isEqualTo(2);
  }

  private static Mono<String> request() {
    return Mono.just("answer");
  }

  @Test
  void whoCancelsAMonoGivesThePlaceInLineBack() {
    var lock = new Lock(loop);
    Lease lease = loop.runSync(() -> await(lock.acquire()));
    var mono = with(loop, lock::acquire, Mono.just("never"));
    var subscription = mono.subscribe();
    loop.runSync(() -> assertThat(lock).hasToString("Lock[locked waiters[1]]"));
    subscription.dispose();
    loop.runSync(() -> assertThat(lock).hasToString("Lock[locked]"));
    loop.runSync(lease::close);
    assertThat(mono.block(Duration.ofMinutes(1))).isEqualTo("never");
    assertThat(loop.runSync(() -> lock.isLocked())).isFalse();
  }

  @Test
  void aLeaseThatCameTogetherWithTheCancellationIsGivenBack() {
    var lock = new Lock(loop);
    for (int i = 0; i < 200; i++) {
      var subscription = with(loop, lock::acquire, Mono.never()).subscribe();
      subscription.dispose();
    }
    Lease last = loop.runSync(() -> await(lock.acquire(Duration.ofMinutes(1))));
    loop.runSync(last::close);
    assertThat(loop.runSync(() -> lock.isLocked())).isFalse();
  }

  @Test
  void whatAMonoFailsWithIsWhatTheWaitFailedWith() {
    var lock = new Lock(loop);
    loop.runSync(() -> lock.acquire());
    assertThatThrownBy(() -> acquire(loop, () -> lock.acquire(Duration.ZERO)).block())
        .isInstanceOf(DeadlineExceededException.class);
  }

  @Test
  void aCoroutineAwaitsAMonoAndAFluxReadsAQueue() throws Exception {
    var queue = new Queue<String>(loop, 3);
    // @start region="flux"
    Flux<String> items = JdkFlowAdapter.flowPublisherToFlux(new QueuePublisher<>(queue));
    CompletableFuture<List<String>> all = items.map(String::toUpperCase).collectList().toFuture();
    loop.spawn(
        () -> {
          for (String item : List.of("a", "b", "c", "d")) {
            await(queue.put(item)); // as fast as they are taken
          }
          await(queue.put(await(Mono.just("e").toFuture())));
          queue.close();
        });
    // @end
    assertThat(get(all)).containsExactly("A", "B", "C", "D", "E");
  }

  // A client that returns futures.

  @Test
  void atMostSoManyRequestsOfAClientAtATime() throws Exception {
    try (var site = new Loopback(exchange -> Loopback.respond(exchange, 200, "page"));
        var http = HttpClient.newHttpClient()) {
      var client = new Client(http, new Semaphore(loop, 2));
      Coroutine<List<String>> pages =
          loop.spawn(
              () ->
                  awaitAll(
                      spawn(() -> client.get(site.uri("/1"))),
                      spawn(() -> client.get(site.uri("/2"))),
                      spawn(() -> client.get(site.uri("/3")))));
      assertThat(get(pages)).containsExactly("page", "page", "page");
    }
  }

  private record Client(HttpClient http, Semaphore atATime) {
    // @start region="client"
    String get(URI uri) {
      try (var lease = await(atATime.acquire(Duration.ofSeconds(10)))) {
        CompletableFuture<HttpResponse<String>> reply =
            http.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        try {
          return withTimeout(Duration.ofSeconds(5), () -> await(reply).body());
        } catch (CancellationException | DeadlineExceededException e) {
          reply.cancel(true); // ours alone: it is not needed any more
          throw e;
        }
      }
    }
    // @end
  }

  // Spring.

  // @start region="spring"
  @Configuration(proxyBeanMethods = false)
  static class LoopConfiguration {
    @Bean
    ScheduledExecutorService loopThread() {
      return Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "loop"));
    }

    @Bean
    IOLoop loop(ScheduledExecutorService loopThread) {
      return IOLoop.on(loopThread); // is closed with the application, and before its thread
    }

    @Bean
    Ledger ledger(IOLoop loop) {
      return new Ledger(loop);
    }
  }

  /** A bean that any thread may use. */
  static final class Ledger {
    private final IOLoop loop;
    private final Lock lock;
    private int balance;

    Ledger(IOLoop loop) {
      this.loop = loop;
      this.lock = new Lock(loop);
    }

    CompletableFuture<Integer> add(int amount) {
      return loop.spawn(
          () -> {
            try (var lease = await(lock.acquire())) {
              int before = balance;
              sleep(Duration.ofMillis(1)); // asks a service, say
              return balance = before + amount;
            }
          });
    }
  }

  // @end

  @Test
  void aBeanWithALoop() throws Exception {
    IOLoop bean;
    try (var application = new AnnotationConfigApplicationContext(LoopConfiguration.class)) {
      bean = application.getBean(IOLoop.class);
      Ledger ledger = application.getBean(Ledger.class);
      var sums = List.of(ledger.add(1), ledger.add(2), ledger.add(3));
      assertThat(get(sums.getLast())).isEqualTo(6);
    }
    assertThat(bean.whenClosed()).isDone();
  }

  // Swing.

  // @start region="swing"
  /** The event dispatch thread. The one of its own does nothing but look at the clock. */
  static final class SwingExecutor extends ScheduledThreadPoolExecutor {
    SwingExecutor() {
      super(1, Thread.ofPlatform().daemon().name("swing-timer").factory());
    }

    @Override
    public void execute(Runnable task) {
      EventQueue.invokeLater(task);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      return super.schedule(() -> execute(task), delay, unit);
    }
  }

  // @end

  @Test
  void theEventDispatchThreadIsALoop() throws Exception {
    System.setProperty("java.awt.headless", "true");
    var label = new ArrayList<String>();
    var shown = new CompletableFuture<List<String>>();
    // @start region="swing-use"
    var swing = new SwingExecutor();
    IOLoop gui = IOLoop.on(swing, SwingUtilities::isEventDispatchThread);
    Runnable onClick =
        () ->
            gui.spawn(
                () -> {
                  for (int i = 3; i > 0; i--) {
                    label.add("in " + i);
                    sleep(Duration.ofMillis(1)); // the window stays alive
                  }
                  shown.complete(label);
                });
    SwingUtilities.invokeLater(onClick);
    // @end
    assertThat(get(shown)).containsExactly("in 3", "in 2", "in 1");
    boolean isCurrent =
        get(
            CompletableFuture.supplyAsync(
                () -> IOLoop.current() == gui, SwingUtilities::invokeLater));
    assertThat(isCurrent).isTrue();
    gui.close();
    swing.shutdown();
  }
}

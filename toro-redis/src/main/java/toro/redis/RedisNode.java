package toro.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.lettuce.core.RedisURI;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import toro.Coroutines;
import toro.Deadline;
import toro.DeadlineExceededException;
import toro.IOLoop;
import toro.LoopClosedException;
import toro.spi.RemoteLine;

/**
 * The connection of a loop to a Redis or Valkey server, and the maker of the primitives there:
 * locks, semaphores and the like that are shared with all other nodes of that server, on any
 * machine.
 *
 * {@snippet file="toro/redis/SnippetsTest.java" region="lock"}
 *
 * <p>A primitive is known by its kind and its name: two nodes that make a lock with the same name
 * make the same lock. To make one does not ask the server; the primitives of a node may be made as
 * often as they are needed. Names are not empty and have no braces and no control characters.
 *
 * <p>A node has two connections to each server, regardless of the number of its primitives and
 * waits. When they break they are restored. Meanwhile waits go on, each until its deadline, and
 * when the server is back they have their places again; what is held is lost when its lease is
 * over. See {@link RedisLease}.
 *
 * <p>All methods must be called on the loop, {@link #toString()} apart; elsewhere they throw {@link
 * WrongThreadException}. Nothing blocks the loop's thread.
 */
public final class RedisNode implements AutoCloseable {
  private static final System.Logger LOGGER = System.getLogger(RedisNode.class.getName());

  /** How long {@link #close()} waits for the server. */
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private static final int SWEEP_AT_FIRST = 1024;

  private final IOLoop loop;
  private final Options options;
  private final String id;
  private final byte[] idBytes;
  private final RemoteLine line;
  private @Nullable Server server;
  private boolean connected;
  private boolean closed;
  private long number;

  // What somebody has: all; those without a codec by their keys; and by the numbers of open calls.
  private final List<WeakReference<Remote>> remotes = new ArrayList<>();
  private final Map<String, WeakReference<Remote>> primitives = new HashMap<>();
  private int sweepAt = SWEEP_AT_FIRST;
  private final Map<Long, Remote> calls = new HashMap<>();

  private RedisNode(IOLoop loop, Options options) {
    this.loop = loop;
    this.options = options;
    this.id = id(options);
    this.idBytes = id.getBytes(UTF_8);
    this.line = RemoteLine.of(loop, this);
  }

  private static String id(Options options) {
    String name = options.name();
    if (name == null) {
      name = hostName() + "-" + ProcessHandle.current().pid();
    }
    byte[] random = new byte[4];
    ThreadLocalRandom.current().nextBytes(random);
    return name.replaceAll("[^A-Za-z0-9_.-]", "_") + "-" + HexFormat.of().formatHex(random);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException noName) {
      return "host";
    }
  }

  /**
   * Connects to a server.
   *
   * @param loop the loop on which the node will be used, and on which this is called
   * @param uri where the server is: {@code redis://user:password@host:port/database}, {@code
   *     rediss://} for TLS, {@code redis-sentinel://host:port#master}; a node of a cluster is
   *     recognized as such
   * @return the node; or the failure {@link RedisUnavailableException} if the server is not there,
   *     or {@link IllegalStateException} if it refuses the user or the password, is too old, or
   *     would evict locks
   * @throws IllegalArgumentException if the URI is none of Redis
   * @throws WrongThreadException on another thread
   */
  public static CompletableFuture<RedisNode> connect(IOLoop loop, String uri) {
    return connect(loop, Options.of(uri));
  }

  /**
   * Like {@link #connect(IOLoop, String)}, for at most so long.
   *
   * @param loop the loop on which the node will be used, and on which this is called
   * @param uri where the server is
   * @param timeout how long to wait
   * @return the node, or also the failure {@link DeadlineExceededException}
   */
  public static CompletableFuture<RedisNode> connect(IOLoop loop, String uri, Duration timeout) {
    return connect(loop, Options.of(uri), timeout);
  }

  /**
   * Like {@link #connect(IOLoop, String)}, until a deadline.
   *
   * @param loop the loop on which the node will be used, and on which this is called
   * @param uri where the server is
   * @param deadline until when to wait
   * @return the node, or also the failure {@link DeadlineExceededException}
   */
  public static CompletableFuture<RedisNode> connect(IOLoop loop, String uri, Deadline deadline) {
    return connect(loop, Options.of(uri), deadline);
  }

  /**
   * Connects to a server, with options.
   *
   * @param loop the loop on which the node will be used, and on which this is called
   * @param options where the server is, and the rest
   * @return the node, or a failure as with {@link #connect(IOLoop, String)}
   * @throws WrongThreadException on another thread
   */
  public static CompletableFuture<RedisNode> connect(IOLoop loop, Options options) {
    return connect(loop, options, Deadline.never());
  }

  /**
   * Like {@link #connect(IOLoop, Options)}, for at most so long.
   *
   * @param loop the loop on which the node will be used, and on which this is called
   * @param options where the server is, and the rest
   * @param timeout how long to wait
   * @return the node, or also the failure {@link DeadlineExceededException}
   */
  public static CompletableFuture<RedisNode> connect(
      IOLoop loop, Options options, Duration timeout) {
    return connect(loop, options, Deadline.after(timeout));
  }

  /**
   * Like {@link #connect(IOLoop, Options)}, until a deadline.
   *
   * @param loop the loop on which the node will be used, and on which this is called
   * @param options where the server is, and the rest
   * @param deadline until when to wait
   * @return the node, or also the failure {@link DeadlineExceededException}
   */
  public static CompletableFuture<RedisNode> connect(
      IOLoop loop, Options options, Deadline deadline) {
    requireNonNull(loop, "loop");
    requireNonNull(options, "options");
    requireNonNull(deadline, "deadline");
    var node = new RedisNode(loop, options);
    node.line.check();
    RedisURI uri = options.redisUri();
    uri.setClientName(node.id);
    RemoteLine.Wait<RedisNode> wait = node.line.await(deadline, node::shutDown);
    if (wait.future().isDone()) {
      return wait.future();
    }
    Server.open(uri, "toro:node:" + node.id, node.new Events())
        .whenComplete(
            (server, failure) -> {
              try {
                loop.execute(() -> node.opened(wait, server, failure));
              } catch (LoopClosedException tooLate) {
                if (server != null) {
                  server.close();
                }
              }
            });
    return wait.future();
  }

  private void opened(
      RemoteLine.Wait<RedisNode> wait, @Nullable Server opened, @Nullable Throwable failure) {
    if (opened == null) {
      wait.refuse(
          failure instanceof RuntimeException exception
              ? exception
              : new RedisUnavailableException("cannot connect", failure));
      return;
    }
    if (closed) {
      opened.close();
      return;
    }
    server = opened;
    connected = true;
    loop.whenClosed().thenRun(this::leave);
    if (!wait.grant(this)) {
      shutDown();
    }
  }

  /** Hands what Lettuce tells over to the loop. */
  private final class Events implements Server.Listener {
    @Override
    public void connected() {
      onLoop(
          () -> {
            connected = true;
            remotes().forEach(Remote::resume);
          });
    }

    @Override
    public void disconnected() {
      onLoop(
          () -> {
            connected = false;
            remotes().forEach(Remote::interrupted);
          });
    }

    @Override
    public void subscribed() {
      onLoop(() -> remotes().forEach(Remote::refresh));
    }

    @Override
    public void message(byte[] message) {
      onLoop(() -> published(message));
    }
  }

  /** {@code <number> <key> LF <payload>}. */
  private void published(byte[] message) {
    int space = 0;
    while (message[space] != ' ') {
      space++;
    }
    Remote remote = calls.get(Long.parseLong(new String(message, 0, space, UTF_8)));
    if (remote != null) {
      remote.published(
          Long.parseLong(new String(message, 0, space, UTF_8)), Grant.content(message));
    }
  }

  private List<Remote> remotes() {
    List<Remote> all = new ArrayList<>();
    for (WeakReference<Remote> reference : remotes) {
      Remote remote = reference.get();
      if (remote != null) {
        all.add(remote);
      }
    }
    return all;
  }

  // The primitives.

  /**
   * Returns the lock of a name.
   *
   * @param name of the lock, the same on all nodes
   * @return the lock; always the same object as long as it is used
   * @throws IllegalArgumentException if the name is empty, longer than 512 characters, or has a
   *     brace or a control character
   * @throws WrongThreadException on another thread
   */
  public RedisLock lock(String name) {
    return shared("lock", name, RedisLock.class, () -> new RedisLock(this, name));
  }

  /**
   * Returns the read-write lock of a name that admits one reader at a time.
   *
   * @param name of the lock, the same on all nodes
   * @return the lock
   * @throws IllegalArgumentException as {@link #lock}
   * @throws WrongThreadException on another thread
   */
  public RedisRWLock rwLock(String name) {
    return rwLock(name, 1);
  }

  /**
   * Returns the read-write lock of a name.
   *
   * @param name of the lock, the same on all nodes
   * @param maxReaders how many readers may hold it at the same time, the same on all nodes; {@link
   *     Integer#MAX_VALUE} for any number
   * @return the lock
   * @throws IllegalArgumentException as {@link #lock}, or if {@code maxReaders} is less than one or
   *     this node has it with another number
   * @throws WrongThreadException on another thread
   */
  public RedisRWLock rwLock(String name, int maxReaders) {
    if (maxReaders < 1) {
      throw new IllegalArgumentException("maxReaders must be >= 1, not " + maxReaders);
    }
    RedisRWLock lock =
        shared("rwlock", name, RedisRWLock.class, () -> new RedisRWLock(this, name, maxReaders));
    return same(lock, "maxReaders", lock.maxReaders(), maxReaders);
  }

  /**
   * Returns the semaphore of a name.
   *
   * @param name of the semaphore, the same on all nodes
   * @param permits how many permits there are, the same on all nodes; {@link RedisSemaphore#resize}
   *     changes it
   * @return the semaphore
   * @throws IllegalArgumentException as {@link #lock}, or if {@code permits} is negative or this
   *     node has it with another number
   * @throws WrongThreadException on another thread
   */
  public RedisSemaphore semaphore(String name, int permits) {
    if (permits < 0) {
      throw new IllegalArgumentException("permits must be >= 0, not " + permits);
    }
    RedisSemaphore semaphore =
        shared(
            "semaphore", name, RedisSemaphore.class, () -> new RedisSemaphore(this, name, permits));
    return same(semaphore, "permits", semaphore.declared(), permits);
  }

  /**
   * Returns the event of a name.
   *
   * @param name of the event, the same on all nodes
   * @return the event
   * @throws IllegalArgumentException as {@link #lock}
   * @throws WrongThreadException on another thread
   */
  public RedisEvent event(String name) {
    return shared("event", name, RedisEvent.class, () -> new RedisEvent(this, name));
  }

  /**
   * Returns the condition of a name.
   *
   * @param name of the condition, the same on all nodes
   * @return the condition
   * @throws IllegalArgumentException as {@link #lock}
   * @throws WrongThreadException on another thread
   */
  public RedisCondition condition(String name) {
    return shared("condition", name, RedisCondition.class, () -> new RedisCondition(this, name));
  }

  /**
   * Returns the one-time result of a name.
   *
   * @param name of the result, the same on all nodes
   * @param codec makes bytes of the value
   * @param <T> the type of the value
   * @return the result
   * @throws IllegalArgumentException as {@link #lock}
   * @throws WrongThreadException on another thread
   */
  public <T> RedisAsyncResult<T> asyncResult(String name, Codec<T> codec) {
    checkName(name);
    return new RedisAsyncResult<>(this, name, codec);
  }

  /**
   * Returns the watch of a name.
   *
   * @param name of the watch, the same on all nodes
   * @param codec makes bytes of the value
   * @param initial the value as long as none was set
   * @param <T> the type of the value
   * @return the watch
   * @throws IllegalArgumentException as {@link #lock}
   * @throws WrongThreadException on another thread
   */
  public <T> RedisWatch<T> watch(String name, Codec<T> codec, T initial) {
    checkName(name);
    return new RedisWatch<>(this, name, codec, initial);
  }

  /**
   * Returns the barrier of a name.
   *
   * @param name of the barrier, the same on all nodes
   * @param parties how many have to arrive, the same on all nodes
   * @return the barrier
   * @throws IllegalArgumentException as {@link #lock}, or if {@code parties} is less than one or
   *     this node has it with another number
   * @throws WrongThreadException on another thread
   */
  public RedisBarrier barrier(String name, int parties) {
    if (parties < 1) {
      throw new IllegalArgumentException("parties must be >= 1, not " + parties);
    }
    RedisBarrier barrier =
        shared("barrier", name, RedisBarrier.class, () -> new RedisBarrier(this, name, parties));
    return same(barrier, "parties", barrier.parties(), parties);
  }

  /**
   * Returns the rate limiter of a name, with a burst of one.
   *
   * @param name of the limiter, the same on all nodes
   * @param permits how many come in a period, the same on all nodes
   * @param period how long that is, the same on all nodes
   * @return the limiter
   * @throws IllegalArgumentException as {@link #rateLimiter(String, int, Duration, int)}
   * @throws WrongThreadException on another thread
   */
  public RedisRateLimiter rateLimiter(String name, int permits, Duration period) {
    return rateLimiter(name, permits, period, 1);
  }

  /**
   * Returns the rate limiter of a name.
   *
   * @param name of the limiter, the same on all nodes
   * @param permits how many come in a period, the same on all nodes
   * @param period how long that is, the same on all nodes
   * @param burst how many are kept while nobody takes them, the same on all nodes
   * @return the limiter
   * @throws IllegalArgumentException as {@link #lock}, or if {@code permits} or {@code burst} is
   *     less than one, {@code period} is not positive, or this node has it with others
   * @throws WrongThreadException on another thread
   */
  public RedisRateLimiter rateLimiter(String name, int permits, Duration period, int burst) {
    Supplier<RedisRateLimiter> make =
        () -> new RedisRateLimiter(this, name, permits, period, burst);
    RedisRateLimiter limiter = shared("rate", name, RedisRateLimiter.class, make);
    return same(limiter, "rate", limiter.rate(), RedisRateLimiter.rate(permits, period, burst));
  }

  /**
   * Returns the queue of a name that is never full.
   *
   * @param name of the queue, the same on all nodes
   * @param codec makes bytes of items
   * @param <T> the type of the items
   * @return the queue
   * @throws IllegalArgumentException as {@link #lock}
   * @throws WrongThreadException on another thread
   */
  public <T> RedisQueue<T> queue(String name, Codec<T> codec) {
    return queue(name, codec, 0);
  }

  /**
   * Returns the queue of a name.
   *
   * @param name of the queue, the same on all nodes
   * @param codec makes bytes of items
   * @param maxSize how many items it holds, the same on all nodes; zero: any number
   * @param <T> the type of the items
   * @return the queue
   * @throws IllegalArgumentException as {@link #lock}, or if {@code maxSize} is negative
   * @throws WrongThreadException on another thread
   */
  public <T> RedisQueue<T> queue(String name, Codec<T> codec, int maxSize) {
    return queue("queue", name, codec, maxSize, item -> "fifo");
  }

  /**
   * Returns the LIFO queue of a name that is never full.
   *
   * @param name of the queue, the same on all nodes
   * @param codec makes bytes of items
   * @param <T> the type of the items
   * @return the queue
   * @throws IllegalArgumentException as {@link #lock}
   * @throws WrongThreadException on another thread
   */
  public <T> RedisQueue<T> lifoQueue(String name, Codec<T> codec) {
    return lifoQueue(name, codec, 0);
  }

  /**
   * Returns the LIFO queue of a name.
   *
   * @param name of the queue, the same on all nodes
   * @param codec makes bytes of items
   * @param maxSize how many items it holds, the same on all nodes; zero: any number
   * @param <T> the type of the items
   * @return the queue
   * @throws IllegalArgumentException as {@link #lock}, or if {@code maxSize} is negative
   * @throws WrongThreadException on another thread
   */
  public <T> RedisQueue<T> lifoQueue(String name, Codec<T> codec, int maxSize) {
    return queue("lifo", name, codec, maxSize, item -> "lifo");
  }

  /**
   * Returns the priority queue of a name, which gives out the item first whose bytes are the
   * lowest; equal ones first in, first out. It is never full.
   *
   * @param name of the queue, the same on all nodes
   * @param codec makes bytes of items
   * @param <T> the type of the items
   * @return the queue
   * @throws IllegalArgumentException as {@link #lock}
   * @throws WrongThreadException on another thread
   */
  public <T> RedisQueue<T> priorityQueue(String name, Codec<T> codec) {
    return priorityQueue(name, codec, 0);
  }

  /**
   * Returns the priority queue of a name, which gives out the item first whose bytes are the
   * lowest; equal ones first in, first out.
   *
   * @param name of the queue, the same on all nodes
   * @param codec makes bytes of items
   * @param maxSize how many items it holds, the same on all nodes; zero: any number
   * @param <T> the type of the items
   * @return the queue
   * @throws IllegalArgumentException as {@link #lock}, or if {@code maxSize} is negative
   * @throws WrongThreadException on another thread
   */
  public <T> RedisQueue<T> priorityQueue(String name, Codec<T> codec, int maxSize) {
    return queue("priority", name, codec, maxSize, item -> "bytes");
  }

  /**
   * Returns the priority queue of a name that is never full.
   *
   * @param name of the queue, the same on all nodes
   * @param codec makes bytes of items
   * @param priority of an item, the same on all nodes: the lowest comes first, equal ones first in,
   *     first out
   * @param <T> the type of the items
   * @return the queue
   * @throws IllegalArgumentException as {@link #lock}
   * @throws WrongThreadException on another thread
   */
  public <T> RedisQueue<T> priorityQueue(
      String name, Codec<T> codec, ToDoubleFunction<? super T> priority) {
    return priorityQueue(name, codec, priority, 0);
  }

  /**
   * Returns the priority queue of a name.
   *
   * @param name of the queue, the same on all nodes
   * @param codec makes bytes of items
   * @param priority of an item, the same on all nodes: the lowest comes first, equal ones first in,
   *     first out
   * @param maxSize how many items it holds, the same on all nodes; zero: any number
   * @param <T> the type of the items
   * @return the queue
   * @throws IllegalArgumentException as {@link #lock}, or if {@code maxSize} is negative
   * @throws WrongThreadException on another thread
   */
  public <T> RedisQueue<T> priorityQueue(
      String name, Codec<T> codec, ToDoubleFunction<? super T> priority, int maxSize) {
    return queue(
        "priority", name, codec, maxSize, item -> String.valueOf(priority.applyAsDouble(item)));
  }

  private <T> RedisQueue<T> queue(
      String kind, String name, Codec<T> codec, int maxSize, Function<? super T, String> order) {
    checkName(name);
    return new RedisQueue<>(this, kind, name, codec, maxSize, order);
  }

  private static <P> P same(P primitive, String option, Object known, Object given) {
    if (!known.equals(given)) {
      throw new IllegalArgumentException(
          "this node has it with " + option + " " + known + ", not " + given + ": " + primitive);
    }
    return primitive;
  }

  /** The primitive of a kind and a name that this node has, or a new one, which registers. */
  private <P> P shared(String kind, String name, Class<P> type, Supplier<? extends P> make) {
    line.check();
    checkName(name);
    String key = Remote.key(kind, name);
    WeakReference<Remote> known = primitives.get(key);
    Remote remote = known == null ? null : known.get();
    if (remote != null) {
      return type.cast(remote.owner());
    }
    P made = make.get();
    primitives.put(key, remotes.getLast());
    return made;
  }

  /** A primitive is made. */
  void register(Remote remote) {
    if (remotes.size() >= sweepAt) {
      remotes.removeIf(each -> each.get() == null);
      primitives.values().removeIf(each -> each.get() == null);
      sweepAt = Math.max(SWEEP_AT_FIRST, 2 * remotes.size());
    }
    remotes.add(new WeakReference<>(remote));
  }

  private static void checkName(String name) {
    requireNonNull(name, "name");
    if (name.isEmpty() || name.length() > 512) {
      throw new IllegalArgumentException(
          "a name has 1 to 512 characters, not " + name.length() + ": \"" + name + "\"");
    }
    if (name.chars().anyMatch(c -> c == '{' || c == '}' || Character.isISOControl(c))) {
      throw new IllegalArgumentException(
          "a name has no braces and no control characters: \""
              + name.replaceAll("\\p{Cntrl}", "?")
              + "\"");
    }
  }

  // For the primitives.

  IOLoop loop() {
    return loop;
  }

  Options options() {
    return options;
  }

  String id() {
    return id;
  }

  byte[] idBytes() {
    return idBytes;
  }

  Server server() {
    return requireNonNull(server, "server");
  }

  long nextNumber() {
    return ++number;
  }

  /** The call with that number is open. */
  void remember(long number, Remote remote) {
    calls.put(number, remote);
  }

  void forget(long number) {
    calls.remove(number);
  }

  boolean isClosed() {
    return closed;
  }

  RuntimeException closedException() {
    return new RedisUnavailableException("the node is closed: " + this);
  }

  String address() {
    return server == null ? options.toString() : server.address();
  }

  void onLoop(Runnable action) {
    try {
      loop.execute(action);
    } catch (LoopClosedException tooLate) {
      // Whatever it was, nobody waits for it any more.
    }
  }

  /** What nobody waits for has failed. */
  void report(Object owner, RuntimeException failure) {
    LOGGER.log(System.Logger.Level.WARNING, "No sign of life of " + owner, failure);
  }

  /**
   * Closes the node: it gives back what it holds, leaves all queues, and ends its connections.
   * Waits fail with {@link RedisUnavailableException}. Closing it again does nothing.
   *
   * <p>In a coroutine this waits until the server has all that, but not longer than a second, nor
   * when the server is not there; the leases end by themselves then.
   *
   * @throws WrongThreadException on another thread
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    line.check();
    boolean waits = line.isInCoroutine() && connected;
    CompletableFuture<?> gone = shutDown();
    if (waits) {
      RemoteLine.Wait<Void> farewell = line.await(Deadline.after(FAREWELL), () -> {});
      gone.whenComplete((it, failure) -> onLoop(() -> farewell.grant(null)));
      try {
        Coroutines.await(farewell.future());
      } catch (DeadlineExceededException silence) {
        // The leases will end.
      }
    }
  }

  /** Done when the server knows it. */
  private CompletableFuture<?> shutDown() {
    Server ending = server;
    if (closed || ending == null) {
      closed = true;
      return CompletableFuture.completedFuture(null);
    }
    List<Remote> remotes = remotes();
    CompletableFuture<?> gone = leave();
    remotes.forEach(Remote::shutDown);
    return gone;
  }

  /** The last commands: the server forgets the node. */
  private CompletableFuture<?> leave() {
    if (closed) {
      return CompletableFuture.completedFuture(null);
    }
    closed = true;
    Server ending = server();
    List<CompletableFuture<?>> farewells = new ArrayList<>();
    for (Remote remote : remotes()) {
      if (remote.isKnown()) {
        farewells.add(remote.leave());
      }
    }
    CompletableFuture<?> all =
        CompletableFuture.allOf(farewells.toArray(CompletableFuture[]::new))
            .completeOnTimeout(
                null, FAREWELL.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
    all.whenComplete((it, failure) -> ending.close());
    return all;
  }

  /** For example {@code RedisNode[web-1-4711-5f3a9c01 redis://localhost:6379]}. */
  @Override
  public String toString() {
    return "RedisNode["
        + id
        + " "
        + address()
        + (closed ? " closed" : connected ? "" : " disconnected")
        + "]";
  }

  /**
   * How a node behaves. Immutable: each method that takes a value returns other options.
   *
   * {@snippet file="toro/redis/SnippetsTest.java" region="options"}
   */
  public static final class Options {
    private static final Duration DEFAULT_LEASE = Duration.ofSeconds(30);
    private static final Duration SHORTEST_LEASE = Duration.ofMillis(100);
    private static final Duration LONGEST_LEASE = Duration.ofDays(1);

    private final String uri;
    private final @Nullable String name;
    private final Duration lease;
    private final @Nullable Duration giveUp;
    private final int maxAttempts;
    private final int replicas;
    private final Duration replicaTimeout;

    private Options(
        String uri,
        @Nullable String name,
        Duration lease,
        @Nullable Duration giveUp,
        int maxAttempts,
        int replicas,
        Duration replicaTimeout) {
      this.uri = uri;
      this.name = name;
      this.lease = lease;
      this.giveUp = giveUp;
      this.maxAttempts = maxAttempts;
      this.replicas = replicas;
      this.replicaTimeout = replicaTimeout;
    }

    /**
     * Returns the default options for a server.
     *
     * @param uri where the server is, as in {@link RedisNode#connect(IOLoop, String)}
     * @return the options
     * @throws IllegalArgumentException if the URI is none of Redis
     */
    public static Options of(String uri) {
      var options =
          new Options(requireNonNull(uri, "uri"), null, DEFAULT_LEASE, null, 0, 0, Duration.ZERO);
      options.redisUri();
      return options;
    }

    RedisURI redisUri() {
      try {
        return RedisURI.create(uri);
      } catch (RuntimeException failure) {
        throw new IllegalArgumentException(
            "not a URI of Redis, such as redis://localhost:6379: " + withoutPassword(), failure);
      }
    }

    private String withoutPassword() {
      return uri.replaceFirst("//[^@/]*@", "//…@");
    }

    /**
     * Sets how long after the server last heard from a node it ends what the node holds. A node is
     * heard of at a third of that.
     *
     * @param lease from 100 ms to a day; the default is 30 s
     * @return the options with that
     * @throws IllegalArgumentException if it is shorter or longer
     */
    public Options lease(Duration lease) {
      if (lease.compareTo(SHORTEST_LEASE) < 0 || lease.compareTo(LONGEST_LEASE) > 0) {
        throw new IllegalArgumentException("a lease is from 100 ms to a day, not " + lease);
      }
      return new Options(uri, name, lease, giveUp, maxAttempts, replicas, replicaTimeout);
    }

    /**
     * Sets for how long what has no deadline of its own goes on while the server is not there; then
     * it fails with {@link RedisUnavailableException}. The default is: as long as it takes.
     *
     * @param giveUp a positive duration
     * @return the options with that
     * @throws IllegalArgumentException if it is not positive
     */
    public Options giveUp(Duration giveUp) {
      if (giveUp.isNegative() || giveUp.isZero()) {
        throw new IllegalArgumentException("giveUp must be positive, not " + giveUp);
      }
      return new Options(uri, name, lease, giveUp, maxAttempts, replicas, replicaTimeout);
    }

    /**
     * Sets how often an item of a queue is delivered before it goes to the dead letters. The
     * default is: as often as it takes.
     *
     * @param maxAttempts at least 1
     * @return the options with that
     * @throws IllegalArgumentException if it is less
     */
    public Options maxAttempts(int maxAttempts) {
      if (maxAttempts < 1) {
        throw new IllegalArgumentException("maxAttempts must be >= 1, not " + maxAttempts);
      }
      return new Options(uri, name, lease, giveUp, maxAttempts, replicas, replicaTimeout);
    }

    /**
     * Makes a grant wait until so many replicas have it. If they do not in time it is given back,
     * and the wait fails with {@link RedisUnavailableException}. The default is not to wait: after
     * a failover two holders are possible then.
     *
     * @param n how many replicas, at least 1
     * @param timeout how long to wait for them, at least a millisecond; the other commands of the
     *     node wait meanwhile
     * @return the options with that
     * @throws IllegalArgumentException if one of them is less
     */
    public Options replicas(int n, Duration timeout) {
      if (n < 1 || timeout.toMillis() < 1) {
        throw new IllegalArgumentException(
            "at least 1 replica and 1 ms, not " + n + " and " + timeout);
      }
      return new Options(uri, name, lease, giveUp, maxAttempts, n, timeout);
    }

    /**
     * Sets by what name the node is known to others, to {@code CLIENT LIST} and in snapshots; a
     * random part is appended to it. The default is the name of the host and the number of the
     * process.
     *
     * @param name of the node; what is not a letter, a digit, or one of {@code ._-} becomes {@code
     *     _}
     * @return the options with that
     * @throws IllegalArgumentException if it is empty
     */
    public Options name(String name) {
      if (name.isEmpty()) {
        throw new IllegalArgumentException("the name of a node is not empty");
      }
      return new Options(uri, name, lease, giveUp, maxAttempts, replicas, replicaTimeout);
    }

    /**
     * Returns how long after the server last heard from a node it ends what the node holds.
     *
     * @return the lease
     */
    public Duration lease() {
      return lease;
    }

    /**
     * Returns for how long what has no deadline goes on while the server is not there.
     *
     * @return how long; null: as long as it takes
     */
    public @Nullable Duration giveUp() {
      return giveUp;
    }

    /**
     * Returns how often an item of a queue is delivered before it goes to the dead letters.
     *
     * @return how often; zero: as often as it takes
     */
    public int maxAttempts() {
      return maxAttempts;
    }

    int replicas() {
      return replicas;
    }

    Duration replicaTimeout() {
      return replicaTimeout;
    }

    @Nullable String name() {
      return name;
    }

    /** For example {@code Options[redis://localhost:6379 lease=PT30S]}, without the password. */
    @Override
    public String toString() {
      return "Options["
          + withoutPassword()
          + " lease="
          + lease
          + (giveUp == null ? "" : " giveUp=" + giveUp)
          + (maxAttempts == 0 ? "" : " maxAttempts=" + maxAttempts)
          + (replicas == 0 ? "" : " replicas=" + replicas + " in " + replicaTimeout)
          + "]";
    }
  }
}

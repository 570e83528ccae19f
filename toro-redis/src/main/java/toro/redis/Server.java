package toro.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a node to its server, or to each server of a cluster: one for commands and one
 * that listens to the node's channel. Lettuce restores them; what was not answered when one broke
 * is not sent again here, but by {@link Remote}.
 *
 * <p>Any thread may call it. The listener is called on threads of Lettuce.
 */
final class Server {
  private static final System.Logger LOGGER = System.getLogger(RedisNode.class.getName());

  /** A server that refuses the password may be faster to hang up than to say why. */
  private static final int ATTEMPTS = 3;

  private final RedisURI uri;
  private final String channel;
  private final Listener listener;
  private final ClientResources resources;
  private final AtomicBoolean reconnecting = new AtomicBoolean();
  private volatile boolean closed;

  private volatile @Nullable AbstractRedisClient client;
  private volatile @Nullable StatefulConnection<byte[], byte[]> commands;
  private volatile @Nullable StatefulRedisPubSubConnection<byte[], byte[]> messages;

  private Server(RedisURI uri, String channel, Listener listener) {
    this.uri = uri;
    this.channel = channel;
    this.listener = listener;
    this.resources =
        DefaultClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .reconnectDelay(
                Delay.exponential(
                    Duration.ofMillis(5), Duration.ofMillis(500), 2, TimeUnit.MILLISECONDS))
            .build();
  }

  /** Is told what happens to the connections. */
  interface Listener {
    /** Commands can be sent again. */
    void connected();

    /** What was sent and is not answered will not be. */
    void disconnected();

    /** The channel is listened to; what was published before may be lost. */
    void subscribed();

    /** Something was published. */
    void message(byte[] message);
  }

  /** Connects; fails with what to tell the user. */
  static CompletableFuture<Server> open(RedisURI uri, String channel, Listener listener) {
    return open(uri, channel, listener, ATTEMPTS);
  }

  private static CompletableFuture<Server> open(
      RedisURI uri, String channel, Listener listener, int attempts) {
    var server = new Server(uri, channel, listener);
    return server
        .connect()
        .thenCompose(it -> server.loadScripts())
        .handle(
            (it, failure) -> {
              if (failure == null) {
                return CompletableFuture.completedFuture(server);
              }
              server.close();
              Throwable root = root(failure);
              return attempts > 1 && String.valueOf(root.getMessage()).contains("prematurely")
                  ? open(uri, channel, listener, attempts - 1)
                  : CompletableFuture.<Server>failedFuture(server.explained(root, failure));
            })
        .thenCompose(it -> it);
  }

  private CompletableFuture<@Nullable Void> connect() {
    RedisClient single = RedisClient.create(resources, uri);
    client = single;
    single.setOptions(options(ClientOptions.builder()).build());
    return single
        .connectAsync(ByteArrayCodec.INSTANCE, uri)
        .toCompletableFuture()
        .thenCompose(
            connection -> {
              commands = connection;
              return check(connection);
            })
        .thenCompose(isCluster -> isCluster ? connectCluster(single) : listen(single));
  }

  private static <B extends ClientOptions.Builder> ClientOptions.Builder options(B builder) {
    return builder
        .autoReconnect(true)
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        .replayFilter(command -> true);
  }

  private CompletableFuture<@Nullable Void> listen(RedisClient single) {
    single.addListener(new ConnectionListener());
    return single
        .connectPubSubAsync(ByteArrayCodec.INSTANCE, uri)
        .toCompletableFuture()
        .thenCompose(this::subscribe);
  }

  private CompletableFuture<@Nullable Void> connectCluster(RedisClient single) {
    RedisClusterClient cluster = RedisClusterClient.create(resources, uri);
    client = cluster;
    var topology =
        ClusterTopologyRefreshOptions.builder()
            .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1))
            .build();
    ClusterClientOptions.Builder builder = ClusterClientOptions.builder();
    options(builder);
    cluster.setOptions(builder.topologyRefreshOptions(topology).build());
    return single
        .shutdownAsync(0, 1, TimeUnit.SECONDS)
        .thenCompose(it -> cluster.refreshPartitionsAsync())
        .thenCompose(it -> cluster.connectAsync(ByteArrayCodec.INSTANCE))
        .thenCompose(
            connection -> {
              commands = connection;
              cluster.addListener(new ConnectionListener());
              return cluster.connectPubSubAsync(ByteArrayCodec.INSTANCE);
            })
        .thenCompose(this::subscribe);
  }

  private CompletableFuture<@Nullable Void> subscribe(
      StatefulRedisPubSubConnection<byte[], byte[]> connection) {
    messages = connection;
    connection.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void subscribed(byte[] name, long count) {
            listener.subscribed();
          }

          @Override
          public void message(byte[] name, byte[] message) {
            listener.message(message);
          }
        });
    return connection.async().subscribe(channel.getBytes(UTF_8)).toCompletableFuture();
  }

  /** Tells which connection came or went. */
  private final class ConnectionListener implements RedisConnectionStateListener {
    @Override
    public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
      if (!(connection instanceof StatefulRedisPubSubConnection)) {
        listener.connected();
      }
    }

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
      if (!(connection instanceof StatefulRedisPubSubConnection) && !closed) {
        listener.disconnected();
      }
    }
  }

  /** Refuses a server on which locks would be lost; is it one of a cluster? */
  private CompletionStage<Boolean> check(StatefulRedisConnection<byte[], byte[]> connection) {
    return connection
        .async()
        .info()
        .handle(
            (info, failure) -> {
              if (failure != null) {
                if (failure.getMessage() != null && failure.getMessage().startsWith("NOPERM")) {
                  LOGGER.log(
                      System.Logger.Level.WARNING,
                      "The user may not ask {0} for INFO, so neither its version nor its eviction policy is checked",
                      address());
                  return false;
                }
                throw new CompletionException(failure);
              }
              var facts = new ServerFacts(info);
              facts.check(address());
              String warning = facts.warning(address());
              if (warning != null) {
                LOGGER.log(System.Logger.Level.WARNING, warning);
              }
              return facts.isCluster();
            });
  }

  private CompletableFuture<?> loadScripts() {
    CompletableFuture<?> loaded = CompletableFuture.completedFuture(null);
    for (Script script : Script.values()) {
      CompletableFuture<?> one = async().scriptLoad(script.text).toCompletableFuture();
      loaded = loaded.thenCombine(one, (all, it) -> it);
    }
    return loaded;
  }

  /** Runs a script; {@code whole}: the server may have lost it. */
  CompletionStage<List<?>> run(Script script, boolean whole, byte[] key, byte[][] arguments) {
    try {
      byte[][] keys = {key};
      return whole
          ? async().eval(script.text, ScriptOutputType.MULTI, keys, arguments)
          : async().evalsha(script.sha, ScriptOutputType.MULTI, keys, arguments);
    } catch (RuntimeException failure) { // refused
      return CompletableFuture.failedFuture(failure);
    }
  }

  private RedisClusterAsyncCommands<byte[], byte[]> async() {
    return async(commands);
  }

  private static RedisClusterAsyncCommands<byte[], byte[]> async(
      @Nullable StatefulConnection<byte[], byte[]> connection) {
    if (connection instanceof StatefulRedisClusterConnection<byte[], byte[]> cluster) {
      return cluster.async();
    }
    if (connection instanceof StatefulRedisConnection<byte[], byte[]> single) {
      return single.async();
    }
    throw new IllegalStateException("not connected");
  }

  /** How many replicas have all that was sent before for a key; waits for so many so long. */
  CompletionStage<Long> replicated(byte[] key, int replicas, Duration timeout) {
    try {
      if (commands instanceof StatefulRedisClusterConnection<byte[], byte[]> cluster) {
        RedisClusterNode node = cluster.getPartitions().getPartitionBySlot(SlotHash.getSlot(key));
        return cluster
            .getConnectionAsync(node.getNodeId())
            .thenCompose(it -> it.async().waitForReplication(replicas, timeout.toMillis()));
      }
      return async().waitForReplication(replicas, timeout.toMillis());
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  /** Replaces the connection for commands: what was sent is not answered in time. */
  void reconnect() {
    if (!reconnecting.compareAndSet(false, true)) {
      return;
    }
    StatefulConnection<byte[], byte[]> old = commands;
    CompletionStage<? extends StatefulConnection<byte[], byte[]>> fresh =
        client instanceof RedisClusterClient cluster
            ? cluster.connectAsync(ByteArrayCodec.INSTANCE)
            : client instanceof RedisClient single
                ? single.connectAsync(ByteArrayCodec.INSTANCE, uri)
                : CompletableFuture.failedFuture(new IllegalStateException("not connected"));
    fresh.whenComplete(
        (connection, failure) -> {
          reconnecting.set(false);
          if (connection == null) {
            return; // the next command that is not answered in time tries again
          }
          commands = connection;
          if (old != null) {
            old.closeAsync();
          }
          if (closed) {
            connection.closeAsync();
          }
          listener.connected();
        });
  }

  /** Listens no more, for tests: what is published is lost. */
  CompletionStage<@Nullable Void> unsubscribe() {
    StatefulRedisPubSubConnection<byte[], byte[]> connection = messages;
    return connection == null
        ? CompletableFuture.completedFuture(null)
        : connection.async().unsubscribe(channel.getBytes(UTF_8));
  }

  /** Replaces the connection that listens: messages did not come. */
  void resubscribe() {
    StatefulRedisPubSubConnection<byte[], byte[]> old = messages;
    CompletionStage<? extends StatefulRedisPubSubConnection<byte[], byte[]>> fresh =
        client instanceof RedisClusterClient cluster
            ? cluster.connectPubSubAsync(ByteArrayCodec.INSTANCE)
            : client instanceof RedisClient single
                ? single.connectPubSubAsync(ByteArrayCodec.INSTANCE, uri)
                : CompletableFuture.failedFuture(new IllegalStateException("not connected"));
    fresh
        .thenCompose(this::subscribe)
        .whenComplete(
            (it, failure) -> {
              if (failure == null && old != null) {
                old.closeAsync();
              }
            });
  }

  /** Ends the connections and their threads, soon. */
  void close() {
    closed = true;
    AbstractRedisClient ending = client;
    CompletableFuture<?> ended =
        ending == null
            ? CompletableFuture.completedFuture(null)
            : ending.shutdownAsync(0, 2, TimeUnit.SECONDS);
    ended.whenComplete((it, failure) -> resources.shutdown(0, 2, TimeUnit.SECONDS));
  }

  /** Where it is, without a password. */
  String address() {
    if (!uri.getSentinels().isEmpty()) {
      RedisURI first = uri.getSentinels().get(0);
      return "redis-sentinel://"
          + first.getHost()
          + ":"
          + first.getPort()
          + "#"
          + uri.getSentinelMasterId();
    }
    if (uri.getSocket() != null) {
      return "redis-socket://" + uri.getSocket();
    }
    return (uri.isSsl() ? "rediss://" : "redis://") + uri.getHost() + ":" + uri.getPort();
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null
        && (root instanceof CompletionException || !(root instanceof IllegalStateException))) {
      root = root.getCause();
    }
    return root;
  }

  private RuntimeException explained(Throwable root, Throwable failure) {
    if (root instanceof IllegalStateException known) { // of ServerFacts
      return known;
    }
    String message = root.getMessage() == null ? root.toString() : root.getMessage();
    if (root instanceof RedisCommandExecutionException) {
      String advice =
          message.startsWith("WRONGPASS")
                  || message.startsWith("NOAUTH")
                  || message.contains("AUTH")
              ? ": check the user and the password of the URI"
              : "";
      return new IllegalStateException(address() + " refuses: " + message + advice, failure);
    }
    return new RedisUnavailableException(
        "cannot connect to " + address() + ": " + message, failure);
  }
}

package toro.examples.netty;

import static toro.Coroutines.sleep;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import toro.IOLoop;
import toro.netty.NettyLoop;

/**
 * A web service on Netty: {@code GET /anything} is answered with a page from upstream, or with 504
 * when that takes too long. All connections are on one event loop, and so on one loop of
 * coroutines: what they share needs no other protection.
 */
final class PageServer implements AutoCloseable {
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final IOLoop loop = NettyLoop.of(group.next());
  private final Pages pages;
  private final Channel server;
  private int connections; // used on the loop only

  /**
   * @param port where, on this machine's own address; 0: anywhere
   * @param upstream is asked for a page; cancelling its future ends the request
   * @param atOnce how many requests to upstream may be under way
   * @param deadline how long the answer to a request may take
   */
  PageServer(
      int port,
      Function<String, CompletableFuture<String>> upstream,
      int atOnce,
      Duration deadline) {
    this.pages = new Pages(loop, upstream, atOnce);
    this.server =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    connections++;
                    channel.closeFuture().addListener(closed -> connections--);
                    channel
                        .pipeline()
                        .addLast(new HttpServerCodec())
                        .addLast(new HttpObjectAggregator(1 << 16))
                        .addLast(new Connection(loop, pages, deadline));
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .syncUninterruptibly()
            .channel();
  }

  int port() {
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  IOLoop loop() {
    return loop;
  }

  /**
   * Waits until all clients are gone; called when they are, or will be soon.
   *
   * @return what is left over on the loop: null if nothing is, and so it should be
   */
  @Nullable String awaitRest(Duration timeout) {
    loop.runSync(
        () -> {
          while (connections > 0) {
            sleep(Duration.ofMillis(1));
          }
        },
        timeout);
    var leftOver = new CompletableFuture<@Nullable String>();
    loop.execute(() -> leftOver.complete(leftOver()));
    return leftOver.join();
  }

  private @Nullable String leftOver() {
    String left = pages.leftOver();
    return left != null || !loop.toString().contains("coroutines=") ? left : loop.toString();
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
  }
}

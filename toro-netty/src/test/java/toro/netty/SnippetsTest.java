package toro.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import toro.Semaphore;

/** The programs of the documents. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class SnippetsTest {

  private static CompletableFuture<String> lookUp(String name) {
    return CompletableFuture.supplyAsync(() -> "Hello, " + name + "!");
  }

  // @start region="handler"
  /** Asks somebody else for a greeting, and no more than a few at a time. */
  static final class Greeter extends SimpleChannelInboundHandler<String> {
    private final Semaphore requests;

    /**
     * @param requests of the loop of the channel
     */
    Greeter(Semaphore requests) {
      this.requests = requests;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, String name) {
      NettyLoop.of(ctx.channel())
          .spawn(
              () -> {
                try (var request = await(requests.acquire(Duration.ofSeconds(10)))) {
                  String greeting = await(lookUp(name)); // a future of anybody
                  NettyLoop.await(ctx.writeAndFlush(greeting)); // a future of Netty
                }
              });
    }
  }

  // @end

  @Test
  void handler() throws Exception {
    var group = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    try {
      var address = new LocalAddress(SnippetsTest.class);
      var requests = new Semaphore(NettyLoop.of(group.next()), 2);
      new ServerBootstrap()
          .group(group)
          .channel(LocalServerChannel.class)
          .childHandler(
              new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel channel) {
                  channel.pipeline().addLast(new Greeter(requests));
                }
              })
          .bind(address)
          .sync();
      var answer = new CompletableFuture<String>();
      Channel client =
          new Bootstrap()
              .group(group)
              .channel(LocalChannel.class)
              .handler(
                  new SimpleChannelInboundHandler<String>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, String text) {
                      answer.complete(text);
                    }
                  })
              .connect(address)
              .sync()
              .channel();
      client.writeAndFlush("Netty");
      assertThat(answer.get(1, TimeUnit.MINUTES)).isEqualTo("Hello, Netty!");
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.MINUTES).sync();
    }
  }
}

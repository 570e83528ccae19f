package toro.benchmarks.contenders;

import static java.util.Objects.requireNonNull;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import toro.IOLoop;
import toro.netty.NettyLoop;

/** On an event loop of Netty. */
public final class OnNetty implements ToroHost {
  private @Nullable EventLoop eventLoop;

  @Override
  public IOLoop newLoop() {
    var group =
        new MultiThreadIoEventLoopGroup(
            1, Thread.ofPlatform().daemon().factory(), NioIoHandler.newFactory());
    eventLoop = group.next();
    return NettyLoop.of(eventLoop);
  }

  @Override
  public int ask(int number) {
    return NettyLoop.await(requireNonNull(eventLoop).submit(() -> number));
  }

  @Override
  public void end() {
    requireNonNull(eventLoop).parent().shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}

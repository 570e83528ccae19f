package toro.examples.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static toro.Coroutines.withTimeout;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import toro.Coroutine;
import toro.DeadlineExceededException;
import toro.IOLoop;
import toro.Queue;
import toro.netty.NettyLoop;

/**
 * A connection: a coroutine that answers one request after the other, and ends when the client goes
 * away. Answers are in the order of the requests, also if the client does not wait for them.
 */
final class Connection extends SimpleChannelInboundHandler<FullHttpRequest> {
  /** So many requests wait before no more are read. */
  private static final int MAX_WAITING = 8;

  /** What matters of a request. */
  private record Request(HttpResponseStatus status, String path, boolean keepsAlive) {}

  private final Pages pages;
  private final Duration deadline;
  private final Queue<Request> requests;
  private @Nullable Coroutine<?> coroutine; // while the client is there

  /**
   * @param deadline how long the answer to a request may take
   */
  Connection(IOLoop loop, Pages pages, Duration deadline) {
    this.pages = pages;
    this.deadline = deadline;
    this.requests = new Queue<>(loop);
  }

  // @start region="handler"
  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    coroutine = NettyLoop.of(ctx.channel()).spawn(() -> serve(ctx.channel()));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    requests.putNow(new Request(statusOf(request), request.uri(), HttpUtil.isKeepAlive(request)));
    if (requests.size() == MAX_WAITING) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    requireNonNull(coroutine).cancel(true); // gives back what it holds, and leaves every line
  }

  private void serve(Channel channel) {
    try {
      for (Request request : requests) {
        if (requests.isEmpty()) {
          channel.config().setAutoRead(true);
        }
        FullHttpResponse response = answer(request);
        HttpUtil.setContentLength(response, response.content().readableBytes());
        HttpUtil.setKeepAlive(response, request.keepsAlive);
        NettyLoop.await(channel.writeAndFlush(response)); // a slow reader is waited for
        if (!request.keepsAlive) {
          channel.close();
        }
      }
    } catch (Exception e) {
      if (channel.isActive()) {
        throw e;
      } // else the client is gone, and nobody wants to know
    }
  }

  // @end

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close(); // the client has cut the connection
  }

  private static HttpResponseStatus statusOf(FullHttpRequest request) {
    return request.decoderResult().isFailure()
        ? HttpResponseStatus.BAD_REQUEST
        : request.method().equals(HttpMethod.GET)
            ? HttpResponseStatus.OK
            : HttpResponseStatus.METHOD_NOT_ALLOWED;
  }

  // @start region="answer"
  private FullHttpResponse answer(Request request) {
    if (!request.status.equals(HttpResponseStatus.OK)) {
      return response(request.status, request.status.reasonPhrase());
    }
    try {
      String page = withTimeout(deadline, () -> pages.get(request.path));
      return response(HttpResponseStatus.OK, page);
    } catch (DeadlineExceededException late) {
      return response(HttpResponseStatus.GATEWAY_TIMEOUT, "it takes too long");
    } catch (CancellationException gone) {
      throw gone;
    } catch (Exception failure) {
      return response(HttpResponseStatus.BAD_GATEWAY, failure.toString());
    }
  }

  // @end

  private static FullHttpResponse response(HttpResponseStatus status, String text) {
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(text + "\n", UTF_8));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    return response;
  }
}

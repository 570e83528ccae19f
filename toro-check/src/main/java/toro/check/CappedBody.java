package toro.check;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Receives a body up to a limit, and then hangs up: a body may have no end. A body that is not
 * wanted is read a little further, because a short one is cheaper read than a connection made anew.
 */
final class CappedBody implements BodySubscriber<byte[]> {
  /** In bytes; large pages of API documentation have 4 MiB. */
  static final int LIMIT = 16 << 20;

  static final String TOO_LARGE = "larger than " + (LIMIT >> 20) + " MiB";
  private static final int UNWANTED_LIMIT = 128 << 10;

  private final boolean wanted;
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private @Nullable Subscription subscription;
  private long received;

  private CappedBody(boolean wanted) {
    this.wanted = wanted;
  }

  static BodySubscriber<byte[]> kept() {
    return new CappedBody(true);
  }

  static BodySubscriber<byte[]> dropped() {
    return new CappedBody(false);
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Subscription newSubscription) {
    subscription = newSubscription;
    newSubscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (var buffer : buffers) {
      received += buffer.remaining();
      if (received > (wanted ? LIMIT : UNWANTED_LIMIT)) {
        hangUp();
        return;
      }
      if (wanted) {
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        kept.writeBytes(bytes);
      }
    }
  }

  private void hangUp() {
    if (wanted) {
      body.completeExceptionally(new FetchException(TOO_LARGE));
    } else {
      body.complete(new byte[0]);
    }
    if (subscription != null) {
      subscription.cancel();
    }
  }

  @Override
  public void onError(Throwable failure) {
    body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    body.complete(kept.toByteArray());
  }
}

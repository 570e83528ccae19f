package toro;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A future whose callbacks run with what is {@link Captured} where they are attached, whoever
 * completes it. {@link CompletableFuture} has no single place for that, so here is each method that
 * attaches one.
 */
abstract class CapturingFuture<T> extends CompletableFuture<T> {
  final IOLoop loop;

  CapturingFuture(IOLoop loop) {
    this.loop = loop;
  }

  /** {@inheritDoc} */
  @Override
  public <U> CompletableFuture<U> thenApply(Function<? super T, ? extends U> callback) {
    return super.thenApply(Captured.function(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public <U> CompletableFuture<U> thenApplyAsync(Function<? super T, ? extends U> callback) {
    return super.thenApplyAsync(Captured.function(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public <U> CompletableFuture<U> thenApplyAsync(
      Function<? super T, ? extends U> callback, Executor executor) {
    return super.thenApplyAsync(Captured.function(loop, callback), executor);
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<Void> thenAccept(Consumer<? super T> callback) {
    return super.thenAccept(Captured.consumer(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<Void> thenAcceptAsync(Consumer<? super T> callback) {
    return super.thenAcceptAsync(Captured.consumer(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<Void> thenAcceptAsync(Consumer<? super T> callback, Executor executor) {
    return super.thenAcceptAsync(Captured.consumer(loop, callback), executor);
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<Void> thenRun(Runnable callback) {
    return super.thenRun(Captured.runnable(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<Void> thenRunAsync(Runnable callback) {
    return super.thenRunAsync(Captured.runnable(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<Void> thenRunAsync(Runnable callback, Executor executor) {
    return super.thenRunAsync(Captured.runnable(loop, callback), executor);
  }

  /** {@inheritDoc} */
  @Override
  public <U, V> CompletableFuture<V> thenCombine(
      CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> callback) {
    return super.thenCombine(other, Captured.biFunction(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public <U, V> CompletableFuture<V> thenCombineAsync(
      CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> callback) {
    return super.thenCombineAsync(other, Captured.biFunction(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public <U, V> CompletableFuture<V> thenCombineAsync(
      CompletionStage<? extends U> other,
      BiFunction<? super T, ? super U, ? extends V> callback,
      Executor executor) {
    return super.thenCombineAsync(other, Captured.biFunction(loop, callback), executor);
  }

  /** {@inheritDoc} */
  @Override
  public <U> CompletableFuture<Void> thenAcceptBoth(
      CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> callback) {
    return super.thenAcceptBoth(other, Captured.biConsumer(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public <U> CompletableFuture<Void> thenAcceptBothAsync(
      CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> callback) {
    return super.thenAcceptBothAsync(other, Captured.biConsumer(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public <U> CompletableFuture<Void> thenAcceptBothAsync(
      CompletionStage<? extends U> other,
      BiConsumer<? super T, ? super U> callback,
      Executor executor) {
    return super.thenAcceptBothAsync(other, Captured.biConsumer(loop, callback), executor);
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<Void> runAfterBoth(CompletionStage<?> other, Runnable callback) {
    return super.runAfterBoth(other, Captured.runnable(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<Void> runAfterBothAsync(CompletionStage<?> other, Runnable callback) {
    return super.runAfterBothAsync(other, Captured.runnable(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<Void> runAfterBothAsync(
      CompletionStage<?> other, Runnable callback, Executor executor) {
    return super.runAfterBothAsync(other, Captured.runnable(loop, callback), executor);
  }

  /** {@inheritDoc} */
  @Override
  public <U> CompletableFuture<U> applyToEither(
      CompletionStage<? extends T> other, Function<? super T, U> callback) {
    return super.applyToEither(other, Captured.function(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public <U> CompletableFuture<U> applyToEitherAsync(
      CompletionStage<? extends T> other, Function<? super T, U> callback) {
    return super.applyToEitherAsync(other, Captured.function(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public <U> CompletableFuture<U> applyToEitherAsync(
      CompletionStage<? extends T> other, Function<? super T, U> callback, Executor executor) {
    return super.applyToEitherAsync(other, Captured.function(loop, callback), executor);
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<Void> acceptEither(
      CompletionStage<? extends T> other, Consumer<? super T> callback) {
    return super.acceptEither(other, Captured.consumer(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<Void> acceptEitherAsync(
      CompletionStage<? extends T> other, Consumer<? super T> callback) {
    return super.acceptEitherAsync(other, Captured.consumer(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<Void> acceptEitherAsync(
      CompletionStage<? extends T> other, Consumer<? super T> callback, Executor executor) {
    return super.acceptEitherAsync(other, Captured.consumer(loop, callback), executor);
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<Void> runAfterEither(CompletionStage<?> other, Runnable callback) {
    return super.runAfterEither(other, Captured.runnable(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<Void> runAfterEitherAsync(CompletionStage<?> other, Runnable callback) {
    return super.runAfterEitherAsync(other, Captured.runnable(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<Void> runAfterEitherAsync(
      CompletionStage<?> other, Runnable callback, Executor executor) {
    return super.runAfterEitherAsync(other, Captured.runnable(loop, callback), executor);
  }

  /** {@inheritDoc} */
  @Override
  public <U> CompletableFuture<U> thenCompose(
      Function<? super T, ? extends CompletionStage<U>> callback) {
    return super.thenCompose(Captured.function(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public <U> CompletableFuture<U> thenComposeAsync(
      Function<? super T, ? extends CompletionStage<U>> callback) {
    return super.thenComposeAsync(Captured.function(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public <U> CompletableFuture<U> thenComposeAsync(
      Function<? super T, ? extends CompletionStage<U>> callback, Executor executor) {
    return super.thenComposeAsync(Captured.function(loop, callback), executor);
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<T> whenComplete(BiConsumer<? super T, ? super Throwable> callback) {
    return super.whenComplete(Captured.biConsumer(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<T> whenCompleteAsync(BiConsumer<? super T, ? super Throwable> callback) {
    return super.whenCompleteAsync(Captured.biConsumer(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<T> whenCompleteAsync(
      BiConsumer<? super T, ? super Throwable> callback, Executor executor) {
    return super.whenCompleteAsync(Captured.biConsumer(loop, callback), executor);
  }

  /** {@inheritDoc} */
  @Override
  public <U> CompletableFuture<U> handle(BiFunction<? super T, Throwable, ? extends U> callback) {
    return super.handle(Captured.biFunction(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public <U> CompletableFuture<U> handleAsync(
      BiFunction<? super T, Throwable, ? extends U> callback) {
    return super.handleAsync(Captured.biFunction(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public <U> CompletableFuture<U> handleAsync(
      BiFunction<? super T, Throwable, ? extends U> callback, Executor executor) {
    return super.handleAsync(Captured.biFunction(loop, callback), executor);
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<T> exceptionally(Function<Throwable, ? extends T> callback) {
    return super.exceptionally(Captured.function(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<T> exceptionallyAsync(Function<Throwable, ? extends T> callback) {
    return super.exceptionallyAsync(Captured.function(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<T> exceptionallyAsync(
      Function<Throwable, ? extends T> callback, Executor executor) {
    return super.exceptionallyAsync(Captured.function(loop, callback), executor);
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<T> exceptionallyCompose(
      Function<Throwable, ? extends CompletionStage<T>> callback) {
    return super.exceptionallyCompose(Captured.function(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<T> exceptionallyComposeAsync(
      Function<Throwable, ? extends CompletionStage<T>> callback) {
    return super.exceptionallyComposeAsync(Captured.function(loop, callback));
  }

  /** {@inheritDoc} */
  @Override
  public CompletableFuture<T> exceptionallyComposeAsync(
      Function<Throwable, ? extends CompletionStage<T>> callback, Executor executor) {
    return super.exceptionallyComposeAsync(Captured.function(loop, callback), executor);
  }
}

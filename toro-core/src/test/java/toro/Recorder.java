package toro;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;

/** A subscriber that writes down its signals, and what it is to do at each item. */
class Recorder<T> implements Flow.Subscriber<T> {
  final List<Object> signals = new ArrayList<>();
  Flow.Subscription subscription;
  private int depth;
  private boolean subscribed;

  Flow.Subscription subscription() {
    return subscription;
  }

  /** Are the signals one after another, even on one stack? */
  private void signal(Object signal, Runnable reaction) {
    signals.add(depth++ == 0 && subscribed ? signal : "out of order: " + signal);
    reaction.run();
    depth--;
  }

  @Override
  public final void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscribed = true;
    signal("subscribed", this::begun);
  }

  @Override
  public final void onNext(T item) {
    signal(item, () -> given(item));
  }

  @Override
  public final void onError(Throwable failure) {
    signal(failure, () -> {});
  }

  @Override
  public final void onComplete() {
    signal("complete", () -> {});
  }

  void begun() {}

  void given(T item) {}
}

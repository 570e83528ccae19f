package toro;

/** A wait whose deadline is what it waits for. */
final class Sleep extends Waiter<Void> {

  Sleep(IOLoop loop, long nanos) {
    super(loop);
    timer = loop.timers.add(nanos, this);
  }

  @Override
  void expired(String waitedFor) {
    succeed(null);
  }
}

package toro;

/**
 * Keeps the monitors of a stack where they are while a continuation is taken off from above it.
 *
 * <p>HotSpot keeps the monitors that a thread holds in a small array of the thread, the lock stack,
 * unless they are inflated. A continuation that suspends takes the whole lock stack along: also the
 * monitors that frames below it hold. Those frames then hold a monitor that the JVM believes to be
 * elsewhere, and another thread gets in. Inflated monitors stay with the thread. A monitor is
 * inflated when the lock stack is full and it is the oldest there: so filling the lock stack once
 * inflates all that is in it.
 */
final class Monitors {
  // As many as fit into the lock stack. Invariant: nothing but inflateAll() locks them, on one
  // thread at a time.
  private final Object first = new Object();
  private final Object second = new Object();
  private final Object third = new Object();
  private final Object fourth = new Object();
  private final Object fifth = new Object();
  private final Object sixth = new Object();
  private final Object seventh = new Object();
  private final Object eighth = new Object();

  /** Inflates each monitor that the calling thread holds. It costs about as much as a switch. */
  void inflateAll() {
    synchronized (first) {
      synchronized (second) {
        synchronized (third) {
          synchronized (fourth) {
            synchronized (fifth) {
              synchronized (sixth) {
                synchronized (seventh) {
                  synchronized (eighth) {
                    // all that was in the lock stack is inflated
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}

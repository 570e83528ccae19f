package toro;

/**
 * Something that a loop runs on behalf of something else. The exception handler and the report of
 * slow callbacks are given the {@linkplain #source source}, which users know, and not the task.
 */
interface Task extends Runnable {
  /** What the task is about: a callback, a coroutine, a future, a primitive. */
  Object source();

  /** A task that runs an action on behalf of a source. */
  static Task of(Object source, Runnable action) {
    return new Task() {
      @Override
      public Object source() {
        return source;
      }

      @Override
      public void run() {
        action.run();
      }
    };
  }

  /** Returns what handlers are given for something that a loop runs. */
  static Object sourceOf(Runnable what) {
    return what instanceof Task task ? task.source() : what;
  }
}

package toro.check;

/** Thrown for a page that is there, but is not read; the message says why. */
final class UnreadableException extends FetchException {
  private static final long serialVersionUID = 1;

  UnreadableException(String reason) {
    super(reason);
  }
}

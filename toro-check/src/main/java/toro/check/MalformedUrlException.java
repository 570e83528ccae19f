package toro.check;

/** Thrown for text that is no web address; the message says why, in words for the report. */
final class MalformedUrlException extends Exception {
  private static final long serialVersionUID = 1;

  MalformedUrlException(String reason) {
    super(reason);
  }
}

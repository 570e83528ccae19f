package toro.check;

import java.io.IOException;

/** Thrown if nothing usable came back; the message says why, in words for the report. */
class FetchException extends IOException {
  private static final long serialVersionUID = 1;

  /** What else may help. */
  enum Kind {
    /** The same request may well succeed a moment later. */
    PASSING,
    /** Another method may. */
    UNANSWERED,
    /** Nothing: its host cannot be reached, or there is no need. */
    FINAL
  }

  private final Kind kind;

  FetchException(String reason) {
    this(reason, Kind.FINAL);
  }

  FetchException(String reason, Kind kind) {
    super(reason);
    this.kind = kind;
  }

  String reason() {
    return String.valueOf(getMessage());
  }

  Kind kind() {
    return kind;
  }
}

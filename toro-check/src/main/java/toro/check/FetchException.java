package toro.check;

import java.io.IOException;

/** Nothing usable came back; the message says why, in words for the report. */
final class FetchException extends IOException {
  private static final long serialVersionUID = 1;

  FetchException(String reason) {
    super(reason);
  }
}

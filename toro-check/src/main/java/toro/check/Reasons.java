package toro.check;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.internal.http2.ConnectionShutdownException;
import okhttp3.internal.http2.StreamResetException;
import toro.check.FetchException.Kind;

/** Says in a few words why a link is broken. */
final class Reasons {
  private static final Map<Integer, String> PHRASES =
      Map.ofEntries(
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(402, "Payment Required"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(406, "Not Acceptable"),
          Map.entry(407, "Proxy Authentication Required"),
          Map.entry(408, "Request Timeout"),
          Map.entry(409, "Conflict"),
          Map.entry(410, "Gone"),
          Map.entry(418, "I'm a Teapot"),
          Map.entry(421, "Misdirected Request"),
          Map.entry(429, "Too Many Requests"),
          Map.entry(451, "Unavailable For Legal Reasons"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(501, "Not Implemented"),
          Map.entry(502, "Bad Gateway"),
          Map.entry(503, "Service Unavailable"),
          Map.entry(504, "Gateway Timeout"),
          Map.entry(505, "HTTP Version Not Supported"));

  private Reasons() {}

  static String of(int status) {
    var phrase = PHRASES.get(status);
    return phrase == null ? "status " + status : status + " " + phrase;
  }

  /** Translates what the HTTP client throws. */
  static FetchException of(IOException failure) {
    return switch (failure) {
      case FetchException known -> known;
      case UnknownHostException unknown -> new FetchException("unknown host");
      case SSLException tls -> new FetchException("TLS: " + tls(tls));
      case NoRouteToHostException route -> new FetchException("cannot connect: no route to host");
      case ConnectException refused ->
          new FetchException("cannot connect: " + connection(refused), Kind.PASSING);
      case SocketTimeoutException timeout ->
          new FetchException("no answer in time", Kind.UNANSWERED);
      case ConnectionShutdownException shutdown -> closed();
      case StreamResetException reset -> closed();
      case SocketException reset -> closed();
      case EOFException end -> closed();
      case ProtocolException broken -> protocol(broken);
      default -> other(failure);
    };
  }

  private static FetchException closed() {
    return new FetchException("the server closed the connection too early", Kind.PASSING);
  }

  private static String connection(ConnectException failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    var message = String.valueOf(cause.getMessage());
    return message.contains("refused") ? "connection refused" : message;
  }

  /** The client also calls it a violation of the protocol when a body ends too early. */
  private static FetchException protocol(ProtocolException failure) {
    return String.valueOf(failure.getMessage()).contains("unexpected end")
        ? closed()
        : new FetchException("the answer is not valid HTTP", Kind.UNANSWERED);
  }

  private static FetchException other(IOException failure) {
    var message = String.valueOf(failure.getMessage());
    if (message.contains("unexpected end of stream")) {
      return closed();
    }
    return new FetchException(
        message.isBlank() || failure.getMessage() == null
            ? failure.getClass().getSimpleName()
            : message);
  }

  private static String tls(SSLException failure) {
    if (failure instanceof SSLPeerUnverifiedException) {
      return "the certificate is for another host";
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException) {
        return "the certificate has expired";
      }
      if (cause instanceof CertPathBuilderException
          || cause instanceof CertPathValidatorException) {
        return "the certificate is not trusted (see --ca-file and --insecure)";
      }
    }
    var message = failure.getMessage();
    return message == null ? "the handshake failed" : message;
  }
}

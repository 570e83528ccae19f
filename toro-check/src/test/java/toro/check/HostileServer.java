package toro.check;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * A web server on a free port that writes whatever a test wants, byte by byte; 404 for what no test
 * has spoken of.
 */
final class HostileServer implements AutoCloseable {

  /** Answers one request; the connection is closed afterwards. */
  interface Answer {
    void write(String method, OutputStream out) throws Exception;
  }

  /** A request, with the names of its headers in lower case. */
  record Request(String method, Map<String, String> headers) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /** Answers one request, having seen its headers. */
  interface RequestAnswer {
    void write(Request request, OutputStream out) throws Exception;
  }

  private final ServerSocket socket;
  private final Map<String, RequestAnswer> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  HostileServer() {
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  URI url(String path) {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort() + path);
  }

  /** All so far, such as {@code "GET /a.html"}. */
  List<String> requests() {
    return requests;
  }

  long requests(String request) {
    return requests.stream().filter(request::equals).count();
  }

  HostileServer answer(String path, Answer answer) {
    return answerTo(path, (request, out) -> answer.write(request.method(), out));
  }

  HostileServer answerTo(String path, RequestAnswer answer) {
    answers.put(path, answer);
    return this;
  }

  HostileServer page(String path, String html) {
    return file(path, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
  }

  HostileServer file(String path, String type, byte[] body) {
    return answer(
        path,
        (method, out) -> {
          head(out, "200 OK", "Content-Type: " + type, "Content-Length: " + body.length);
          if (method.equals("GET")) {
            out.write(body);
          }
        });
  }

  HostileServer status(String path, String status, String... headers) {
    return answer(path, (method, out) -> head(out, status, headers));
  }

  HostileServer redirect(String path, String location) {
    return status(path, "302 Found", "Location: " + location);
  }

  /** Says nothing at all, with the connection open. */
  HostileServer silence(String path) {
    return answer(path, (method, out) -> closed.await());
  }

  /** Begins to answer, and goes on until the client has had enough. */
  HostileServer endless(String path, String type, String chunk) {
    return answer(
        path,
        (method, out) -> {
          head(out, "200 OK", "Content-Type: " + type);
          while (closed.getCount() > 0) {
            out.write(chunk.getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  /** Sends a piece of an answer, and then nothing more. */
  HostileServer stalled(String path, String response) {
    return answer(
        path,
        (method, out) -> {
          out.write(response.getBytes(StandardCharsets.ISO_8859_1));
          out.flush();
          closed.await();
        });
  }

  HostileServer raw(String path, String response) {
    return answer(path, (method, out) -> out.write(response.getBytes(StandardCharsets.ISO_8859_1)));
  }

  static void head(OutputStream out, String status, String... headers) throws IOException {
    var head = new StringBuilder("HTTP/1.1 " + status + "\r\nConnection: close\r\n");
    for (var header : headers) {
      head.append(header).append("\r\n");
    }
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  private void accept() {
    try {
      while (true) {
        var connection = socket.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      }
    } catch (IOException end) {
      // closed
    }
  }

  private void serve(Socket connection) {
    try (connection;
        var out = connection.getOutputStream();
        var in =
            new BufferedReader(
                new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1))) {
      var request = in.readLine();
      if (request == null) {
        return;
      }
      var headers = new HashMap<String, String>();
      for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        var nameAndValue = line.split(":\\s*", 2);
        headers.put(nameAndValue[0].toLowerCase(Locale.ROOT), nameAndValue[1]);
      }
      var words = request.split(" ");
      requests.add(words[0] + " " + words[1]);
      answers
          .getOrDefault(words[1], (unknown, to) -> head(to, "404 Not Found", "Content-Length: 0"))
          .write(new Request(words[0], headers), out);
    } catch (Exception clientHungUp) {
      // its right
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      socket.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}

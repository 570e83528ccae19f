package toro.examples.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that go away when nobody expects it: in the middle of a request, while they wait for the
 * answer, or while it comes; with a good-bye or without. A program of its own, with nothing but the
 * JDK: {@code PORT CLIENTS MILLISECONDS SEED}.
 */
public final class Clients {
  private static final int PAGES = 40;
  private static final int PATIENCE_MILLIS = 30_000; // only to end a hang

  private final int port;
  private final long end;
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong late = new AtomicLong();
  private final AtomicLong cut = new AtomicLong();
  private final AtomicLong wrong = new AtomicLong();

  private Clients(int port, long end) {
    this.port = port;
    this.end = end;
  }

  /** Prints {@code answered=… late=… cut=… wrong=…}. */
  public static void main(String[] arguments) {
    int port = Integer.parseInt(arguments[0]);
    int number = Integer.parseInt(arguments[1]);
    long nanos = Long.parseLong(arguments[2]) * 1_000_000;
    long seed = Long.parseLong(arguments[3]);
    var clients = new Clients(port, System.nanoTime() + nanos);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < number; i++) {
        var random = new Random(seed + i);
        threads.submit(() -> clients.live(random));
      }
    }
    IO.println(
        "answered="
            + clients.answered
            + " late="
            + clients.late
            + " cut="
            + clients.cut
            + " wrong="
            + clients.wrong);
  }

  private void live(Random random) {
    while (System.nanoTime() - end < 0) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(PATIENCE_MILLIS);
        if (random.nextInt(4) == 0) {
          socket.setSoLinger(true, 0); // goes away without a good-bye
        }
        talk(socket, random);
      } catch (IOException e) {
        wrong.incrementAndGet();
        System.err.println(e);
      }
    }
  }

  /** Some requests, the last of which is cut off. */
  private void talk(Socket socket, Random random) throws IOException {
    var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    for (int rest = random.nextInt(8); rest > 0 && System.nanoTime() - end < 0; rest--) {
      String page = "/" + random.nextInt(PAGES);
      send(socket, request(page));
      receive(in, page);
    }
    cutOff(socket, in, random);
    cut.incrementAndGet();
  }

  private static String request(String page) {
    return "GET " + page + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  private void receive(BufferedReader in, String page) throws IOException {
    String status = in.readLine();
    int length = 0;
    for (String header; (header = in.readLine()) != null && !header.isEmpty(); ) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(header.indexOf(':') + 1).strip());
      }
    }
    var body = new char[length];
    for (int read = 0; read < length; ) {
      int more = in.read(body, read, length - read);
      if (more < 0) {
        throw new IOException("the answer was cut off");
      }
      read += more;
    }
    if ("HTTP/1.1 504 Gateway Timeout".equals(status)) {
      late.incrementAndGet();
    } else if ("HTTP/1.1 200 OK".equals(status)
        && new String(body).equals("this is " + page + "\n")) {
      answered.incrementAndGet();
    } else {
      throw new IOException("asked for " + page + " and got " + status + ": " + new String(body));
    }
  }

  private static void cutOff(Socket socket, BufferedReader in, Random random) throws IOException {
    String request = request("/" + random.nextInt(PAGES));
    switch (random.nextInt(4)) {
      case 0 -> {} // between two requests
      case 1 -> send(socket, request.substring(0, random.nextInt(request.length())));
      case 2 -> { // several at once
        send(socket, request.repeat(1 + random.nextInt(20)));
        linger(socket, in, random);
      }
      default -> {
        send(socket, request);
        linger(socket, in, random);
      }
    }
  }

  /** Waits a while for an answer, and reads no more than its beginning. */
  private static void linger(Socket socket, BufferedReader in, Random random) throws IOException {
    socket.setSoTimeout(1 + random.nextInt(30));
    try {
      in.read();
    } catch (SocketTimeoutException e) {
      // so it goes away without one
    }
  }
}

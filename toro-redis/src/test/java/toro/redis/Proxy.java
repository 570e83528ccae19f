package toro.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A network between a node and its server that can be cut. */
final class Proxy implements AutoCloseable {
  private int target;
  private final ServerSocket listener;
  private final List<Socket> sockets = new ArrayList<>();
  private boolean isCut;
  private boolean isSilent; // what the server answers goes nowhere
  private boolean isDeaf; // neither does what the node sends
  private int accepted;

  Proxy(int target) {
    this.target = target;
    try {
      this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    thread(this::accept);
  }

  String uri() {
    return "redis://127.0.0.1:" + listener.getLocalPort();
  }

  /** From now on it is another server that is there. */
  synchronized void lead(int port) {
    target = port;
    breakAll();
  }

  /** How many connections there were. */
  synchronized int accepted() {
    return accepted;
  }

  /** All connections break, and new ones too. */
  synchronized void cut() {
    isCut = true;
    breakAll();
  }

  /** All connections break; new ones work. */
  synchronized void breakAll() {
    sockets.forEach(Proxy::close);
    sockets.clear();
  }

  /** The connections stay, but what the server says is lost. */
  synchronized void silence() {
    isSilent = true;
  }

  /** The connections stay, but nothing comes through. */
  synchronized void swallow() {
    isSilent = true;
    isDeaf = true;
  }

  /** New connections work. The old ones are gone if something of them was lost. */
  synchronized void restore() {
    if (isSilent) {
      breakAll();
    }
    isCut = false;
    isSilent = false;
    isDeaf = false;
    notifyAll();
  }

  private void accept() {
    try {
      while (true) {
        Socket node = listener.accept();
        Socket server;
        synchronized (this) {
          accepted++;
          if (isCut) {
            close(node);
            continue;
          }
          server = new Socket("127.0.0.1", target);
          node.setTcpNoDelay(true);
          server.setTcpNoDelay(true);
          sockets.add(node);
          sockets.add(server);
        }
        thread(() -> pump(node, server, false));
        thread(() -> pump(server, node, true));
      }
    } catch (IOException closed) {
      // the end
    }
  }

  private void pump(Socket from, Socket to, boolean isAnswer) {
    byte[] buffer = new byte[65536];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int length; (length = in.read(buffer)) >= 0; ) {
        synchronized (this) {
          if (isAnswer ? isSilent : isDeaf) {
            continue;
          }
        }
        out.write(buffer, 0, length);
      }
    } catch (IOException cut) {
      // both go
    } finally {
      close(from);
      close(to);
    }
  }

  private static void thread(Runnable body) {
    Thread thread = new Thread(body, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      // is what was wanted
    }
  }

  @Override
  public synchronized void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    breakAll();
  }
}

package toro.check;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import com.sun.net.httpserver.SimpleFileServer.OutputLevel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.JarURLConnection;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A real site to check: the Javadoc of AssertJ, out of its jar on the class path, on a free port of
 * this machine.
 */
final class DemoSite implements AutoCloseable {
  /** A page that is in no other jar. */
  private static final String PAGE = "org/assertj/core/api/Assertions.html";

  private final FileSystem jar;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  private DemoSite(FileSystem jar) {
    this.jar = jar;
    // Otherwise the server's small packets wait for acknowledgements, 40 ms each.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    server =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            jar.getPath("/"),
            OutputLevel.NONE);
    server.setExecutor(executor);
    server.start();
  }

  static DemoSite open() throws IOException {
    return new DemoSite(FileSystems.newFileSystem(jar()));
  }

  /** Returns where the site is. */
  static Path jar() throws IOException {
    var page = DemoSite.class.getClassLoader().getResource(PAGE);
    if (page == null) {
      throw new IOException("the demonstration needs assertj-core's Javadoc jar on the class path");
    }
    var jar = ((JarURLConnection) page.openConnection()).getJarFileURL();
    return Path.of(URI.create(jar.toString()));
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  @Override
  public void close() throws IOException {
    server.stop(0);
    executor.shutdownNow();
    jar.close();
  }
}

package toro.check;

import java.io.IOException;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * Files and folders of this machine, each as the root of a host of its own: requests to these hosts
 * are answered as a web server would, and never leave the process.
 */
final class LocalFiles implements Interceptor {
  private static final String SUFFIX = ".files.invalid"; // a name that no host can have
  private static final List<String> INDEXES = List.of("index.html", "index.htm");

  /** The root of the n-th host, as the user has called it. */
  private final List<Path> roots = new ArrayList<>();

  /** Makes a file or a folder available, and returns its URL. */
  Url add(Path path) throws MalformedUrlException {
    var isFolder = Files.isDirectory(path);
    var root = isFolder ? path : path.resolveSibling("");
    if (!roots.contains(root)) {
      roots.add(root);
    }
    var url = new HttpUrl.Builder().scheme("http").host(roots.indexOf(root) + SUFFIX);
    return Url.of((isFolder ? url : url.addPathSegment(path.getFileName().toString())).build());
  }

  static boolean isLocal(Url url) {
    return url.authority().endsWith(SUFFIX);
  }

  /** Returns the path that an address stands for; another address as it is. */
  String name(String address) {
    for (int i = 0; i < roots.size(); i++) {
      var prefix = "http://" + i + SUFFIX + "/";
      if (address.startsWith(prefix)) {
        var root = roots.get(i).toString();
        var rest = address.substring(prefix.length());
        return root.isEmpty() ? rest : root.endsWith("/") ? root + rest : root + "/" + rest;
      }
    }
    return address;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    var request = chain.request();
    var host = request.url().host();
    if (!host.endsWith(SUFFIX)) {
      return chain.proceed(request);
    }
    var root = roots.get(Integer.parseInt(host.substring(0, host.length() - SUFFIX.length())));
    var path = resolve(root, request.url());
    if (path == null || !Files.exists(path)) {
      return answer(request, 404, "Not Found").build();
    }
    if (!Files.isDirectory(path)) {
      return file(request, path);
    }
    return request.url().encodedPath().endsWith("/")
        ? folder(request, path)
        : answer(request, 301, "Moved Permanently")
            .header("Location", request.url().encodedPath() + "/")
            .build();
  }

  private static @Nullable Path resolve(Path root, HttpUrl url) {
    try {
      var path = root.resolve(String.join("/", url.pathSegments())).normalize();
      return path.startsWith(root.normalize()) ? path : null;
    } catch (InvalidPathException noFile) {
      return null;
    }
  }

  private static Response folder(Request request, Path folder) throws IOException {
    for (var index : INDEXES) {
      var file = folder.resolve(index);
      if (Files.exists(file)) {
        return file(request, file);
      }
    }
    try (var entries = Files.list(folder)) {
      return html(request, entries);
    }
  }

  /** Lists the pages and folders in a folder that has no page of its own. */
  private static Response html(Request request, Stream<Path> entries) {
    var links =
        entries
            .sorted()
            .filter(entry -> Files.isDirectory(entry) || type(entry).equals("text/html"))
            .map(entry -> encode(entry) + (Files.isDirectory(entry) ? "/" : ""))
            .map(name -> "<a href=\"./" + name + "\"></a>")
            .collect(Collectors.joining("\n"));
    return answer(request, 200, "OK")
        .header("Content-Type", "text/html")
        .body(ResponseBody.create(links.getBytes(StandardCharsets.UTF_8), null))
        .build();
  }

  private static String encode(Path entry) {
    var name = entry.getFileName().toString();
    var url = new HttpUrl.Builder().scheme("http").host("x").addPathSegment(name).build();
    return url.encodedPath().substring(1);
  }

  private static Response file(Request request, Path file) throws IOException {
    var type = type(file);
    return answer(request, 200, "OK")
        .header("Content-Type", type)
        .body(
            ResponseBody.create(
                Okio.buffer(Okio.source(file)), MediaType.parse(type), Files.size(file)))
        .build();
  }

  private static String type(Path file) {
    var name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".xhtml")) {
      return "application/xhtml+xml";
    }
    if (name.endsWith(".css")) {
      return "text/css";
    }
    var type = URLConnection.guessContentTypeFromName(name);
    return type == null ? "application/octet-stream" : type;
  }

  private static Response.Builder answer(Request request, int status, String message) {
    return new Response.Builder()
        .request(request)
        .protocol(Protocol.HTTP_1_1)
        .code(status)
        .message(message)
        .body(ResponseBody.create(new byte[0], null));
  }
}

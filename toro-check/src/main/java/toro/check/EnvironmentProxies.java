package toro.check;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that {@code http_proxy}, {@code https_proxy} (or {@code all_proxy}) and {@code
 * no_proxy} name, as curl and wget read them.
 */
final class EnvironmentProxies extends ProxySelector {
  private final Map<String, String> environment;

  EnvironmentProxies(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public List<Proxy> select(URI uri) {
    var proxy = isExempt(uri.getHost()) ? null : proxy(uri.getScheme());
    return List.of(
        proxy == null
            ? Proxy.NO_PROXY
            : new Proxy(
                Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
  }

  /** Answers a proxy that wants a user and a password, with those in its address. */
  @Nullable Request authenticate(@Nullable Route route, Response response) {
    var proxy = proxy(response.request().url().scheme());
    if (proxy == null
        || proxy.username().isEmpty()
        || response.request().header("Proxy-Authorization") != null) {
      return null; // there is nothing to say, or it was of no use
    }
    return response
        .request()
        .newBuilder()
        .header("Proxy-Authorization", Credentials.basic(proxy.username(), proxy.password()))
        .build();
  }

  private @Nullable HttpUrl proxy(String scheme) {
    var address = variable(scheme + "_proxy", "all_proxy");
    if (address.isBlank()) {
      return null;
    }
    return HttpUrl.parse(address.contains("://") ? address : "http://" + address);
  }

  private boolean isExempt(@Nullable String host) {
    return host == null
        || Stream.of(variable("no_proxy").split(","))
            .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
            .filter(entry -> !entry.isEmpty())
            .map(entry -> entry.startsWith(".") ? entry.substring(1) : entry)
            .anyMatch(
                entry -> entry.equals("*") || host.equals(entry) || host.endsWith("." + entry));
  }

  private String variable(String... names) {
    return Stream.of(names)
        .flatMap(name -> Stream.of(name, name.toUpperCase(Locale.ROOT)))
        .map(name -> environment.getOrDefault(name, ""))
        .filter(value -> !value.isBlank())
        .findFirst()
        .orElse("");
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
}

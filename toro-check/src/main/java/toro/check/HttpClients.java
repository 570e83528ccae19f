package toro.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import okhttp3.java.net.cookiejar.JavaNetCookieJar;
import org.jspecify.annotations.Nullable;

/** Builds the HTTP client that the options describe. */
final class HttpClients {
  private HttpClients() {}

  static OkHttpClient create(Options options) {
    var proxies = new EnvironmentProxies(System.getenv());
    var client =
        new OkHttpClient.Builder()
            .addInterceptor(options.starts().files())
            .followRedirects(false)
            .followSslRedirects(false)
            .connectTimeout(options.timeout())
            .readTimeout(options.timeout())
            .writeTimeout(options.timeout())
            .proxySelector(proxies)
            .proxyAuthenticator(proxies::authenticate)
            .cookieJar(new JavaNetCookieJar(cookies(options)));
    try {
      if (options.isInsecure()) {
        var trust = new TrustsEverybody();
        client
            .sslSocketFactory(tls(trust).getSocketFactory(), trust)
            .hostnameVerifier((host, session) -> true);
      } else if (options.caFile() != null) {
        var trust = trustIn(options.caFile());
        client.sslSocketFactory(tls(trust).getSocketFactory(), trust);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    return client.build();
  }

  private static CookieManager cookies(Options options) {
    var cookies = new CookieManager();
    for (var start : options.starts().addresses()) {
      options
          .cookies()
          .forEach(
              (name, value) -> {
                var cookie = new HttpCookie(name, value);
                cookie.setPath("/");
                cookie.setVersion(0);
                cookies.getCookieStore().add(start.url().parsed().uri(), cookie);
              });
    }
    return cookies;
  }

  private static SSLContext tls(X509TrustManager trust) throws GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {trust}, null);
    return context;
  }

  /** Trusts in the certificates of a PEM file, and in no others. */
  private static X509TrustManager trustIn(Path file) throws GeneralSecurityException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    try (InputStream in = Files.newInputStream(file)) {
      store.load(null, null);
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + store.size(), certificate);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }

  /** Accepts each certificate, for {@code --insecure}. */
  private static final class TrustsEverybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate @Nullable [] chain, @Nullable String type) {}

    @Override
    public void checkServerTrusted(X509Certificate @Nullable [] chain, @Nullable String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

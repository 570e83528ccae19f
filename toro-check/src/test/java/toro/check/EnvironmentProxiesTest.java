package toro.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentProxiesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "http_proxy=http://p:1 | http://a.org/ | p:1",
        "http_proxy=p:1 | http://a.org/ | p:1",
        "HTTP_PROXY=http://p:1/ | http://a.org/ | p:1",
        "http_proxy=http://p:1 | https://a.org/ | -",
        "https_proxy=http://u:w@p:1 | https://a.org/ | p:1",
        "all_proxy=http://p:1 | https://a.org/ | p:1",
        "http_proxy=http://p:1;no_proxy=b.org, a.org | http://a.org/ | -",
        "http_proxy=http://p:1;no_proxy=.a.org | http://b.a.org/ | -",
        "http_proxy=http://p:1;no_proxy=a.org | http://ba.org/ | p:1",
        "http_proxy=http://p:1;no_proxy=* | http://a.org/ | -",
        "http_proxy= | http://a.org/ | -"
      })
  void theProxyOfTheEnvironmentIsTaken(String variables, URI url, String proxy) {
    var environment = new ConcurrentHashMap<String, String>();
    for (var variable : variables.split(";")) {
      var nameAndValue = variable.split("=", 2);
      environment.put(nameAndValue[0], nameAndValue[1]);
    }

    var address = new EnvironmentProxies(environment).select(url).getFirst().address();

    assertThat(address == null ? null : address.toString().replace("/<unresolved>", ""))
        .isEqualTo(proxy);
  }

  @Test
  void aProxyIsAskedAndToldWhoAsks() throws Exception {
    try (var proxy = new HostileServer()) {
      proxy.answerTo(
          "http://nowhere.invalid/x",
          (request, out) ->
              HostileServer.head(
                  out,
                  request.header("proxy-authorization").equals("Basic dTp3")
                      ? "200 OK"
                      : "407 Proxy Authentication Required",
                  "Proxy-Authenticate: Basic realm=x",
                  "Content-Length: 0"));
      var address = proxy.url("").toString().replace("//", "//u:w@");
      var proxies = new EnvironmentProxies(Map.of("http_proxy", address));
      var client =
          new OkHttpClient.Builder()
              .proxySelector(proxies)
              .proxyAuthenticator(proxies::authenticate)
              .build();

      var request = new Request.Builder().url("http://nowhere.invalid/x").build();
      try (var response = client.newCall(request).execute()) {
        assertThat(response.code()).isEqualTo(200);
      }
    }
  }
}

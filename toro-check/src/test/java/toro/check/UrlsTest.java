package toro.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.URISyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlsTest {
  private static final URI BASE = URI.create("http://example.org/a/b.html?q");

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          c.html,                   http://example.org/a/c.html
          ./c.html,                 http://example.org/a/c.html
          ../c.html,                http://example.org/c.html
          ../../../c.html,          http://example.org/c.html
          /,                        http://example.org/
          '',                       http://example.org/a/b.html?q
          ?x=1,                     http://example.org/a/b.html?x=1
          //other.org,              http://other.org/
          HTTP://Other.ORG:80/X,    http://other.org/X
          https://other.org:443/,   https://other.org/
          https://other.org:8443/,  https://other.org:8443/
          'c d.html',               http://example.org/a/c%20d.html
          '  c.html  ',             http://example.org/a/c.html
          é,                        http://example.org/a/%C3%A9
          c%20d,                    http://example.org/a/c%20d
          'c[0]|{x}',               http://example.org/a/c%5B0%5D%7Cx%7D
          http://bücher.example/,   http://xn--bcher-kva.example/
          http://[::1]:81/,         http://[::1]:81/
          """)
  void aReferenceIsResolvedAsABrowserWould(String reference, String url) throws URISyntaxException {
    assertThat(Urls.resolve(BASE, reference)).hasToString(url.replace("%7Cx", "%7C%7Bx"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://",
        "http://[x",
        "http:///x",
        "http://a b/",
        "http://x:99999/",
        "%zz",
        "http:x"
      })
  void whatCannotBeAUrlIsRefused(String reference) {
    assertThatThrownBy(() -> Urls.resolve(BASE, reference)).isInstanceOf(URISyntaxException.class);
  }

  @Test
  void theFolderEndsWithTheLastSlash() {
    assertThat(Urls.folder(BASE)).hasToString("http://example.org/a/");
  }
}

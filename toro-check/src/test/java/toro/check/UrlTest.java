package toro.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.jr.ob.JSON;

/** Addresses are read as the WHATWG URL standard says. */
class UrlTest {
  private static final String BASE = "http://example.org/a/b.html?q";

  private static String resolve(String base, String reference) throws MalformedUrlException {
    var cleaned = Address.clean(reference);
    var url = Url.parse(base).base().resolve(cleaned).url().text();
    assertThat(url).isEqualTo(Address.resolve(Url.parse(base).parsed(), cleaned).url().text());
    return url;
  }

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
          ?,                        http://example.org/a/b.html?
          //other.org,              http://other.org/
          ///other.org/x,           http://other.org/x
          HTTP://Other.ORG:80/X,    http://other.org/X
          https://other.org:443/,   https://other.org/
          https://other.org:8443/,  https://other.org:8443/
          'c d.html',               http://example.org/a/c%20d.html
          '  c.html  ',             http://example.org/a/c.html
          é,                        http://example.org/a/%C3%A9
          c%20d,                    http://example.org/a/c%20d
          http://bücher.example/,   http://xn--bcher-kva.example/
          http://[::1]:81/,         http://[::1]:81/
          back\\slash.html,         http://example.org/a/back/slash.html
          \\\\\\\\other.org\\\\x,   http://other.org/x
          100%.html,                http://example.org/a/100%.html
          %zz.html,                 http://example.org/a/%zz.html
          ?a=%u1234,                http://example.org/a/b.html?a=%u1234
          http://my_host/,          http://my_host/
          http:rel.html,            http://example.org/a/rel.html
          http:/one.html,           http://example.org/one.html
          x/%2e%2E/c.html,          http://example.org/a/c.html
          /%7Eu/%61%2f,             http://example.org/~u/a%2F
          http://127.1/,            http://127.0.0.1/
          http://0x7f.0.0.1/,       http://127.0.0.1/
          http://2130706433/,       http://127.0.0.1/
          http://0177.0.0.01./,     http://127.0.0.1/
          http://u:p@other.org/,    http://other.org/
          ./co:lon.html,            http://example.org/a/co:lon.html
          """)
  void aReferenceIsResolvedAsABrowserWould(String reference, String url) throws Exception {
    assertThat(resolve(BASE, reference.replace("\\\\", "\\"))).isEqualTo(url);
  }

  @Test
  void tabsAndLineEndsAreNotSeen() throws Exception {
    assertThat(resolve(BASE, "\u0001 ht\ntp://ot\ther.org/\r\nx ")).isEqualTo("http://other.org/x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://",
        "http://[x",
        "http://a b/",
        "http://x:99999/",
        "http://x:80:80/",
        "http://a<b/",
        "http://a|b/",
        "http://1.2.3.4.5/",
        "http://256.1.1.1/",
        "http://1.2.3.08/",
        "http://foo.0x4/",
        "http://4294967296/"
      })
  void whatCannotBeAUrlIsRefused(String reference) {
    assertThatThrownBy(() -> resolve(BASE, reference)).isInstanceOf(MalformedUrlException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "http://example.org/a/b.html?q=/, http://example.org/a/",
    "http://example.org, http://example.org/"
  })
  void theFolderEndsWithTheLastSlashOfThePath(String url, String folder) throws Exception {
    assertThat(Url.parse(url).folder()).isEqualTo(folder);
  }

  @Test
  void anAddressHasParts() throws Exception {
    var url = Url.parse("https://example.org:8443/a?b");

    assertThat(url.origin()).isEqualTo("https://example.org:8443");
    assertThat(url.authority()).isEqualTo("example.org:8443");
    assertThat(url.target()).isEqualTo("/a?b");
  }

  /**
   * The whole test file of the standard: {@code url/resources/urltestdata.json} of
   * web-platform-tests, run by hand with {@code -Durltestdata=FILE}. What applies is http and
   * https; fragments are compared with anchors and not put into requests.
   */
  @Test
  @EnabledIfSystemProperty(named = "urltestdata", matches = ".+")
  void theTestsOfTheStandardPass() throws Exception {
    var wrong = new ArrayList<String>();
    var count = 0;
    for (var item :
        JSON.std.listFrom(Files.readString(Path.of(System.getProperty("urltestdata"))))) {
      if (item instanceof Map<?, ?> test && applies(test)) {
        count++;
        var expected = (String) test.get("href");
        String actual;
        try {
          var base = (String) test.get("base");
          var input = (String) test.get("input");
          actual = base == null ? Url.parse(input).text() : resolve(base, input);
        } catch (MalformedUrlException e) {
          actual = null;
        }
        if (!String.valueOf(normal(expected)).equals(String.valueOf(actual))) {
          wrong.add(test.get("input") + " on " + test.get("base") + ": " + actual);
        }
      }
    }
    System.err.println(count + " tests of the standard apply, " + wrong.size() + " fail: " + wrong);
    assertThat(count).isGreaterThan(400);
    assertThat(wrong.size()).isLessThanOrEqualTo(count / 50);
  }

  private static boolean applies(Map<?, ?> test) {
    var base = (String) test.get("base");
    var isBase = base == null || base.matches("https?:.*");
    return isBase
        && (test.get("href") instanceof String href
            ? href.matches("(?s)https?:.*")
            : Address.hasWebScheme(Address.clean((String) test.get("input"))));
  }

  /** Without user and fragment, and with the percent-encoding that is not needed undone. */
  private static String normal(String href) {
    if (href == null) {
      return null;
    }
    var bare = href.replaceFirst("#.*", "").replaceFirst("//[^/?#]*@", "//");
    var parts = List.of(bare.split("(?=%[0-9A-Fa-f]{2})"));
    var text = new StringBuilder();
    for (var part : parts) {
      var code =
          part.matches("(?s)%[0-9A-Fa-f]{2}.*") ? Integer.parseInt(part.substring(1, 3), 16) : 0;
      text.append(
          Character.toString(code).matches("[A-Za-z0-9._~-]")
              ? (char) code + part.substring(3)
              : code > 0 ? part.substring(0, 3).toUpperCase() + part.substring(3) : part);
    }
    return text.toString();
  }
}

package toro.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {
  private static final URI URL = URI.create("http://example.org/docs/a.html");

  private static Page page(String html) throws IOException {
    var headers =
        HttpHeaders.of(Map.of("Content-Type", List.of("text/html; charset=UTF-8")), (a, b) -> true);
    return Page.parse(new Reply(URL, 200, headers, html.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<String> links(String html) throws IOException {
    return page(html).links().stream().map(Link::toString).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a href=x>",
        "<map><area href=x></map>",
        "<link rel=stylesheet href=x>",
        "<link rel=next href=x>",
        "<img src=x>",
        "<script src=x></script>",
        "<iframe src=x></iframe>",
        "<video><source src=x></video>",
        "<audio src=x></audio>",
        "<embed src=x>",
        "<object data=x></object>",
        "<input type=image src=x>"
      })
  void whatABrowserWouldFetchOrFollowIsALink(String html) throws IOException {
    assertThat(links(html)).containsExactly("http://example.org/docs/x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a name=x>",
        "<link rel=preconnect href=//x>",
        "<script>'<a href=x>'</script>",
        "<!-- <a href=x> -->",
        "<a href='mailto:x@example.org'>",
        "<a href='\n javascript:x'>"
      })
  void otherThingsAreNot(String html) throws IOException {
    var page = page(html);

    assertThat(page.links()).isEmpty();
    assertThat(page.malformed()).isEmpty();
  }

  @Test
  void aLinkThatAPageHasTwiceCountsOnce() throws IOException {
    assertThat(links("<a href=x></a><a href=./x></a><a href=x#></a><a href=x#y></a>"))
        .containsExactly("http://example.org/docs/x", "http://example.org/docs/x#y");
  }

  @Test
  void theBaseElementIsHonoured() throws IOException {
    assertThat(links("<base href=/other/><a href=x>"))
        .containsExactly("http://example.org/other/x");
  }

  @Test
  void aMalformedUrlIsKeptWithItsReason() throws IOException {
    assertThat(page("<a href='http://[x'>").malformed()).containsOnlyKeys("http://[x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "top",
        "TOP",
        "plain",
        "name",
        "a%20b",
        "a b",
        "%3Cinit%3E()",
        "é",
        "%C3%A9",
        "x+y",
        "100%",
        "/route",
        "!x",
        ":~:text=x"
      })
  void aFragmentIsFound(String fragment) throws IOException {
    var page =
        page(
            "<p id=plain><a name=name></a><p id='a b'><p id='&lt;init&gt;()'><p id=é><p id=x+y><p id=100%>");

    assertThat(page.anchors().has(fragment)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Plain", "missing", "para"})
  void aFragmentIsNotFound(String fragment) throws IOException {
    assertThat(page("<p id=plain><p name=para>").anchors().has(fragment)).isFalse();
  }
}

package toro.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {
  private static Page page(String html, String type) throws IOException, MalformedUrlException {
    return PageReader.read(reply(html, type));
  }

  private static Reply reply(String text, String type) throws MalformedUrlException {
    return new Reply(
        Url.parse("http://example.org/docs/a.html"),
        200,
        Headers.of("Content-Type", type + "; charset=UTF-8"),
        text.getBytes(StandardCharsets.UTF_8));
  }

  private static Page page(String html) throws Exception {
    return page(html, "text/html");
  }

  private static List<String> links(String html) throws Exception {
    return page(html).links().stream().map(Link::toString).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a href=x>",
        "<map><area href=x></map>",
        "<link rel=stylesheet href=x>",
        "<link rel=next href=x>",
        "<link rel=preload as=image imagesrcset='x 1x'>",
        "<img src=x>",
        "<img srcset='x'>",
        "<img longdesc=x>",
        "<picture><source srcset='x 100w'></picture>",
        "<script src=x></script>",
        "<iframe src=x></iframe>",
        "<video><source src=x></video>",
        "<video poster=x></video>",
        "<video><track src=x></video>",
        "<audio src=x></audio>",
        "<embed src=x>",
        "<object data=x></object>",
        "<input type=image src=x>",
        "<form action=x></form>",
        "<form><button formaction=x></button></form>",
        "<body background=x>",
        "<table background=x></table>",
        "<blockquote cite=x></blockquote>",
        "<svg><use href=x></use></svg>",
        "<svg><use xlink:href=x></use></svg>",
        "<svg><image xlink:href=x></image></svg>",
        "<svg><a xlink:href=x></a></svg>",
        "<p style='background: url(x)'>",
        "<style>@import 'x';</style>",
        "<style>p { background: URL( \"x\" ) }</style>",
        "<meta http-equiv=refresh content='0; url=x'>",
        "<meta http-equiv=Refresh content='5;URL=\"x\"'>",
        "<meta http-equiv=refresh content=\"0 url='x'\">",
        "<noscript><img src=x></noscript>",
        "<dialog><a href=x></a></dialog>"
      })
  void whatABrowserWouldFetchOrFollowIsALink(String html) throws Exception {
    assertThat(links(html)).containsExactly("http://example.org/docs/x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a name=x>",
        "<link rel=preconnect href=//x>",
        "<link rel='dns-prefetch preconnect' href=//x>",
        "<link rel=' PRECONNECT' href=//x>",
        "<script>'<a href=x>'</script>",
        "<!-- <a href=x> -->",
        "<textarea><a href=x></textarea>",
        "<template><a href=x></a></template>",
        "<a href='mailto:x@example.org'>",
        "<a href='\n javascript:x'>",
        "<a href='java\nscript:x'>",
        "<img src=''>",
        "<form action=x method=POST></form>",
        "<form method=post><button formaction=x></button></form>",
        "<meta http-equiv=refresh content=5>",
        "<style>/* url(x) */ p::before { content: 'url(x)' }</style>",
        "<p style='fill: url(#gradient)'>"
      })
  void otherThingsAreNot(String html) throws Exception {
    var page = page(html);

    assertThat(page.links()).isEmpty();
    assertThat(page.malformed()).isEmpty();
  }

  @Test
  void eachImageOfASourceSetIsALink() throws Exception {
    assertThat(links("<img srcset='a.png 1x, b.png, c,d.png 2x,e.png 3x , data:image/png,x 4x'>"))
        .containsExactly(
            "http://example.org/docs/a.png",
            "http://example.org/docs/b.png",
            "http://example.org/docs/c,d.png",
            "http://example.org/docs/e.png");
  }

  @Test
  void aStyleSheetHasLinks() throws Exception {
    var css =
        """
        @import "a.css"; @import url(b.css) screen;
        @font-face { src: url('c.woff2') format("woff2"), url(d\\ e.woff) }
        /* url(no) */
        """;

    assertThat(StyleSheet.read(reply(css, "text/css")).links())
        .extracting(Link::toString)
        .containsExactly(
            "http://example.org/docs/a.css",
            "http://example.org/docs/b.css",
            "http://example.org/docs/c.woff2",
            "http://example.org/docs/d%20e.woff");
  }

  @Test
  void aLinkThatAPageHasTwiceCountsOnce() throws Exception {
    assertThat(links("<a href=x></a><a href=./x></a><a href=x#></a><a href=x#y></a>"))
        .containsExactly("http://example.org/docs/x", "http://example.org/docs/x#y");
  }

  @ParameterizedTest
  @CsvSource({
    "<base href=/other/>, http://example.org/other/x",
    "<base target=_blank><base href=sub/><base href=/no/>, http://example.org/docs/sub/x",
    "<base href=''>, http://example.org/docs/x",
    "<base href='http://[bad'>, http://example.org/docs/x",
    "<base href=' /sub/#frag '>, http://example.org/sub/x"
  })
  void theBaseElementIsHonored(String base, String link) throws Exception {
    assertThat(links(base + "<a href=x>")).containsExactly(link);
  }

  @Test
  void aMalformedUrlIsKeptWithItsReason() throws Exception {
    assertThat(page("<a href='http://[x'>").malformed())
        .containsExactly(java.util.Map.entry("http://[x", "no valid host name"));
  }

  @Test
  void xhtmlIsReadAsXml() throws Exception {
    var page =
        page(
            "<html><head><script src='a.js'/></head><body><a id='x'/><a href='b'/></body></html>",
            "application/xhtml+xml");

    assertThat(page.links())
        .extracting(Link::toString)
        .containsExactly("http://example.org/docs/a.js", "http://example.org/docs/b");
    assertThat(page.anchors().has("x")).isTrue();
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
        ":~:text=x",
        "plain:~:text=x"
      })
  void aFragmentIsFound(String fragment) throws Exception {
    var page =
        page(
            "<p id=plain><a name=name></a><p id='a b'><p id='&lt;init&gt;()'><p id=é><p id=x+y><p id=100%>");

    assertThat(page.anchors().has(fragment)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Plain", "missing", "para", "missing:~:text=x", "inert"})
  void aFragmentIsNotFound(String fragment) throws Exception {
    var page = page("<p id=plain><p name=para><template><p id=inert></template>");

    assertThat(page.anchors().has(fragment)).isFalse();
  }
}

package toro.check;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.parser.Parser;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.NodeFilter.FilterResult;

/** Finds links and anchors in HTML. */
final class PageReader implements NodeFilter {

  /** The attributes that hold one address, by the name of the element. */
  private static final Map<String, List<String>> ADDRESSES =
      Map.ofEntries(
          Map.entry("a", List.of("href", "xlink:href")),
          Map.entry("area", List.of("href")),
          Map.entry("audio", List.of("src")),
          Map.entry("blockquote", List.of("cite")),
          Map.entry("body", List.of("background")),
          Map.entry("button", List.of("formaction")),
          Map.entry("del", List.of("cite")),
          Map.entry("embed", List.of("src")),
          Map.entry("feimage", List.of("href", "xlink:href")),
          Map.entry("form", List.of("action")),
          Map.entry("frame", List.of("src")),
          Map.entry("iframe", List.of("src")),
          Map.entry("image", List.of("href", "xlink:href")),
          Map.entry("img", List.of("src", "longdesc")),
          Map.entry("input", List.of("src", "formaction")),
          Map.entry("ins", List.of("cite")),
          Map.entry("link", List.of("href")),
          Map.entry("object", List.of("data")),
          Map.entry("q", List.of("cite")),
          Map.entry("script", List.of("src", "href", "xlink:href")),
          Map.entry("source", List.of("src")),
          Map.entry("table", List.of("background")),
          Map.entry("td", List.of("background")),
          Map.entry("textpath", List.of("href", "xlink:href")),
          Map.entry("track", List.of("src")),
          Map.entry("use", List.of("href", "xlink:href")),
          Map.entry("video", List.of("src", "poster")));

  /** The elements whose empty address leads to the page itself, and not to nothing. */
  private static final Set<String> EMPTY_IS_HERE = Set.of("a", "area");

  private static final Map<String, String> ADDRESS_LISTS =
      Map.of("img", "srcset", "source", "srcset", "link", "imagesrcset");

  /** Relations whose address is a host to connect to, not something to fetch. */
  private static final Set<String> HINTS = Set.of("preconnect", "dns-prefetch");

  private static final Pattern SPACE = Pattern.compile("[\\t\\n\\f\\r ]+");
  private static final Pattern CANDIDATE =
      Pattern.compile("[\\t\\n\\f\\r ,]*([^\\t\\n\\f\\r ]+)([^,(]|\\([^)]*\\))*");
  private static final Pattern REFRESH =
      Pattern.compile(
          "\\s*[\\d.]+\\s*(?:[;,]\\s*|\\s)(?:url\\s*=\\s*)?"
              + "(?:\"([^\"]*).*|'([^']*).*|([^\"'].*))",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private final Set<String> anchors = new HashSet<>();
  private final LinkCollector links;

  private PageReader(LinkCollector links) {
    this.links = links;
  }

  static Page read(Reply reply) throws IOException {
    var document = parse(reply);
    var links = new LinkCollector(base(document, reply.url()));
    var reader = new PageReader(links);
    document.filter(reader);
    return links.page(Page.Kind.HTML, Anchors.of(reader.anchors));
  }

  private static Document parse(Reply reply) throws IOException {
    var charset = reply.charset();
    return Jsoup.parse(
        new ByteArrayInputStream(reply.content()),
        charset == null ? null : charset.name(),
        "",
        reply.isXhtml() ? Parser.xmlParser() : Parser.htmlParser());
  }

  private static Base base(Document document, Url url) {
    var element = document.selectFirst("base[href]");
    if (element != null) {
      try {
        var base = url.parsed().resolve(Address.clean(element.attr("href")));
        if (base != null) {
          return new Base(base);
        }
      } catch (MalformedUrlException ignored) {
        // as browsers do
      }
    }
    return url.base();
  }

  @Override
  public FilterResult head(Node node, int depth) {
    if (node instanceof Element element) {
      if (element.nameIs("template")) {
        return FilterResult.SKIP_ENTIRELY; // no part of the page until a script takes it
      }
      read(element);
    }
    return FilterResult.CONTINUE;
  }

  private void read(Element element) {
    if (element.attributesSize() > 0) {
      readAnchors(element);
      readAddresses(element);
      if (element.hasAttr("style")) {
        StyleSheet.collect(element.attr("style"), links);
      }
    }
    if (element.nameIs("style")) {
      StyleSheet.collect(element.data(), links);
    }
  }

  private void readAnchors(Element element) {
    if (element.hasAttr("id")) {
      anchors.add(element.attr("id"));
    }
    if (element.nameIs("a") && element.hasAttr("name")) {
      anchors.add(element.attr("name"));
    }
  }

  private void readAddresses(Element element) {
    var name = element.normalName();
    if (isHint(element) || isPost(element)) {
      return;
    }
    for (var attribute : ADDRESSES.getOrDefault(name, List.of())) {
      if (element.hasAttr(attribute)) {
        var reference = element.attr(attribute);
        if (!reference.isBlank() || EMPTY_IS_HERE.contains(name)) {
          links.add(reference);
        }
      }
    }
    var list = ADDRESS_LISTS.get(name);
    if (list != null && element.hasAttr(list)) {
      readList(element.attr(list));
    }
    if (element.nameIs("meta") && element.attr("http-equiv").equalsIgnoreCase("refresh")) {
      readRefresh(element.attr("content"));
    }
  }

  private static boolean isHint(Element element) {
    return element.nameIs("link")
        && SPACE.splitAsStream(element.attr("rel")).anyMatch(rel -> HINTS.contains(lower(rel)));
  }

  /** What only takes a POST cannot be asked for whether it is there. */
  private static boolean isPost(Element element) {
    return lower(element.attr("method")).equals("post")
        || lower(element.attr("formmethod")).equals("post")
        || ((element.nameIs("button") || element.nameIs("input"))
            && element.hasAttr("formaction")
            && !lower(element.attr("formmethod")).equals("get")
            && element.closest("form[method=post i]") != null);
  }

  private static String lower(String text) {
    return text.toLowerCase(java.util.Locale.ROOT);
  }

  /** Reads a {@code srcset}: addresses with a descriptor each, between commas. */
  private void readList(String list) {
    var candidate = CANDIDATE.matcher(list);
    while (candidate.lookingAt()) {
      var address = candidate.group(1);
      var trimmed = address.replaceFirst(",+$", "");
      if (!trimmed.isEmpty()) {
        links.add(trimmed);
      }
      // An address that ends with a comma has no descriptor.
      candidate.region(trimmed.equals(address) ? candidate.end() : candidate.end(1), list.length());
    }
  }

  private void readRefresh(String content) {
    var refresh = REFRESH.matcher(content);
    if (refresh.matches()) {
      for (int i = 1; i <= 3; i++) {
        var address = Objects.requireNonNullElse(refresh.group(i), "");
        if (!address.isBlank()) {
          links.add(address);
        }
      }
    }
  }

  @Override
  public FilterResult tail(Node node, int depth) {
    return FilterResult.CONTINUE;
  }

  /** Returns the text of a style sheet or a sitemap. */
  static String text(Reply reply) throws FetchException {
    Charset charset = reply.charset();
    return new String(reply.content(), charset == null ? StandardCharsets.UTF_8 : charset);
  }
}

package toro.check;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * What the checker reads in an HTML document.
 *
 * @param links each once, in the order of the page
 * @param malformed the attributes that are no address, each with the reason
 */
record Page(URI url, Anchors anchors, List<Link> links, Map<String, String> malformed) {

  /** The attributes that hold an address, by the name of the element. */
  private static final Map<String, String> ADDRESSES =
      Map.ofEntries(
          Map.entry("a", "href"),
          Map.entry("area", "href"),
          Map.entry("link", "href"),
          Map.entry("img", "src"),
          Map.entry("script", "src"),
          Map.entry("iframe", "src"),
          Map.entry("frame", "src"),
          Map.entry("embed", "src"),
          Map.entry("source", "src"),
          Map.entry("audio", "src"),
          Map.entry("video", "src"),
          Map.entry("track", "src"),
          Map.entry("input", "src"),
          Map.entry("object", "data"));

  /** Relations whose address is a host to connect to, not something to fetch. */
  private static final Set<String> HINTS = Set.of("preconnect", "dns-prefetch");

  static Page parse(Reply reply) throws IOException {
    var document =
        Jsoup.parse(
            new ByteArrayInputStream(reply.text()), reply.charset(), reply.url().toString());
    var anchors = new HashSet<String>();
    var references = new LinkedHashSet<String>();
    for (Element element : document.getAllElements()) {
      collectAnchors(element, anchors);
      collectReferences(element, references);
    }
    return of(reply.url(), base(document, reply.url()), new Anchors(anchors), references);
  }

  private static Page of(URI url, URI base, Anchors anchors, Set<String> references) {
    var links = new LinkedHashSet<Link>();
    var malformed = new LinkedHashMap<String, String>();
    for (var reference : references) {
      var hash = reference.indexOf('#');
      var address = hash < 0 ? reference : reference.substring(0, hash);
      var fragment = hash < 0 ? "" : reference.substring(hash + 1);
      try {
        links.add(new Link(Urls.resolve(base, address), fragment));
      } catch (URISyntaxException e) {
        malformed.put(reference, e.getReason());
      }
    }
    return new Page(url, anchors, new ArrayList<>(links), malformed);
  }

  private static void collectAnchors(Element element, Set<String> anchors) {
    if (element.hasAttr("id")) {
      anchors.add(element.attr("id"));
    }
    if (element.nameIs("a") && element.hasAttr("name")) {
      anchors.add(element.attr("name"));
    }
  }

  private static void collectReferences(Element element, Set<String> references) {
    var attribute = ADDRESSES.get(element.normalName());
    if (attribute == null || !element.hasAttr(attribute)) {
      return;
    }
    var reference = element.attr(attribute).strip();
    if (Urls.hasForeignScheme(reference)
        || (element.nameIs("link") && HINTS.contains(element.attr("rel")))) {
      return;
    }
    references.add(reference);
  }

  private static URI base(Document document, URI url) {
    var element = document.selectFirst("base[href]");
    if (element == null) {
      return url;
    }
    try {
      return Urls.resolve(url, element.attr("href"));
    } catch (URISyntaxException ignored) { // as browsers do
      return url;
    }
  }
}

package toro.check;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import nu.validator.htmlparser.common.XmlViolationPolicy;
import nu.validator.htmlparser.sax.HtmlParser;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Finds the broken links of a folder of static files, with nothing of the link checker: another
 * HTML parser, {@link URI} for addresses, and the files themselves in place of a server. Slow and
 * simple; it knows static sites only.
 */
final class Oracle {
  private static final Pattern SCHEME = Pattern.compile("^[a-zA-Z][a-zA-Z0-9+.-]*:");
  private static final Set<String> ADDRESSES =
      Set.of(
          "a href",
          "area href",
          "link href",
          "img src",
          "img longdesc",
          "script src",
          "iframe src",
          "frame src",
          "embed src",
          "source src",
          "audio src",
          "video src",
          "video poster",
          "track src",
          "input src",
          "object data",
          "blockquote cite",
          "q cite",
          "del cite",
          "ins cite",
          "body background",
          "table background",
          "td background",
          "form action",
          "a xlink:href",
          "use href",
          "use xlink:href",
          "image href",
          "image xlink:href",
          "textPath xlink:href",
          "button formaction",
          "input formaction");

  private final Path root;
  private final Map<Path, Document> documents = new HashMap<>();

  Oracle(Path root) {
    this.root = root;
  }

  private record Document(Set<String> anchors, Set<String> references) {}

  /** Returns each as {@code page -> link}, decoded, from the folder's page on. */
  Set<String> broken() throws Exception {
    var broken = new TreeSet<String>();
    var todo = new ArrayDeque<>(List.of("/"));
    var known = new HashSet<>(todo);
    while (!todo.isEmpty()) {
      var page = todo.remove();
      for (var reference : read(file(page)).references()) {
        var link = resolve(page, reference);
        if (link == null) {
          continue;
        }
        if (!isThere(link)) {
          broken.add(page + " -> " + link);
        }
        var target = link.replaceFirst("#.*", "");
        if (isPage(file(target.replaceFirst("\\?.*", ""))) && known.add(target)) {
          todo.add(target);
        }
      }
    }
    return broken;
  }

  /** Returns null for what leads elsewhere. */
  private static String resolve(String page, String reference) {
    if (SCHEME.matcher(reference).find() || reference.startsWith("//")) {
      return null;
    }
    var hash = reference.indexOf('#');
    var address = hash < 0 ? reference : reference.substring(0, hash);
    var fragment = hash < 0 ? "" : reference.substring(hash + 1);
    var path = address.replace('\\', '/').replaceFirst("\\?.*", "");
    var query = address.indexOf('?') < 0 ? "" : address.substring(address.indexOf('?'));
    var base = page.replaceFirst("\\?.*", "");
    var resolved = new ArrayDeque<String>();
    var whole = path.startsWith("/") ? path : base.replaceFirst("[^/]*$", "") + path;
    for (var segment : (path.isEmpty() ? base : whole).split("/", -1)) {
      switch (decode(segment)) {
        case ".." -> {
          if (resolved.size() > 1) {
            resolved.removeLast();
          }
        }
        case "." -> {}
        default -> resolved.add(decode(segment));
      }
    }
    if (whole.endsWith("/.") || whole.endsWith("/..")) {
      resolved.add("");
    }
    if (path.isEmpty() && query.isEmpty() && page.contains("?")) {
      query = page.substring(page.indexOf('?'));
    }
    var text = String.join("/", resolved);
    return text + query + (fragment.isEmpty() ? "" : "#" + decode(fragment));
  }

  private boolean isThere(String link) throws Exception {
    var file = file(link.replaceFirst("[?#].*", ""));
    if (file == null) {
      return false;
    }
    var hash = link.indexOf('#');
    var fragment = hash < 0 ? "" : link.substring(hash + 1).replaceFirst(":~:.*", "");
    return fragment.isEmpty()
        || fragment.equalsIgnoreCase("top")
        || fragment.startsWith("/")
        || fragment.startsWith("!")
        || !isPage(file)
        || read(file).anchors().contains(fragment);
  }

  /** Returns null if a server would find nothing there. */
  private Path file(String path) {
    var file = root.resolve(path.substring(1));
    if (Files.isDirectory(file)) {
      file = file.resolve("index.html");
    } else if (path.endsWith("/")) {
      return null;
    }
    return Files.isReadable(file) ? file : null;
  }

  private static boolean isPage(Path file) {
    return file != null
        && file.toString().toLowerCase(Locale.ROOT).matches(".*\\.(html|htm|shtml)");
  }

  private Document read(Path file) throws Exception {
    var known = documents.get(file);
    if (known != null) {
      return known;
    }
    var document = parse(file);
    documents.put(file, document);
    return document;
  }

  private static Document parse(Path file) throws IOException, SAXException {
    var document = new Document(new HashSet<>(), new LinkedHashSet<>());
    var parser = new HtmlParser(XmlViolationPolicy.ALLOW);
    parser.setContentHandler(new Handler(document));
    try (var in = Files.newInputStream(file)) {
      var source = new InputSource(in);
      source.setEncoding(encoding(file));
      parser.parse(source);
    }
    return document;
  }

  /** A page says it within its first kilobyte, or it is taken for UTF-8. */
  private static String encoding(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      var head = new String(in.readNBytes(1024), StandardCharsets.ISO_8859_1);
      var charset = Pattern.compile("(?i)charset=[\"']?([\\w-]+)").matcher(head);
      return charset.find() ? charset.group(1) : "UTF-8";
    }
  }

  private static final class Handler extends DefaultHandler {
    private final Document document;
    private int templates;

    Handler(Document document) {
      this.document = document;
    }

    @Override
    public void startElement(String uri, String name, String qName, Attributes attributes) {
      if (name.equals("template")) {
        templates++;
      }
      if (templates > 0) {
        return;
      }
      var rel = String.valueOf(attributes.getValue("rel")).toLowerCase(Locale.ROOT);
      var isSkipped =
          (name.equals("link") && List.of(rel.split("\\s+")).contains("preconnect"))
              || "post".equalsIgnoreCase(attributes.getValue("method"));
      for (int i = 0; i < attributes.getLength(); i++) {
        var attribute = attributes.getQName(i);
        var value = attributes.getValue(i);
        if (attribute.equals("id") || (name.equals("a") && attribute.equals("name"))) {
          document.anchors().add(value);
        }
        if (ADDRESSES.contains(name + " " + attribute) && !isSkipped) {
          var reference = value.strip().replaceAll("[\\t\\n\\r]", "");
          if (!reference.isEmpty() || name.equals("a") || name.equals("area")) {
            document.references().add(reference);
          }
        }
      }
    }

    @Override
    public void endElement(String uri, String name, String qName) {
      if (name.equals("template")) {
        templates--;
      }
    }
  }

  /** Undoes percent-encoding, as far as it is one. */
  static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }
}

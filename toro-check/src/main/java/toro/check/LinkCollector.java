package toro.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes references as a page has them, and makes links of them. */
final class LinkCollector {
  private final Base base;
  private final Set<String> seen = new HashSet<>();
  private final Set<Link> links = new LinkedHashSet<>();
  private final Map<String, String> malformed = new LinkedHashMap<>();
  private final List<Address> authorized = new ArrayList<>();

  LinkCollector(Base base) {
    this.base = base;
  }

  /** Adds a link, unless it leads to where this program cannot go. */
  void add(String text) {
    var reference = Address.clean(text);
    if (!seen.add(reference) || Address.hasForeignScheme(reference)) {
      return;
    }
    try {
      var address = base.resolve(reference);
      links.add(new Link(address.url(), address.fragment()));
      if (address.authorization() != null) {
        authorized.add(address);
      }
    } catch (MalformedUrlException e) {
      malformed.put(text, String.valueOf(e.getMessage()));
    }
  }

  Page page(Page.Kind kind, @Nullable Anchors anchors) {
    return new Page(kind, anchors, List.copyOf(links), malformed, authorized);
  }
}

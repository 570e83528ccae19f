package toro.check;

import java.util.LinkedHashSet;
import java.util.Set;

/** What is crawled: everything beneath some folders. Other pages of their hosts are checked too. */
final class Site {
  private final Set<String> folders = new LinkedHashSet<>();
  private final Set<String> hosts = new LinkedHashSet<>();

  /** Adds the folder of {@code url}, unless it is within the site already. */
  void add(Url url) {
    if (!contains(url)) {
      folders.add(url.folder());
      hosts.add(url.authority());
    }
  }

  /** Reports whether pages there are searched for links. */
  boolean contains(Url url) {
    for (var folder : folders) {
      if (url.text().startsWith(folder)) {
        return true;
      }
    }
    return false;
  }

  /** Reports whether {@code url} is on a host of the site. */
  boolean isOnItsHost(Url url) {
    return hosts.contains(url.authority());
  }
}

package toro.check;

import crawlercommons.sitemaps.SiteMap;
import crawlercommons.sitemaps.SiteMapIndex;
import crawlercommons.sitemaps.SiteMapParser;
import crawlercommons.sitemaps.SiteMapURL;
import crawlercommons.sitemaps.UnknownFormatException;
import java.io.IOException;

/** Finds links in a sitemap, or in an index of sitemaps. */
final class Sitemap {
  private Sitemap() {}

  static Page read(Reply reply) throws IOException {
    var links = new LinkCollector(reply.url().base());
    try {
      var sitemap =
          new SiteMapParser(false).parseSiteMap(reply.content(), reply.url().parsed().url());
      if (sitemap instanceof SiteMapIndex index) {
        index.getSitemaps().forEach(each -> links.add(each.getUrl().toString()));
      } else if (sitemap instanceof SiteMap map) {
        for (SiteMapURL entry : map.getSiteMapUrls()) {
          links.add(entry.getUrl().toString());
        }
      }
    } catch (UnknownFormatException e) {
      throw new UnreadableException("neither a page nor a sitemap");
    }
    return links.page(Page.Kind.SITEMAP, null);
  }
}

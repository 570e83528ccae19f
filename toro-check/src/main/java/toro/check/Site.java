package toro.check;

import java.net.URI;

/** What is crawled: everything beneath a folder. */
record Site(String folder) {

  /** The folder of {@code start}. */
  static Site of(URI start) {
    return new Site(Urls.folder(start).toString());
  }

  boolean contains(URI url) {
    return url.toString().startsWith(folder);
  }
}

package toro.check;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import toro.Queue;

/** The URLs that are known, and those of them that are yet to be visited: each once. */
final class Frontier implements Iterable<Resource> {
  private final Map<Url, Resource> known = new HashMap<>();
  private final Queue<Resource> unvisited = new Queue<>();

  /** Returns null if it is not known yet. */
  @Nullable Resource find(Url url) {
    return known.get(url);
  }

  /** Adds a URL that is not known yet. */
  Resource add(Resource resource) {
    var before = known.put(resource.url(), resource);
    assert before == null : resource.url() + " is known";
    unvisited.putNow(resource);
    return resource;
  }

  /** Returns the URLs to visit, as they come; each is to be followed by {@link #visited()}. */
  @Override
  public Iterator<Resource> iterator() {
    return unvisited.iterator();
  }

  void visited() {
    unvisited.taskDone();
  }

  /** Completes when every known URL has been visited. */
  CompletableFuture<@Nullable Void> join() {
    return unvisited.join();
  }

  /** Ends all iterations. */
  void close() {
    unvisited.close();
  }

  /** Returns how many URLs are known. */
  int size() {
    return known.size();
  }
}

package toro;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import toro.Snapshot.CoroutineState;
import toro.Snapshot.Cycle;
import toro.Snapshot.PrimitiveState;
import toro.Snapshot.Wait;

/**
 * Finds those who wait for each other. First it sets free who may go on: a coroutine when nothing
 * that it waits for is stuck, a primitive when one of its holders is free, or somebody unknown may
 * serve it. Who is left waits for one who is left too: to follow the first of those from anywhere
 * leads into a cycle. All of it is linear in the number of waits and holders.
 */
final class Cycles {
  private static final int NONE = -1;

  private final List<CoroutineState> coroutines;
  private final List<PrimitiveState> primitives;

  // A node is a coroutine or, after those, a primitive.
  private final Map<String, Integer> nodes = new HashMap<>();
  private final int[][] targets;
  private final boolean[] free;

  Cycles(List<CoroutineState> coroutines, List<PrimitiveState> primitives) {
    this.coroutines = coroutines;
    this.primitives = primitives;
    coroutines.forEach(coroutine -> nodes.put(coroutine.id(), nodes.size()));
    primitives.forEach(primitive -> nodes.put(primitive.id(), nodes.size()));
    this.targets = new int[nodes.size()][];
    this.free = new boolean[nodes.size()];
    for (int node = 0; node < targets.length; node++) {
      targets[node] = isCoroutine(node) ? awaitedBy(node) : holdersOf(node);
    }
    setFree();
  }

  private boolean isCoroutine(int node) {
    return node < coroutines.size();
  }

  private PrimitiveState primitive(int node) {
    return primitives.get(node - coroutines.size());
  }

  private int[] awaitedBy(int node) {
    return coroutines.get(node).waits().stream()
        .mapToInt(wait -> node(wait.target()))
        .filter(target -> target != NONE)
        .toArray();
  }

  /** Nothing if one of them is unknown. */
  private int[] holdersOf(int node) {
    int[] holders =
        primitive(node).holders().stream().mapToInt(holder -> node(holder.coroutine())).toArray();
    return Arrays.stream(holders).anyMatch(holder -> holder == NONE) ? new int[0] : holders;
  }

  private int node(@Nullable String id) {
    return id == null ? NONE : nodes.getOrDefault(id, NONE);
  }

  private void setFree() {
    int[] pending = new int[targets.length]; // how many must become free before the node does
    int[] sources = new int[targets.length]; // how many wait for the node
    ArrayDeque<Integer> next = new ArrayDeque<>();
    for (int node = 0; node < targets.length; node++) {
      int count = targets[node].length;
      pending[node] = isCoroutine(node) ? count : Math.min(1, count);
      if (count == 0) {
        next.add(node);
      }
      for (int target : targets[node]) {
        sources[target]++;
      }
    }
    int[][] waiting = new int[targets.length][];
    Arrays.setAll(waiting, node -> new int[sources[node]]);
    for (int node = 0; node < targets.length; node++) {
      for (int target : targets[node]) {
        waiting[target][--sources[target]] = node;
      }
    }
    for (Integer node; (node = next.poll()) != null; ) {
      free[node] = true;
      for (int source : waiting[node]) {
        if (--pending[source] == 0) {
          next.add(source);
        }
      }
    }
  }

  List<Cycle> inOrder() {
    List<Cycle> cycles = new ArrayList<>();
    int[] visit = new int[targets.length]; // the number of the walk that came by first; 0: none
    for (int start = 0; start < coroutines.size(); start++) {
      if (!free[start] && visit[start] == 0) {
        int node = start;
        for (; visit[node] == 0; node = next(node)) {
          visit[node] = start + 1;
        }
        if (visit[node] == start + 1) {
          cycles.add(through(node));
        }
      }
    }
    return cycles;
  }

  /** The first that the node waits for and that is stuck as well. */
  private int next(int node) {
    return Arrays.stream(targets[node]).filter(target -> !free[target]).findFirst().orElseThrow();
  }

  private Cycle through(int node) {
    int first = node;
    for (int member = next(node); member != node; member = next(member)) {
      first = Math.min(first, member);
    }
    List<String> members = new ArrayList<>();
    Duration timeLeft = null;
    int member = first;
    do {
      members.add(id(member));
      if (isCoroutine(member)) {
        timeLeft = earlier(timeLeft, timeLeft(member));
      }
      member = next(member);
    } while (member != first);
    return new Cycle(members, timeLeft);
  }

  private String id(int node) {
    return isCoroutine(node) ? coroutines.get(node).id() : primitive(node).id();
  }

  private @Nullable Duration timeLeft(int coroutine) {
    String target = id(next(coroutine));
    return coroutines.get(coroutine).waits().stream()
        .filter(wait -> target.equals(wait.target()))
        .map(Wait::timeLeft)
        .filter(Objects::nonNull)
        .min(Duration::compareTo)
        .orElse(null);
  }

  private static @Nullable Duration earlier(@Nullable Duration a, @Nullable Duration b) {
    return a == null ? b : b == null || a.compareTo(b) < 0 ? a : b;
  }
}

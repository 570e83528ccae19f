package toro.check;

import java.net.URI;

/**
 * Where a page points to.
 *
 * @param target the address, without its fragment
 * @param fragment what follows the {@code #}, as the page has it; empty if nothing does
 */
record Link(URI target, String fragment) {
  @Override
  public String toString() {
    return fragment.isEmpty() ? target.toString() : target + "#" + fragment;
  }
}

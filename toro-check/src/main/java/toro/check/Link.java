package toro.check;

/**
 * Where a page points to.
 *
 * @param fragment what follows the {@code #}, as the page has it; empty if nothing does
 */
record Link(Url target, String fragment) {
  @Override
  public String toString() {
    return fragment.isEmpty() ? target.toString() : target + "#" + fragment;
  }
}

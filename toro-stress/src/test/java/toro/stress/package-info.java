/** What several threads do with one loop at the same moment, and the two who try it. */
@NullMarked
package toro.stress;

import org.jspecify.annotations.NullMarked;

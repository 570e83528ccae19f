/** What the other modules of Toro see of a loop, and nobody else. It may change at any time. */
@NullMarked
package toro.spi;

import org.jspecify.annotations.NullMarked;

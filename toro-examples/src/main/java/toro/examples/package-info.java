/** The programs of the documents, one a class, and the link checker behind {@code ./toro check}. */
@NullMarked
package toro.examples;

import org.jspecify.annotations.NullMarked;

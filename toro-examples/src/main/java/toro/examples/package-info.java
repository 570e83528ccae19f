/** The programs of the documents, one a class. */
@NullMarked
package toro.examples;

import org.jspecify.annotations.NullMarked;

/** The columns of the table: a class a contender. */
@NullMarked
package toro.benchmarks.contenders;

import org.jspecify.annotations.NullMarked;

/**
 * Toro beside what one would take instead: the same work, done by each contender as its own
 * documentation recommends, measured in one run.
 *
 * <p>A {@link toro.benchmarks.Row row} of the table is a workload, a {@link
 * toro.benchmarks.Contender contender} a column; where the two meet is a piece of {@link
 * toro.benchmarks.Work work}, or a dash.
 */
@NullMarked
package toro.benchmarks;

import org.jspecify.annotations.NullMarked;

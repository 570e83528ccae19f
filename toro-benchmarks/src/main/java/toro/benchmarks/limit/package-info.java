/**
 * The least that coroutines and their primitives can be: what the columns <i>limit</i> are made of.
 * No deadlines, cancellation or checks of threads, and futures in the second one only; a switch is
 * a bare {@code jdk.internal.vm.Continuation}.
 */
@NullMarked
package toro.benchmarks.limit;

import org.jspecify.annotations.NullMarked;

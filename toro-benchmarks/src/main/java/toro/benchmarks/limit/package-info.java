/**
 * The least that coroutines and their primitives can be: what the column <i>limit</i> is made of.
 * No futures, deadlines, cancellation or checks of threads; a switch is a bare {@code
 * jdk.internal.vm.Continuation}.
 */
@NullMarked
package toro.benchmarks.limit;

import org.jspecify.annotations.NullMarked;

/**
 * A test kit for coroutines: a loop with virtual time that says what is left at its end, {@link
 * toro.testing.TestLoop}; runs in many orders, and with an interruption at every step, {@link
 * toro.testing.Exploration}; for JUnit, {@link toro.testing.ToroTest}; for AssertJ, {@link
 * toro.testing.ToroAssertions}. The first two need neither.
 */
@NullMarked
package toro.testing;

import org.jspecify.annotations.NullMarked;

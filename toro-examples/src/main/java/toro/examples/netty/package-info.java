/**
 * A web service on Netty whose handlers are coroutines, {@link toro.examples.netty.PageServer}, and
 * {@code toro load}, which puts it under load with clients that go away in the middle.
 */
@NullMarked
package toro.examples.netty;

import org.jspecify.annotations.NullMarked;

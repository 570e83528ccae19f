/**
 * A concurrent link checker on one event loop: workers take URLs from a joinable {@link
 * toro.Queue}, and each URL's {@link toro.AsyncResult} tells all links that lead there.
 *
 * <p>{@link toro.examples.check.CheckCommand} is the command, {@link toro.examples.check.Crawler}
 * the work.
 */
@NullMarked
package toro.examples.check;

import org.jspecify.annotations.NullMarked;

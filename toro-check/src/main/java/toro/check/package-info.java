/**
 * A concurrent link checker on one event loop: workers take URLs from a joinable {@link
 * toro.Queue}, and each URL's {@link toro.AsyncResult} tells all links that lead there.
 *
 * <p>{@link toro.check.CheckCommand} is the command, {@link toro.check.Crawler} the work.
 */
@NullMarked
package toro.check;

import org.jspecify.annotations.NullMarked;

/**
 * A concurrent link checker on one event loop: workers, all in one {@link toro.TaskGroup}, take
 * URLs from a joinable {@link toro.Queue}. Requests and parsing are {@link toro.Blocking} calls,
 * {@link toro.RateLimiter}s keep the pace that hosts ask for, and the state needs no lock.
 *
 * <p>{@link toro.check.CheckCommand} is the command, {@link toro.check.Crawler} the work.
 */
@NullMarked
package toro.check;

import org.jspecify.annotations.NullMarked;

package toro.check;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What to check, and how.
 *
 * @param start where the crawl begins; it stays in that folder
 * @param concurrency how many requests may be under way at a time
 * @param timeout for one request and its whole answer
 * @param deadline for all of it; null for none
 * @param maxPages how many pages are read for links
 * @param external whether links that lead out of the folder are checked too
 * @param interval the least time between two requests to one host
 * @param robots whether robots.txt is honoured
 */
record Options(
    URI start,
    int concurrency,
    Duration timeout,
    @Nullable Duration deadline,
    int maxPages,
    boolean external,
    Duration interval,
    boolean robots) {}

/** A loop on each event-loop context of Vert.x: start at {@link toro.vertx.VertxLoop}. */
@NullMarked
package toro.vertx;

import org.jspecify.annotations.NullMarked;

/** A loop on each event loop of Netty: start at {@link toro.netty.NettyLoop}. */
@NullMarked
package toro.netty;

import org.jspecify.annotations.NullMarked;

/** A loop on each event loop of Netty: {@link toro.netty.NettyLoop}. */
module toro.netty {
  requires static org.jspecify;
  requires transitive io.netty.common;
  requires transitive io.netty.transport;
  requires transitive toro;

  exports toro.netty;
}

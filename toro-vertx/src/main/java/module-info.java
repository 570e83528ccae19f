/** A loop on each event-loop context of Vert.x: {@link toro.vertx.VertxLoop}. */
module toro.vertx {
  requires static org.jspecify;
  requires io.netty.common;
  requires io.netty.transport;
  requires transitive io.vertx.core;
  requires transitive toro;

  exports toro.vertx;
}

/**
 * The same primitives across machines, on a Redis or Valkey server: {@link toro.redis.RedisNode}.
 */
@SuppressWarnings("requires-automatic") // Lettuce has no descriptor
module toro.redis {
  requires static org.jspecify;
  requires io.netty.common;
  requires lettuce.core;
  requires transitive toro;

  exports toro.redis;
}

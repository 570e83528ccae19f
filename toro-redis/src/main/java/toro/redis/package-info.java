/**
 * The primitives of toro across machines, on a Redis or Valkey server: start at {@link
 * toro.redis.RedisNode}.
 */
@NullMarked
package toro.redis;

import org.jspecify.annotations.NullMarked;

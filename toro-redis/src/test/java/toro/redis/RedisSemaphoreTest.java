package toro.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static toro.Coroutines.await;
import static toro.redis.Nodes.*;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is true of permits beyond the rules of all that is acquired. */
class RedisSemaphoreTest {
  private final String name = name("semaphore");

  @Test
  void aRequestForManyPermitsIsNotOvertaken() {
    withNode(
        node -> {
          RedisSemaphore semaphore = node.semaphore(name, 3);
          RedisLease one = await(semaphore.acquire());
          CompletableFuture<RedisLease> three = semaphore.acquire(3);
          CompletableFuture<RedisLease> behind = semaphore.acquire();
          settled(node);
          assertThat(behind).isNotDone();
          assertThat(await(semaphore.availablePermits())).isEqualTo(2);
          three.cancel(true);
          await(behind).close();
          one.close();
          assertThat(await(semaphore.availablePermits())).isEqualTo(3);
        });
  }

  @Test
  void moreOrFewerPermitsAreThereAfterAResize() {
    withNode(
        node -> {
          RedisSemaphore semaphore = node.semaphore(name, 1);
          RedisLease held = await(semaphore.acquire());
          CompletableFuture<RedisLease> waits = semaphore.acquire();
          await(semaphore.resize(2));
          RedisLease second = await(waits);
          await(semaphore.resize(1));
          assertThat(await(semaphore.availablePermits())).isEqualTo(-1);
          held.close();
          CompletableFuture<RedisLease> third = semaphore.acquire();
          settled(node);
          assertThat(third).isNotDone();
          second.close();
          await(third).close();
        });
  }

  @Test
  void aRequestThatAResizeMakesImpossibleFails() {
    withNode(
        node -> {
          RedisSemaphore semaphore = node.semaphore(name, 3);
          RedisLease held = await(semaphore.acquire());
          CompletableFuture<RedisLease> three = semaphore.acquire(3);
          CompletableFuture<RedisLease> one = semaphore.acquire();
          await(semaphore.resize(2));
          assertThat(failure(three)).isInstanceOf(IllegalArgumentException.class);
          await(one).close();
          held.close();
        });
  }

  @Test
  void readersEnterTogetherAndAWriterAlone() {
    withNode(
        node -> {
          RedisRWLock lock = node.rwLock(name, Integer.MAX_VALUE);
          RedisLease first = await(lock.acquireRead());
          RedisLease second = await(lock.acquireRead());
          CompletableFuture<RedisLease> writer = lock.acquireWrite();
          CompletableFuture<RedisLease> third = lock.acquireRead();
          CompletableFuture<RedisLease> fourth = lock.acquireRead();
          first.close();
          settled(node);
          assertThat(writer).isNotDone();
          assertThat(third).isNotDone();
          assertThat(await(lock.isLocked())).isTrue();
          second.close();
          RedisLease writes = await(writer);
          assertThat(third).isNotDone();
          writes.close();
          RedisLease reads = await(third);
          await(fourth).close();
          reads.close();
          assertThat(await(lock.isLocked())).isFalse();
        });
  }

  @Test
  void aWriterThatTimesOutHoldsNoReaderBack() {
    withNode(
        node -> {
          RedisRWLock lock = node.rwLock(name, 5);
          RedisLease first = await(lock.acquireRead());
          CompletableFuture<RedisLease> writer = lock.acquireWrite(java.time.Duration.ofMillis(50));
          CompletableFuture<RedisLease> reader = lock.acquireRead();
          await(reader).close();
          assertThat(failure(writer)).isInstanceOf(toro.DeadlineExceededException.class);
          first.close();
        });
  }
}

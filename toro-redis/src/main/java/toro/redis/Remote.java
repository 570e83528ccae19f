package toro.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.RedisNoScriptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import toro.Deadline;
import toro.IOLoop;
import toro.Timeout;
import toro.spi.RemoteLine;

/**
 * A primitive on the server as one node knows it: the calls that are not finished, and what is
 * held. All of it happens on the loop.
 *
 * <p>A <em>call</em> is an operation of the script. It is open until it has its result, and a wait
 * is an open call: its result comes in the answer, or later as a message. After anything that may
 * have lost an answer, a message or the script, all open calls are sent again in their order; each
 * has a number by which the server knows it again, so that does nothing twice.
 *
 * <p>While there are waits or holds the node sends a <em>sign of life</em> at a third of the lease.
 * What it holds is valid until a lease after the last one that was answered was <em>sent</em>,
 * which is before the server stops to believe in it.
 */
final class Remote {
  /** How long an attempt that shall not wait may take on its way to the server and back. */
  private static final Duration ATTEMPT = Duration.ofSeconds(1);

  private static final long FIRST_DELAY = Duration.ofMillis(10).toNanos();
  private static final long LAST_DELAY = Duration.ofMillis(500).toNanos();
  private static final int FORGET_AT_ONCE = 100;

  private final RedisNode node;
  private final IOLoop loop;
  private final Object owner;
  private final Script script;
  private final String name;
  private final String keyText;
  private final byte[] key;
  private final List<RemoteLine> queues = new ArrayList<>();
  private final RemoteLine commands;
  private final long lease;
  private final long margin; // the clocks of two machines may run so much differently

  // Invariant: in the order of their numbers. A call that is here has no result yet.
  private final LinkedHashMap<Long, Call> open = new LinkedHashMap<>();
  private final LinkedHashMap<String, Hold> holds = new LinkedHashMap<>();
  private final List<Long> answered = new ArrayList<>(); // the server need not remember these

  // The clock, when the last sign of life was sent, and until when what is held is valid.
  private long signed;
  private long validUntil;
  private long tokenBefore; // a grant up to this one is not valid any more
  private @Nullable Call renewal; // the sign of life that is under way
  private long othersExpire = Long.MAX_VALUE; // when another node may have died; MAX: no other

  private long tickAt;
  private @Nullable Timeout tick; // armed while there is something open or held
  private boolean broken; // nothing is sent but a probe, from time to time
  private boolean whole; // the server may not know the script
  private long delay = FIRST_DELAY;
  private @Nullable Timeout probe;
  private @Nullable Timeout givesUp;
  private int unheard; // grants whose message did not come

  private Standing standing = Standing.UNKNOWN;

  Remote(RedisNode node, String kind, String name, Script script, Object owner) {
    this.node = node;
    this.loop = node.loop();
    this.owner = owner;
    this.script = script;
    this.name = name;
    this.keyText = key(kind, name);
    this.key = keyText.getBytes(UTF_8);
    for (int i = 0; i < script.lines.size(); i++) {
      queues.add(RemoteLine.of(loop, owner));
    }
    this.commands = RemoteLine.of(loop, owner);
    this.lease = node.options().lease().toNanos();
    this.margin = lease / 100;
    this.signed = loop.nanoTime() - lease;
    this.validUntil = signed;
    node.register(this);
  }

  Object owner() {
    return owner;
  }

  /** Refuses what is done elsewhere. */
  void check() {
    commands.check();
  }

  static String key(String kind, String name) {
    return "{toro:" + kind + ":" + name + "}";
  }

  /** What the server said last about who has what is waited for. */
  record Standing(int position, String holder, long token, long until) {
    static final Standing UNKNOWN = new Standing(0, "", 0, 0);
  }

  /** Makes of what was granted what the wait-method promises. */
  interface Granted<T extends @Nullable Object> {
    @Nullable T value(String id, byte[] payload);
  }

  // Calls.

  /** An operation of the script that has no result yet. */
  private abstract class Call {
    final long number = node.nextNumber();
    final String id = number + "@" + node.id();
    final String operation;
    final boolean isSign; // of life
    final boolean isRemembered; // by the server
    final byte[][] arguments;
    final long since = loop.nanoTime();
    int attempt;
    long sentAt;
    boolean isQueued; // the server has it, and will publish the result

    Call(String operation, boolean isSign, boolean isRemembered, Object... arguments) {
      this.operation = operation;
      this.isSign = isSign;
      this.isRemembered = isRemembered;
      this.arguments = new byte[arguments.length][];
      for (int i = 0; i < arguments.length; i++) {
        this.arguments[i] =
            arguments[i] instanceof byte[] bytes ? bytes : arguments[i].toString().getBytes(UTF_8);
      }
    }

    /** It has a result. */
    abstract void done(Reply reply);

    /** It was not possible at once. */
    void notNow() {}

    abstract void fail(RuntimeException failure);
  }

  /** An operation with a result. */
  <T extends @Nullable Object> CompletableFuture<T> command(
      String operation, boolean isRemembered, Function<Reply, T> result, Object... arguments) {
    commands.check();
    RemoteLine.Wait<T> wait = commands.await(Deadline.never(), () -> {});
    if (!wait.future().isDone()) {
      start(
          new Call(operation, false, isRemembered, arguments) {
            @Override
            void done(Reply reply) {
              try {
                wait.grant(result.apply(reply));
              } catch (RuntimeException failure) {
                wait.refuse(failure);
              }
            }

            @Override
            void fail(RuntimeException failure) {
              wait.refuse(failure);
            }
          });
    }
    return wait.future();
  }

  /** Ends what was granted to a request, without a result. */
  void finish(String id) {
    finish("", id);
  }

  private void finish(String line, String member) {
    start(
        new Call("finish", false, false, line, member) {
          @Override
          void done(Reply reply) {}

          @Override
          void fail(RuntimeException failure) {}
        });
  }

  /**
   * What a wait-method asks for.
   *
   * @param queue where it waits, by the order of the script's queues
   * @param isHeld what is granted is held, and valid only while the server hears of this node; else
   *     the server remembers the grant until this node has it
   * @param parameters what follows the id in the queue
   * @param result makes the value of what is granted
   * @param unwanted takes a value back that nobody wants any more
   * @param notNow why an attempt failed that shall not wait; null: its deadline has passed
   * @param operation of the script
   * @param arguments of the operation; a last one will say whether it may wait
   */
  record Request<T extends @Nullable Object>(
      int queue,
      boolean isHeld,
      String parameters,
      Granted<T> result,
      Consumer<T> unwanted,
      @Nullable Supplier<RuntimeException> notNow,
      String operation,
      List<Object> arguments) {}

  /** A call that waits in a queue until it is granted. */
  private final class WaitingCall<T extends @Nullable Object> extends Call {
    final Request<T> request;
    final String member;
    final RemoteLine.Wait<T> wait;

    WaitingCall(Request<T> request, Deadline deadline, Object... arguments) {
      super(request.operation, true, !request.isHeld, arguments);
      this.request = request;
      this.member = request.parameters.isEmpty() ? id : id + " " + request.parameters;
      this.wait = queues.get(request.queue).await(deadline, this::departed);
    }

    @Override
    void done(Reply reply) {
      granted(reply.payload());
    }

    /** It has its result, from an answer or a message. */
    void granted(byte[] payload) {
      if (payload.length > 0 && payload[0] == '!') {
        wait.refuse(failure(new String(payload, 1, payload.length - 1, UTF_8)));
        return;
      }
      @Nullable T value;
      try {
        value = request.result.value(id, payload);
      } catch (RuntimeException failure) {
        wait.refuse(failure);
        return;
      }
      if (node.options().replicas() == 0) {
        deliver(value);
      } else {
        replicate(this, value);
      }
    }

    void deliver(@Nullable T value) {
      if (!wait.grant(value)) {
        request.unwanted.accept(value);
      }
    }

    @Override
    void notNow() {
      if (request.notNow == null) {
        wait.expire();
      } else {
        wait.refuse(request.notNow.get());
      }
    }

    @Override
    void fail(RuntimeException failure) {
      wait.refuse(failure);
      leave();
    }

    private void departed() {
      if (open.remove(number) != null) {
        node.forget(number);
        leave();
      }
    }

    /** Whatever became of it on the server ends. */
    private void leave() {
      if (attempt > 0) {
        finish(script.lines.get(request.queue), member);
      }
    }
  }

  /** Begins a wait, or an attempt if the deadline has passed. */
  <T extends @Nullable Object> CompletableFuture<T> await(Request<T> request, Deadline deadline) {
    queues.get(request.queue).check();
    boolean isAttempt = deadline.hasPassed();
    var arguments = new ArrayList<>(request.arguments);
    arguments.add(isAttempt ? "now" : "");
    Deadline limit = isAttempt ? Deadline.after(ATTEMPT) : deadline;
    var call = new WaitingCall<>(request, limit, arguments.toArray());
    if (!call.wait.future().isDone()) {
      if (isAttempt && broken) {
        call.wait.expire();
      } else {
        start(call);
      }
    }
    return call.wait.future();
  }

  private void start(Call call) {
    if (node.isClosed()) {
      call.fail(node.closedException());
      return;
    }
    open.put(call.number, call);
    node.remember(call.number, this);
    arm();
    if (broken) {
      giveUpLater();
    } else {
      send(call, false);
    }
  }

  private void send(Call call, boolean whole) {
    int attempt = ++call.attempt;
    long sentAt = loop.nanoTime();
    call.sentAt = sentAt;
    call.isQueued = false;
    if (call.isSign) {
      signed = call.sentAt;
    }
    byte[][] all = new byte[6 + call.arguments.length][];
    all[0] = call.operation.getBytes(UTF_8);
    all[1] = node.idBytes();
    all[2] = text(call.isSign ? lease / 1_000_000 : 0);
    all[3] = text(call.number);
    all[4] = text(attempt > 1 ? 1 : 0);
    all[5] = toForget().getBytes(UTF_8);
    System.arraycopy(call.arguments, 0, all, 6, call.arguments.length);
    node.server()
        .run(script, whole, key, all)
        .whenComplete(
            (parts, failure) ->
                node.onLoop(
                    () -> {
                      if (failure != null) {
                        failed(call, attempt, failure);
                      } else {
                        answered(call, sentAt, Reply.of(parts));
                      }
                    }));
  }

  private static byte[] text(long number) {
    return Long.toString(number).getBytes(UTF_8);
  }

  private String toForget() {
    if (answered.isEmpty()) {
      return "";
    }
    List<Long> some = answered.subList(0, Math.min(FORGET_AT_ONCE, answered.size()));
    String text =
        some.stream().map(String::valueOf).collect(java.util.stream.Collectors.joining(" "));
    some.clear();
    return text;
  }

  private void answered(Call call, long sentAt, Reply reply) {
    if (call.isSign) {
      signAnswered(call, sentAt, reply.fresh());
    }
    if (call == renewal) {
      renewal = null;
      call.done(reply);
      return;
    }
    if (open.get(call.number) != call) {
      return; // it was ended meanwhile, and the server was told
    }
    switch (reply.status()) {
      case "ok" -> {
        if (call.isSign && !call.isRemembered && isDue()) {
          send(call, false); // as in published()
          return;
        }
        close(call);
        if (call.isRemembered) {
          answered.add(call.number);
        }
        call.done(reply);
      }
      case "wait" -> {
        call.isQueued = true;
        long left = reply.number(5);
        standing =
            new Standing(
                (int) reply.number(2),
                reply.text(3),
                reply.number(4),
                loop.nanoTime() + Duration.ofMillis(left).toNanos());
        if (left > 0) {
          askAfter(left);
        }
      }
      case "no" -> {
        close(call);
        call.notNow();
      }
      default -> {
        close(call);
        call.fail(failure(reply.rest()));
      }
    }
  }

  private void close(Call call) {
    open.remove(call.number);
    node.forget(call.number);
  }

  /** The server published the result of a call. */
  void published(long number, byte[] payload) {
    Call call = open.get(number);
    if (!(call instanceof WaitingCall<?> wait)) {
      return; // it was sent again, and has been answered; or it was ended, and the server told
    }
    unheard = 0;
    if (payload.length > 0 && payload[0] == '?') { // it is the first now, and its time will come
      askAfter(Long.parseLong(new String(payload, 1, payload.length - 1, UTF_8)));
      return;
    }
    if (!call.isRemembered && (isDue() || Grant.token(payload) <= tokenBefore)) {
      send(call, false); // it comes too late to be sure: the server shall say whether it is held
      return;
    }
    close(call);
    if (call.isRemembered) {
      answered.add(number);
    }
    wait.granted(payload);
  }

  /** What the script refuses: a word, and after a space what belongs to it. */
  private RuntimeException failure(String refusal) {
    return Refusals.of(refusal, owner, commands);
  }

  // Signs of life.

  /** What is held was lost if no sign of life was answered in time, by the clock of this node. */
  void loseWhatIsDue() {
    if (!holds.isEmpty() && isDue()) {
      lose(hold -> true);
    }
  }

  /** A sign of life shall be sent then: another node may have died, or something have come. */
  private void askAfter(long millis) {
    long at = loop.nanoTime() + Duration.ofMillis(millis + 1).toNanos();
    if (othersExpire == Long.MAX_VALUE || at - othersExpire < 0) {
      othersExpire = at;
      arm();
    }
  }

  private boolean isDue() {
    return loop.nanoTime() - validUntil >= 0;
  }

  private void lose(Predicate<Hold> isLost) {
    for (Hold hold : List.copyOf(holds.values())) {
      if (isLost.test(hold) && holds.remove(hold.id) != null) {
        finish(hold.id); // the server may believe in it for a moment longer
        hold.lose();
      }
    }
  }

  Hold hold(String id, long token) {
    var hold = new Hold(this, id, token);
    holds.put(id, hold);
    standing = new Standing(0, id, token, validUntil);
    arm();
    return hold;
  }

  /** It is being ended, so a sign of life asks for it no more. */
  void released(Hold hold) {
    holds.remove(hold.id);
  }

  private void signAnswered(Call call, long sentAt, long fresh) {
    loseWhatIsDue();
    if (fresh > 0) { // it had been forgotten: with what it held, and its places
      tokenBefore = fresh;
      lose(hold -> hold.token <= fresh);
      sendQueued(call);
    }
    long until = sentAt + lease - margin;
    if (until - validUntil > 0) {
      validUntil = until;
    }
  }

  private void sendQueued(@Nullable Call except) {
    for (Call call : List.copyOf(open.values())) {
      if (call.isQueued && call != except) {
        send(call, false);
      }
    }
  }

  private void renew(boolean whole) {
    var first = new String[script.lines.size()];
    Arrays.fill(first, "");
    for (Call call : open.values()) {
      if (call instanceof WaitingCall<?> wait
          && wait.isQueued
          && first[wait.request.queue].isEmpty()) {
        first[wait.request.queue] = wait.member;
      }
    }
    var arguments = new ArrayList<Object>(List.of(first));
    arguments.addAll(holds.keySet());
    renewal =
        new Call("renew", true, false, arguments.toArray()) {
          @Override
          void done(Reply reply) {
            renewed(first, reply);
          }

          @Override
          void fail(RuntimeException failure) {
            node.report(owner, failure);
          }
        };
    send(renewal, whole);
  }

  private void renewed(String[] first, Reply reply) {
    String others = reply.text(2);
    othersExpire = Long.MAX_VALUE;
    if (!others.isEmpty()) {
      askAfter(Long.parseLong(others));
    }
    boolean missed = false;
    for (int i = 3; i < reply.size(); i++) {
      String missing = reply.text(i);
      int queue = script.lines.indexOf(missing);
      Hold hold = holds.get(missing);
      if (queue >= 0) {
        missed |= isWaiting(first[queue]);
      } else if (hold != null) {
        holds.remove(missing);
        hold.lose();
      }
    }
    if (missed) { // it was granted, and the message is under way or lost
      sendQueued(null);
      if (++unheard > 2) {
        unheard = 0;
        node.server().resubscribe();
      }
    }
    if (broken) {
      mended();
    }
  }

  private boolean isWaiting(String member) {
    return open.values().stream()
        .anyMatch(
            call -> call instanceof WaitingCall<?> it && it.isQueued && it.member.equals(member));
  }

  private boolean isWaiting() {
    return open.values().stream().anyMatch(call -> call instanceof WaitingCall<?>);
  }

  /** Lets the next tick be soon enough. */
  private void arm() {
    long next = Math.min(lease / 3, untilOthersExpire());
    if (tick != null && tick.isPending()) {
      if (tickAt - (loop.nanoTime() + next) <= 0) {
        return;
      }
      tick.cancel();
    }
    tickAfter(next);
  }

  private void tickAfter(long nanos) {
    tickAt = loop.nanoTime() + nanos;
    tick = after(nanos, this::tick);
  }

  private long untilOthersExpire() {
    return othersExpire == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : Math.max(0, othersExpire - loop.nanoTime());
  }

  private Timeout after(long nanos, Runnable action) {
    return loop.callLater(Duration.ofNanos(nanos), action);
  }

  private void tick() {
    tick = null;
    loseWhatIsDue();
    if (open.isEmpty() && holds.isEmpty()) {
      return;
    }
    long now = loop.nanoTime();
    long next = lease / 3;
    boolean waits = isWaiting();
    if (!broken) {
      if (isUnanswered(now)) {
        node.server().reconnect();
        interrupted();
      } else if ((waits || !holds.isEmpty()) && renewal == null) {
        long due = signed + lease / 3 - now;
        if (due <= 0 || (waits && othersExpire - now <= 0 && othersExpire != Long.MAX_VALUE)) {
          othersExpire = Long.MAX_VALUE;
          renew(false);
        } else {
          next = due;
        }
      }
    }
    if (!holds.isEmpty()) {
      next = Math.min(next, Math.max(0, validUntil - now));
    }
    if (waits) {
      next = Math.min(next, untilOthersExpire());
    }
    if (tick != null) { // something was lost, and is ended
      tick.cancel();
    }
    tickAfter(Math.max(1, next));
  }

  /** Has something been on its way for a third of the lease? */
  private boolean isUnanswered(long now) {
    long limit = now - lease / 3;
    if (renewal != null && renewal.sentAt - limit < 0) {
      return true;
    }
    for (Call call : open.values()) {
      if (call.attempt > 0 && !call.isQueued) {
        return call.sentAt - limit < 0;
      }
    }
    return false;
  }

  // Interruptions.

  /** What was sent may never be answered. */
  void interrupted() {
    renewal = null;
    if (!broken) {
      broken = true;
      delay = FIRST_DELAY;
      giveUpLater();
    }
    probeLater();
  }

  private void probeLater() {
    if (probe == null || !probe.isPending()) {
      probe = after(delay, this::probe);
      delay = Math.min(2 * delay, LAST_DELAY);
    }
  }

  /** The server may be there again. */
  void resume() {
    if (broken && renewal == null) {
      probe();
    }
  }

  /** A message may have been lost. */
  void refresh() {
    if (!broken) {
      sendQueued(null);
    }
  }

  private void probe() {
    if (probe != null) {
      probe.cancel();
      probe = null;
    }
    if (!broken || node.isClosed()) {
      return;
    }
    if (renewal != null && loop.nanoTime() - renewal.sentAt < lease / 3) {
      probeLater();
      return;
    }
    if (renewal != null) {
      node.server().reconnect();
    }
    if (open.isEmpty() && holds.isEmpty()) {
      broken = false;
      return;
    }
    renew(whole);
    arm();
    probeLater(); // if it is not answered either
  }

  /** A probe was answered: all that is open is sent once more, in its order. */
  private void mended() {
    broken = false;
    whole = false;
    delay = FIRST_DELAY;
    if (probe != null) {
      probe.cancel();
      probe = null;
    }
    if (givesUp != null) {
      givesUp.cancel();
      givesUp = null;
    }
    for (Call call : List.copyOf(open.values())) {
      if (!broken && open.get(call.number) == call) {
        send(call, false);
      }
    }
  }

  private void failed(Call call, int attempt, Throwable failure) {
    if (call != renewal && (broken || call.attempt != attempt || open.get(call.number) != call)) {
      return; // it will be, or was, sent again; or it was ended
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof RedisNoScriptException) {
      whole = true;
      interrupted();
      if (renewal == null) {
        probe();
      }
    } else if (cause instanceof RedisCommandExecutionException && !isTransient(cause)) {
      RuntimeException refusal = Refusals.of(cause, keyText, owner);
      if (call == renewal) {
        renewal = null;
        if (broken) {
          failAll(refusal);
        }
        node.report(owner, refusal);
      } else {
        close(call);
        call.fail(refusal);
      }
    } else {
      if (isReadOnly(cause)) {
        node.server().reconnect(); // the master is another one now
      }
      interrupted();
    }
  }

  /** In the answer of a script the word is not the first. */
  private static boolean isReadOnly(Throwable failure) {
    return String.valueOf(failure.getMessage()).contains("READONLY");
  }

  private static boolean isTransient(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return failure instanceof RedisLoadingException
        || isReadOnly(failure)
        || message.startsWith("CLUSTERDOWN")
        || message.startsWith("TRYAGAIN")
        || message.startsWith("MASTERDOWN")
        || message.startsWith("BUSY");
  }

  private void giveUpLater() {
    Duration limit = node.options().giveUp();
    if (limit != null && !open.isEmpty() && (givesUp == null || !givesUp.isPending())) {
      givesUp = loop.callLater(limit, () -> giveUp(limit));
    }
  }

  private void giveUp(Duration limit) {
    if (!broken) {
      return;
    }
    long now = loop.nanoTime();
    long nanos = limit.toNanos();
    long next = Long.MAX_VALUE;
    for (Call call : List.copyOf(open.values())) {
      long left = nanos - (now - Math.max(call.since, call.sentAt == 0 ? call.since : call.sentAt));
      if (call.operation.equals("finish")) {
        continue;
      }
      if (left <= 0) {
        close(call);
        call.fail(
            new RedisUnavailableException(
                node.address() + " has not answered for " + limit + ": " + owner));
      } else {
        next = Math.min(next, left);
      }
    }
    if (next != Long.MAX_VALUE) {
      givesUp = after(next, () -> giveUp(limit));
    }
  }

  private void failAll(RuntimeException failure) {
    for (Call call : List.copyOf(open.values())) {
      close(call);
      call.fail(failure);
    }
  }

  /** The node goes: nothing is waited for or held any more. */
  void shutDown() {
    for (Timeout timer : new Timeout[] {tick, probe, givesUp}) {
      if (timer != null) {
        timer.cancel();
      }
    }
    failAll(node.closedException());
    lose(hold -> true);
  }

  /** The last operation: the server forgets the node. */
  CompletableFuture<?> leave() {
    byte[][] arguments = {
      "leave".getBytes(UTF_8),
      node.idBytes(),
      text(0),
      text(node.nextNumber()),
      text(0),
      new byte[0]
    };
    return node.server().run(script, true, key, arguments).toCompletableFuture();
  }

  /** Has the server anything of this node? */
  boolean isKnown() {
    return loop.nanoTime() - signed < lease;
  }

  // Replicas.

  /** Grants when enough replicas have the grant: a sign of life follows it, and they have that. */
  private <T extends @Nullable Object> void replicate(WaitingCall<T> call, @Nullable T value) {
    RedisNode.Options options = node.options();
    renew(false);
    renewal = null;
    node.server()
        .replicated(key, options.replicas(), options.replicaTimeout())
        .whenComplete(
            (count, failure) ->
                node.onLoop(
                    () -> {
                      if (failure == null && count >= options.replicas()) {
                        call.deliver(value);
                      } else {
                        call.request.unwanted.accept(value);
                        call.wait.refuse(
                            new RedisUnavailableException(
                                (failure == null ? count : "An unknown number")
                                    + " of "
                                    + options.replicas()
                                    + " replicas have the grant after "
                                    + options.replicaTimeout()
                                    + ": "
                                    + owner,
                                failure));
                      }
                    }));
  }

  boolean isClosed() {
    return node.isClosed();
  }

  // What is to be seen.

  /** {@code RedisLock["invoices" state]}. */
  String text(String state) {
    String space = state.isEmpty() ? "" : " ";
    return owner.getClass().getSimpleName() + "[\"" + name + "\"" + space + state + "]";
  }

  /** How many wait in a queue, as {@code waiters[3]}; nothing if nobody does. */
  String waiting(int queue, String what) {
    int size = queues.get(queue).size();
    return size == 0 ? "" : what + "[" + size + "]";
  }

  /**
   * What is known of the last grant: whose it is, its token, how long it is valid; and who waits.
   */
  String standing() {
    var text = new StringJoiner(" ");
    long now = loop.nanoTime();
    String holder = standing.holder.substring(standing.holder.indexOf('@') + 1);
    if (holds.containsKey(standing.holder)) {
      text.add("held token=" + standing.token + left(validUntil - now));
    } else if (!holder.equals(node.id()) && !holder.isEmpty() && standing.until - now > 0) {
      text.add("held by " + holder + " token=" + standing.token + left(standing.until - now));
    }
    String waiting = waiting(0, "waiters");
    if (!waiting.isEmpty()) {
      if (standing.position > 0) {
        text.add("position=" + standing.position);
      }
      text.add(waiting);
    }
    if (broken) {
      text.add("disconnected");
    }
    return text.toString();
  }

  private static String left(long nanos) {
    return " left=" + Duration.ofNanos(nanos).toMillis() + "ms";
  }
}

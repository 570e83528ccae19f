-- Queue, priority queue, LIFO queue: items that are put, delivered, and done, each at least once.
--
-- State: max, how many items fit (0: any number); unfinished, how many were put and are not done;
-- token, the last one; closed, if it is. A hold is a delivery: '<attempts allowed> <item>'.
-- :items    a sorted set, the items in the order in which they come out. An item is called by the
--           number with which it came; in a priority queue without a score its bytes come before.
-- :values   a hash: item -> '<times delivered> <order> <bytes>'; for one who waits to put: 'p<id>'
-- :dead     a list: the bytes of those that were delivered too often
-- :getters, :putters, :joiners  the queues
-- Invariant: somebody waits to get only if there are no items; to put, only if it is full; for the
-- end, only if something is unfinished.

lines = {'getters', 'putters', 'joiners'}
keeps = true
local items, values, dead = key .. ':items', key .. ':values', key .. ':dead'
local state = redis.call('HMGET', key, 'max', 'unfinished', 'token', 'closed')
local max = tonumber(state[1] or 0)
local unfinished = tonumber(state[2] or 0)
local token = tonumber(state[3] or 0)
local closed = state[4] and true or false

local function size()
  return redis.call('ZCARD', items)
end

local function finished(change)
  unfinished = unfinished + change
  redis.call('HSET', key, 'unfinished', unfinished)
end

-- The score of an item: 'fifo', 'lifo', 'bytes' (all equal, the names decide), or a number.
local function score(order, number)
  if order == 'lifo' then
    return -number
  end
  return tonumber(order) or 0
end

-- Puts bytes in, behind all that are equal.
local function add(order, bytes)
  local number = redis.call('HINCRBY', key, 'items', 1)
  local item = string.format('%016.0f', number)
  if order == 'bytes' then
    item = bytes .. '\0' .. item
  end
  redis.call('ZADD', items, score(order, number), item)
  redis.call('HSET', values, item, '0 ' .. order .. ' ' .. bytes)
  finished(1)
  return item
end

local function read(item)
  local times, order, bytes = string.match(redis.call('HGET', values, item), '^(%d+) (%S+) (.*)$')
  return tonumber(times), order, bytes
end

-- Delivers the next item to a request. Returns '<token> <attempt>', a line break, the bytes.
local function deliver(id, attempts)
  local item = redis.call('ZRANGE', items, 0, 0)[1]
  redis.call('ZREM', items, item)
  local times, order, bytes = read(item)
  redis.call('HSET', values, item, int(times + 1) .. ' ' .. order .. ' ' .. bytes)
  token = math.max(token + 1, micros)
  redis.call('HSET', key, 'token', int(token), 'h:' .. id, attempts .. ' ' .. item)
  return int(token) .. ' ' .. int(times + 1) .. '\n' .. bytes
end

-- A delivery ends, and the item is not done: it goes to the front, or was delivered too often.
function drop(id, value)
  local attempts, item = string.match(value, '^(%d+) (.*)$')
  local times, order, bytes = read(item)
  if tonumber(attempts) > 0 and times >= tonumber(attempts) then
    redis.call('HDEL', values, item)
    redis.call('RPUSH', dead, bytes)
    finished(-1)
    return
  end
  local number = order == 'lifo' and redis.call('HINCRBY', key, 'items', 1) or 0
  redis.call('ZADD', items, score(order, number), item)
end

function left(line, id)
  if line == 'putters' then
    redis.call('HDEL', values, 'p' .. id)
  end
end

-- A put that was granted and that nobody wants any more, if it is not delivered yet.
function undo(id, item)
  if redis.call('ZREM', items, item) == 1 then
    redis.call('HDEL', values, item)
    finished(-1)
    grant()
  end
end

function grant()
  while true do
    local getter = first_of('getters')
    local putter = first_of('putters')
    if getter and size() > 0 then
      redis.call('ZREM', key .. ':getters', getter)
      local id, attempts = string.match(getter, '^(%S+) (%d+)$')
      publish(id, deliver(id, attempts))
    elseif putter and size() < max then
      redis.call('ZREM', key .. ':putters', putter)
      local order, bytes = string.match(redis.call('HGET', values, 'p' .. putter), '^(%S+) (.*)$')
      redis.call('HDEL', values, 'p' .. putter)
      publish_once(putter, add(order, bytes))
    else
      break
    end
  end
  if unfinished == 0 and first_of('joiners') then
    publish_all('joiners', '1')
  end
end

local function differs()
  if state[1] ~= arg(1) then
    if state[1] then
      return {'differs', fresh, state[1]}
    end
    max = tonumber(arg(1))
    redis.call('HSET', key, 'max', max)
  end
end

-- Arguments: max, order, bytes, 'now'.
function ops.put()
  local refused = differs()
  if refused then
    return refused
  end
  if closed then
    return {'closed', fresh}
  end
  if redis.call('ZSCORE', key .. ':putters', me) then
    return enqueue('putters', me)
  end
  if max == 0 or (size() < max and not first_of('putters')) then
    local item = add(arg(2), arg(3))
    grant()
    return ok_once(item)
  end
  if arg(4) == 'now' then
    return {'no', fresh}
  end
  redis.call('HSET', values, 'p' .. me, arg(2) .. ' ' .. arg(3))
  return enqueue('putters', me)
end

-- Arguments: max, how often to deliver (0: any number), 'now'.
function ops.get()
  local refused = differs()
  if refused then
    return refused
  end
  local held = again and redis.call('HGET', key, 'h:' .. me)
  if held then
    local times, _, bytes = read(string.match(held, '^%d+ (.*)$'))
    return ok(int(token) .. ' ' .. int(times) .. '\n' .. bytes)
  end
  local member = me .. ' ' .. arg(2)
  if size() > 0 and not first_of('getters') then
    local delivery = deliver(me, arg(2))
    grant()
    return ok(delivery)
  end
  if closed then
    return {'closed', fresh}
  end
  if arg(3) == 'now' then
    return {'no', fresh}
  end
  return enqueue('getters', member)
end

-- A delivery is done. Argument: its id.
function ops.done()
  local held = redis.call('HGET', key, 'h:' .. arg(1))
  if not held then
    return ok_once('0')
  end
  redis.call('HDEL', key, 'h:' .. arg(1))
  redis.call('HDEL', values, string.match(held, '^%d+ (.*)$'))
  finished(-1)
  grant()
  return ok_once('1')
end

-- Arguments: max, 'now'.
function ops.join()
  if unfinished == 0 then
    return ok_once('1')
  end
  if arg(2) == 'now' then
    return {'no', fresh}
  end
  return enqueue('joiners', me)
end

-- How many items are in it, and how many are unfinished; is it closed?
function ops.look()
  return ok(int(size()), int(unfinished), closed and '1' or '0')
end

-- Nothing more goes in. What is in it is still delivered.
function ops.close()
  if not closed then
    redis.call('HSET', key, 'closed', 1)
    publish_all('getters', '!closed')
    publish_all('putters', '!closed')
  end
  return ok_once('1')
end

-- The dead letters, oldest first.
function ops.dead()
  return ok(unpack(redis.call('LRANGE', dead, 0, 999)))
end

-- Puts the dead letters in again. Argument: order. Returns how many there were.
function ops.requeue()
  local count = 0
  while true do
    local bytes = redis.call('LPOP', dead)
    if not bytes then
      break
    end
    add(arg(1), bytes)
    count = count + 1
  end
  grant()
  return ok_once(int(count))
end

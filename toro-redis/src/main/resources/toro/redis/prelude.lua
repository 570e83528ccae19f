-- The beginning of every script: what all mechanisms have in common.
--
-- KEYS[1]      {toro:<kind>:<name>}: a hash, the state of the primitive. Its other keys begin with
--              the same words, so a cluster keeps them together:
-- :nodes       a sorted set: node -> when the server stops to believe in it, in ms
-- :<line>      a sorted set for each wait queue: member -> number of arrival. A member begins with
--              the id of its request, '<number>@<node>'; after a space come its parameters.
-- :done:<node> a hash: number of a request of that node -> its result, until the node has it
-- In the state, the field 'h:<id>' is a hold: what was granted to that request, until it ends.
--
-- ARGV: operation, node, lease in ms (0: this is no sign of life), number of the request, '1' if it
-- may have been sent before, numbers of the results to forget, then what the operation needs.
--
-- Returns {status, fresh, ...}. Status: 'ok', 'wait' (it stands in a queue, and the result will be
-- published to the node), 'no' (not at once), or an error. Fresh: '0', or if the node had been
-- forgotten: the last token before.

local key, op, node, lease, seq = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local again, forget = ARGV[5] == '1', ARGV[6]
local me = seq .. '@' .. node
local nodes = key .. ':nodes'
local DAY = 86400000
local fresh = '0'

-- Each mechanism fills these in.
local lines = {}     -- the names of its wait queues
local keeps = false  -- true: its state does not vanish when nobody has used it for a day
local ops = {}       -- operation -> function
local drop           -- function(id, value): ends a hold that belongs to nobody any more
local grant          -- function(): grants what can be granted now
local left           -- function(line, id): a request left a queue and was not granted; if that matters
local undo           -- function(id, result): takes a grant back that left no hold, if that matters

local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local now = math.floor(micros / 1000)

local function arg(i)
  return ARGV[6 + i]
end

local function int(number)
  return string.format('%.0f', number)
end

local function node_of(id)
  return string.match(id, '^%d+@([^ ]+)')
end

-- Keeps a result until its node says that it has it: the same request is then not done twice.
local function remember(id, payload)
  local done = key .. ':done:' .. node_of(id)
  redis.call('HSET', done, string.match(id, '^%d+'), payload)
  redis.call('PEXPIRE', done, DAY)
end

-- Tells a node that its request was granted; or refused, if the payload begins with '!'.
local function publish(id, payload)
  redis.call('PUBLISH', 'toro:node:' .. node_of(id),
    string.match(id, '^%d+') .. ' ' .. key .. '\n' .. payload)
end

-- Likewise, for what leaves no hold by which the server knows that it was granted.
local function publish_once(id, payload)
  remember(id, payload)
  publish(id, payload)
end

-- The first in a queue; nil if nobody waits.
local function first_of(line)
  return redis.call('ZRANGE', key .. ':' .. line, 0, 0)[1]
end

-- Takes out all who wait in a queue, and tells them.
local function publish_all(line, payload)
  local members = redis.call('ZRANGE', key .. ':' .. line, 0, -1)
  redis.call('DEL', key .. ':' .. line)
  for i, member in ipairs(members) do
    local id = string.match(member, '^[^ ]+')
    if left and string.sub(payload, 1, 1) == '!' then
      left(line, id)
    end
    publish_once(id, payload == '#' and tostring(i - 1) or payload)
  end
  return #members
end

local function ok(...)
  return {'ok', fresh, ...}
end

local function ok_once(payload)
  remember(me, payload)
  return ok(payload)
end

-- Puts a request at the end of a queue, unless it stands there. Tells its place, and what there is
-- to know about the last one to be granted: its id, its token and how long it has in ms.
local function enqueue(line, member)
  local queue = key .. ':' .. line
  if not redis.call('ZSCORE', queue, member) then
    redis.call('ZADD', queue, redis.call('HINCRBY', key, 'arrivals', 1), member)
    if not keeps then
      redis.call('PEXPIRE', queue, DAY)
    end
  end
  local last = redis.call('HMGET', key, 'last', 'token')
  local left = last[1] and redis.call('ZSCORE', nodes, node_of(last[1]))
  local held = last[1] and redis.call('HEXISTS', key, 'h:' .. last[1]) == 1
  return {'wait', fresh, int(redis.call('ZRANK', queue, member) + 1), held and last[1] or '',
    last[2] or '0', left and int(left - now) or '0'}
end

-- Those nodes hold nothing any more, and wait for nothing.
local function forget_nodes(dead)
  local gone = {}
  for _, each in ipairs(dead) do
    gone[each] = true
    redis.call('ZREM', nodes, each)
  end
  for _, line in ipairs(lines) do
    for _, member in ipairs(redis.call('ZRANGE', key .. ':' .. line, 0, -1)) do
      if gone[node_of(member)] then
        redis.call('ZREM', key .. ':' .. line, member)
        if left then
          left(line, string.match(member, '^[^ ]+'))
        end
      end
    end
  end
  local state = redis.call('HGETALL', key)
  for i = 1, #state, 2 do
    local id = string.match(state[i], '^h:(.*)$')
    if id and gone[node_of(id)] then
      redis.call('HDEL', key, state[i])
      drop(id, state[i + 1])
    end
  end
  grant()
end

-- In how many ms another node will be forgotten, unless it is heard of; '' if there is no other.
local function next_expiry()
  local first = redis.call('ZRANGE', nodes, 0, 1, 'WITHSCORES')
  for i = 1, #first, 2 do
    if first[i] ~= node then
      return int(math.max(0, first[i + 1] - now))
    end
  end
  return ''
end

-- A sign of life. Arguments: for each queue the first member of this node, or ''; then the ids of
-- its holds. Returns what is not there: the names of those queues, and those ids.
function ops.renew()
  -- A server whose clock was set back would believe in its nodes for too long.
  local longest = math.max(lease, tonumber(redis.call('HGET', key, 'lease') or 0))
  redis.call('HSET', key, 'lease', int(longest))
  for _, each in ipairs(redis.call('ZRANGEBYSCORE', nodes, '(' .. int(now + longest), '+inf')) do
    redis.call('ZADD', nodes, int(now + longest), each)
  end
  if not keeps then
    for _, each in ipairs({key, nodes}) do
      redis.call('PEXPIRE', each, math.max(DAY, 10 * lease))
    end
  end
  local missing = ok(next_expiry())
  for i, line in ipairs(lines) do
    if not keeps then
      redis.call('PEXPIRE', key .. ':' .. line, math.max(DAY, 10 * lease))
    end
    if arg(i) ~= '' and not redis.call('ZSCORE', key .. ':' .. line, arg(i)) then
      missing[#missing + 1] = line
    end
  end
  for i = 7 + #lines, #ARGV do
    if redis.call('HEXISTS', key, 'h:' .. ARGV[i]) == 0 then
      missing[#missing + 1] = ARGV[i]
    end
  end
  return missing
end

-- The node goes: like a death of it, but at once.
function ops.leave()
  forget_nodes({node})
  return ok()
end

-- Ends a wait, or if it was granted its hold. Arguments: queue ('' for a hold), member. Returns '1'
-- if there was something to end.
function ops.finish()
  local member = arg(2)
  local ended = arg(1) ~= '' and redis.call('ZREM', key .. ':' .. arg(1), member) == 1
  local id = string.match(member, '^[^ ]+')
  if ended and left then
    left(arg(1), id)
  end
  local hold = redis.call('HGET', key, 'h:' .. id)
  if hold then
    redis.call('HDEL', key, 'h:' .. id)
    drop(id, hold)
    ended = true
  end
  if arg(1) ~= '' and not ended then
    local done, number = key .. ':done:' .. node, string.match(id, '^%d+')
    local result = redis.call('HGET', done, number)
    if result then
      redis.call('HDEL', done, number)
      if undo then
        undo(id, result)
      end
    end
  end
  if ended then
    grant()
  end
  if arg(1) ~= '' then
    return ok(ended and '1' or '0')
  end
  return ok_once(ended and '1' or '0')
end

local function run()
  local dead = redis.call('ZRANGEBYSCORE', nodes, '-inf', now)
  if #dead > 0 then
    forget_nodes(dead)
  end
  if lease > 0 and redis.call('ZADD', nodes, int(now + lease), node) == 1 then
    fresh = redis.call('HGET', key, 'token') or '1'
    if not keeps then
      redis.call('PEXPIRE', nodes, DAY)
    end
  end
  if forget ~= '' then
    for each in string.gmatch(forget, '%d+') do
      redis.call('HDEL', key .. ':done:' .. node, each)
    end
  end
  if again then
    local done = redis.call('HGET', key .. ':done:' .. node, seq)
    if done then
      return ok(done)
    end
  end
  return ops[op]()
end

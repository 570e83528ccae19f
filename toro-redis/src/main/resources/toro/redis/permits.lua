-- Lock, read-write lock, semaphore: permits that are granted in order of arrival, some at a time,
-- all or none. A lock has one permit; a reader takes one, a writer all.
--
-- State: declared, how many permits the nodes say there are; total, how many there are since a
-- resize; used, how many are held (also more than total); token, the last one; last, the id that
-- was granted last. A hold is '<permits> <token>'. A member of the queue is '<id> <permits>'.
-- Invariant: the first request in the queue wants more than total - used.

lines = {'waits'}
local state = redis.call('HMGET', key, 'declared', 'total', 'used', 'token', 'resized')
local total = tonumber(state[2] or 0)
local used = tonumber(state[3] or 0)
local token = tonumber(state[4] or 0)
keeps = state[5] and true or false

-- A token is greater than all before: by counting, and as long as the clock is not set back also
-- when the counter was lost.
local function hold(id, permits)
  used = used + permits
  token = math.max(token + 1, micros)
  redis.call('HSET', key, 'used', used, 'token', int(token), 'last', id,
    'h:' .. id, permits .. ' ' .. int(token))
  return int(token)
end

function drop(id, value)
  used = used - tonumber(string.match(value, '^%d+'))
  redis.call('HSET', key, 'used', used)
end

function grant()
  while used < total do
    local first = first_of('waits')
    if not first then
      return
    end
    local id, permits = string.match(first, '^([^ ]+) (%d+)$')
    if used + permits > total then
      return
    end
    redis.call('ZREM', key .. ':waits', first)
    publish(id, hold(id, tonumber(permits)))
  end
end

-- Do all nodes mean the same primitive? If no other is left the first to come says how it is.
local function differs()
  local declared = tonumber(arg(1))
  if state[1] and tonumber(state[1]) == declared then
    return nil
  end
  local others = redis.call('ZCARD', nodes) - (redis.call('ZSCORE', nodes, node) and 1 or 0)
  if state[1] and others > 0 then
    return {'differs', fresh, state[1]}
  end
  redis.call('HSET', key, 'declared', declared, 'total', declared)
  redis.call('PEXPIRE', key, DAY)
  total = declared
  return nil
end

-- Arguments: declared, permits, 'now' if it shall not wait.
function ops.acquire()
  local granted = again and redis.call('HGET', key, 'h:' .. me)
  if granted then
    return ok(string.match(granted, ' (%d+)$'))
  end
  local refused = differs()
  if refused then
    return refused
  end
  local permits = tonumber(arg(2))
  local member = me .. ' ' .. arg(2)
  if permits > total then
    return {'never', fresh, int(total)}
  end
  if used + permits <= total and redis.call('ZCARD', key .. ':waits') == 0 then
    return ok(hold(me, permits))
  end
  if arg(3) == 'now' then
    return {'no', fresh}
  end
  return enqueue('waits', member)
end

-- How many permits there are, how many are held, how many requests wait. Argument:
-- declared.
function ops.look()
  return ok(state[2] or arg(1), int(used), int(redis.call('ZCARD', key .. ':waits')))
end

-- Arguments: declared, the new number of permits. A request that can never be granted is refused.
function ops.resize()
  local refused = differs()
  if refused then
    return refused
  end
  total = tonumber(arg(2))
  redis.call('HSET', key, 'total', total, 'resized', 1)
  redis.call('PERSIST', key)
  for _, member in ipairs(redis.call('ZRANGE', key .. ':waits', 0, -1)) do
    local id, permits = string.match(member, '^([^ ]+) (%d+)$')
    if tonumber(permits) > total and total > 0 then
      redis.call('ZREM', key .. ':waits', member)
      publish_once(id, '!never ' .. int(total))
    end
  end
  grant()
  return ok_once('1')
end

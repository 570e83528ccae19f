-- Rate limiter: permits that come with the time, and of which a number is kept (the burst).
--
-- State: options, as the nodes say; empty, the time in microseconds at which there would have been
-- none and from which on they came one by one: there are (now - empty) / each.
-- A member of the queue is '<id> <permits>'. Who is first is told when its time comes, and asks then.

lines = {'waits'}
local state = redis.call('HMGET', key, 'options', 'each', 'burst', 'empty')
local each = tonumber(state[2] or 1)
local burst = tonumber(state[3] or 1)
local empty = tonumber(state[4] or micros - burst * each)

local function take(permits)
  empty = empty + permits * each
end

-- What is more than the burst is lost.
local function spill()
  empty = math.max(empty, micros - burst * each)
end

local function save()
  redis.call('HSET', key, 'empty', string.format('%.3f', empty))
  redis.call('PEXPIRE', key, math.max(DAY, math.ceil(burst * each / 1000) * 2))
end

-- In how many ms there are so many.
local function due(permits)
  return math.max(0, math.ceil((empty + permits * each - micros) / 1000))
end

function drop() end

function undo(id, result)
  take(-tonumber(result))
  spill()
  save()
  grant()
end

function grant()
  local before = first_of('waits')
  while true do
    local first = first_of('waits')
    if not first then
      return
    end
    local id, permits = string.match(first, '^([^ ]+) (%d+)$')
    if due(permits) > 0 then
      if first ~= before then
        publish(id, '?' .. int(due(permits)))
      end
      return
    end
    redis.call('ZREM', key .. ':waits', first)
    take(permits)
    spill()
    save()
    publish_once(id, permits)
  end
end

local function differs()
  local options = arg(1) .. ' ' .. arg(2)
  if state[1] == options then
    return nil
  end
  local others = redis.call('ZCARD', nodes) - (redis.call('ZSCORE', nodes, node) and 1 or 0)
  if state[1] and others > 0 then
    return {'differs', fresh, state[1] .. ' (µs for each permit, burst)'}
  end
  each, burst = tonumber(arg(1)), tonumber(arg(2))
  empty = micros - burst * each
  redis.call('HSET', key, 'options', options, 'each', arg(1), 'burst', arg(2))
  save()
end

-- Arguments: µs for each permit, burst, permits, 'now'.
function ops.acquire()
  local refused = differs()
  if refused then
    return refused
  end
  grant()
  local permits = tonumber(arg(3))
  local member = me .. ' ' .. arg(3)
  if not first_of('waits') then
    spill()
    if due(permits) == 0 then
      take(permits)
      save()
      return ok_once(arg(3))
    end
  end
  if arg(4) == 'now' then
    return {'no', fresh}
  end
  local waits = enqueue('waits', member)
  if first_of('waits') == member then
    waits[6] = int(math.max(1, due(permits)))
  end
  return waits
end

local renew = ops.renew
function ops.renew()
  grant()
  local reply = renew()
  local first = first_of('waits')
  if first and node_of(first) == node then
    reply[3] = int(due(string.match(first, ' (%d+)$')))
  end
  return reply
end

-- How many permits there are.
function ops.look()
  local refused = differs()
  if refused then
    return refused
  end
  spill()
  return ok(int(math.max(0, math.floor((micros - empty) / each))))
end

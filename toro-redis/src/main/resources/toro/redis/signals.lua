-- Event, condition, one-time result, watch, barrier: who waits is told of something, all at once or
-- some. Nothing is held.
--
-- State: value, what was set (an event: '1'); failed, if it was a failure; broken, if a barrier is.
-- Invariant of all but the condition: what is waited for has not happened yet.

lines = {'waits'}
keeps = true
local state = redis.call('HMGET', key, 'value', 'failed', 'broken', 'parties')
local value = state[1]

function drop() end
function grant() end

-- A signal that nobody wants any more goes to the next.
function undo(id, result)
  if result == 'signal' and first_of('waits') then
    ops.signal_some(1)
  end
end

local function wait(now)
  if now == 'now' then
    return {'no', fresh}
  end
  return enqueue('waits', me)
end

-- Until there is a value: an event is set, a result is there. Argument: 'now'.
function ops.get()
  if value then
    return ok_once((state[2] and '!failed ' or '=') .. value)
  end
  return wait(arg(1))
end

-- Arguments: value, 'once' if it may not be there, '1' if it is a failure.
function ops.set()
  if value and arg(2) == 'once' then
    return {'set', fresh}
  end
  redis.call('HSET', key, 'value', arg(1))
  if arg(3) == '1' then
    redis.call('HSET', key, 'failed', '1')
  end
  publish_all('waits', (arg(3) == '1' and '!failed ' or '=') .. arg(1))
  return ok_once('1')
end

function ops.clear()
  redis.call('HDEL', key, 'value')
  return ok_once('1')
end

-- Is there a value?
function ops.look()
  return ok(value and '1' or '0', value or '', int(redis.call('ZCARD', key .. ':waits')))
end

-- Until a signal that comes later. Argument: 'now'.
function ops.when_signalled()
  return wait(arg(1))
end

function ops.signal_some(n)
  for _ = 1, n do
    local first = first_of('waits')
    if not first then
      return
    end
    redis.call('ZREM', key .. ':waits', first)
    publish_once(first, 'signal')
  end
end

-- Argument: how many to wake at most.
function ops.signal()
  ops.signal_some(tonumber(arg(1)))
  return ok_once('1')
end

-- Until the value is another. Arguments: the initial value, the one that was seen, 'now'.
function ops.when_not()
  local current = value or arg(1)
  if current ~= arg(2) then
    return ok_once('=' .. current)
  end
  return wait(arg(3))
end

-- Arguments: the initial value, the new one. One that is equal changes nothing.
function ops.change()
  if (value or arg(1)) ~= arg(2) then
    redis.call('HSET', key, 'value', arg(2))
    publish_all('waits', '=' .. arg(2))
  end
  return ok_once('1')
end

-- Until so many have come. Arguments: how many parties, 'now'.
function ops.arrive()
  if state[4] ~= arg(1) then
    if state[4] and redis.call('ZCARD', key .. ':waits') > 0 then
      return {'differs', fresh, state[4]}
    end
    redis.call('HSET', key, 'parties', arg(1))
  end
  if state[3] then
    return {'broken', fresh}
  end
  if redis.call('ZSCORE', key .. ':waits', me) then
    return enqueue('waits', me)
  end
  local others = redis.call('ZCARD', key .. ':waits')
  if others + 1 < tonumber(arg(1)) then
    return wait(arg(2))
  end
  publish_all('waits', '#')
  return ok_once(int(others))
end

-- Argument: '1' to break it, '0' to make it like new; all who wait fail.
function ops.abort()
  if arg(1) == '1' then
    redis.call('HSET', key, 'broken', '1')
  else
    redis.call('HDEL', key, 'broken')
  end
  publish_all('waits', '!broken')
  return ok_once('1')
end

-- How many have arrived, and is it broken?
function ops.parties()
  return ok(int(redis.call('ZCARD', key .. ':waits')), state[3] and '1' or '0')
end

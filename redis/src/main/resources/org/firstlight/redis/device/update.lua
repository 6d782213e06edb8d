-- Writes what an Update changes.
-- KEYS  1 id to what stays, 2 id to contact, 3 endpoint to ids, 4 id by expiry
-- ARGV  id, now in milliseconds, lifetime in seconds, binding, links, address, node;
--       what is absent is "-", what is there follows a "+"
-- gives {what stays, contact}, or nothing if the id is not known
local before = redis.call('HGET', KEYS[2], ARGV[1])
local staying = redis.call('HGET', KEYS[1], ARGV[1])
if not before or not staying then return false end
local lifetime, queue, binding = string.match(before, '^1\t%d+\t(%d+)\t(%d)\t([^\t]*)\t')
if not lifetime then return false end

if ARGV[3] ~= '-' then lifetime = string.sub(ARGV[3], 2) end
if ARGV[4] ~= '-' then
  -- LwM2M 1.0 says Queue Mode by a letter of the binding; 1.1 does not touch it here
  local now = string.sub(ARGV[4], 2)
  if string.find(now, 'Q', 1, true) then
    queue = '1'
  elseif string.find(binding, 'Q', 1, true) then
    queue = '0'
  end
  binding = now
end
if ARGV[5] ~= '-' then
  local head, tail = string.match(staying, '^([^\t]*\t[^\t]*\t[^\t]*\t[^\t]*\t[^\t]*\t)[^\t]*(.*)$')
  if not head then return false end
  staying = head .. string.sub(ARGV[5], 2) .. tail
  redis.call('HSET', KEYS[1], ARGV[1], staying)
end

local contact =
  table.concat({'1', ARGV[2], lifetime, queue, binding, ARGV[6], ARGV[7]}, '\t')
redis.call('HSET', KEYS[2], ARGV[1], contact)
redis.call('ZADD', KEYS[4], string.format('%.0f', ARGV[2] + lifetime * 1000), ARGV[1])
return {staying, contact}

-- Writes what an Update changes: mostly nothing but when the registration ends.
-- KEYS  1 id to what stays, 2 id to whereabouts, 3 id by expiry
-- ARGV  id, whereabouts as the caller knows them, as they are now (empty: the same), expiry in
--       milliseconds, then the object links if they changed
-- gives 1, or nothing if the id is not known, or the whereabouts if the caller knows others
local stored = redis.call('HGET', KEYS[2], ARGV[1])
if stored ~= ARGV[2] then return stored end
if ARGV[5] then
  local head, tail = string.match(
    redis.call('HGET', KEYS[1], ARGV[1]) or '',
    '^([^\t]*\t[^\t]*\t[^\t]*\t[^\t]*\t[^\t]*\t)[^\t]*(.*)$')
  if not head then return false end
  redis.call('HSET', KEYS[1], ARGV[1], head .. ARGV[5] .. tail)
end
if ARGV[3] ~= '' then redis.call('HSET', KEYS[2], ARGV[1], ARGV[3]) end
redis.call('ZADD', KEYS[3], ARGV[4], ARGV[1])
return 1


-- ARGV  now in milliseconds, how many at most, when they come again in milliseconds
-- gives one {id, what stayed, contact} each, and keeps them until their end is recorded
local taken = {}
local due = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
for _, id in ipairs(due) do
  local ended = deregister(id)
  if ended then
    redis.call('HSET', KEYS[5], id, ended[2] .. '\n' .. ended[3])
  else
    local staying, contact =
      string.match(redis.call('HGET', KEYS[5], id) or '', '^([^\n]*)\n(.*)$')
    if staying then ended = {id, staying, contact} end
  end
  if ended then
    redis.call('ZADD', KEYS[4], ARGV[3], id)
    taken[#taken + 1] = ended
  end
end
return taken

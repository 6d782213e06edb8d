
-- ARGV  now in milliseconds, how many at most
-- gives one {id, what stayed, contact} each
local taken = {}
local due = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
for _, id in ipairs(due) do
  taken[#taken + 1] = deregister(id)
end
return taken

-- Keeps the first ids of a listed kind that has one home alone.
-- KEYS  records of the home, index of the kind
-- ARGV  the kind's prefix, how many to keep, "\0home"
local MOST = 5000
local keep = tonumber(ARGV[2])
for _, member in ipairs(redis.call('ZRANGE', KEYS[2], keep, keep + MOST - 1)) do
  if string.sub(member, -#ARGV[3]) == ARGV[3] then
    redis.call('HDEL', KEYS[1], ARGV[1] .. string.sub(member, 1, -#ARGV[3] - 1))
    redis.call('ZREM', KEYS[2], member)
  end
end
return 1

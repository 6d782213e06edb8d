-- Stores the values of a device; one with too many paths already only renews those that it has.
-- KEYS  path to value, events
-- ARGV  how many paths at most, bound of the stream, the event, then path, value, path, value, …
-- gives how many values were passed over
local room = tonumber(ARGV[1]) - redis.call('HLEN', KEYS[1])
local passed = 0
for i = 4, #ARGV, 2 do
  if room > 0 or redis.call('HEXISTS', KEYS[1], ARGV[i]) == 1 then
    room = room - redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  else
    passed = passed + 1
  end
end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', 'e', ARGV[3])
return passed

-- Keeps the newest ids of a kind in a home: ids sort by time.
-- KEYS  records of the home, index of the kind
-- ARGV  the kind's prefix, how many to keep, then "\0home" if the kind is listed
local fields = {}
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, #ARGV[1]) == ARGV[1] then fields[#fields + 1] = field end
end
table.sort(fields)
for i = 1, #fields - tonumber(ARGV[2]) do
  redis.call('HDEL', KEYS[1], fields[i])
  if ARGV[3] then
    redis.call('ZREM', KEYS[2], string.sub(fields[i], #ARGV[1] + 1) .. ARGV[3])
  end
end
return #fields

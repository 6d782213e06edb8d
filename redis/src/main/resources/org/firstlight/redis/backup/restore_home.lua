-- Writes a home, or more of it, with its entries in the indexes.
-- KEYS  records, values, then the index of each listed kind
-- ARGV  home, "whole" or "more", the word of each listed kind in the order of the indexes, how many
--       records, field and value of each, then path and value of each value
local home = ARGV[1]
local indexes = {}
for i = 3, #KEYS do indexes[ARGV[i]] = KEYS[i] end

local function entry(field)
  local word, id = string.match(field, '^(%l+):(.*)$')
  local index = word and indexes[word]
  if not index then return end
  return index, id == home and id or id .. '\0' .. home
end

if ARGV[2] == 'whole' then
  for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
    local index, member = entry(field)
    if index then redis.call('ZREM', index, member) end
  end
  redis.call('DEL', KEYS[1], KEYS[2])
end

local first = #KEYS + 1
local last = first + 2 * tonumber(ARGV[first])
for i = first + 1, last, 2 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  local index, member = entry(ARGV[i])
  if index then redis.call('ZADD', index, 0, member) end
end
for i = last + 1, #ARGV, 2 do
  redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
end
return 1

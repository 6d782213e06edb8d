-- The homes that have each of these words.
-- KEYS  words of a shard's index
-- gives a bitmap or a list of numbers each
local found = {}
for i, key in ipairs(KEYS) do
  local bitmap = redis.call('TYPE', key).ok == 'string'
  found[i] = redis.call(bitmap and 'GET' or 'SMEMBERS', key)
end
return found

-- Lists what was set aside in a shard, by name, without what it holds.
-- KEYS  set aside
-- ARGV  after which name, how many at most
-- gives name, line that says why, 1 if the record lies here, what tells this note from another, …
local names = {}
for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
  if name > ARGV[1] then names[#names + 1] = name end
end
table.sort(names)
local found = {}
for i = 1, math.min(#names, tonumber(ARGV[2])) do
  local noted = redis.call('HGET', KEYS[1], names[i])
  found[#found + 1] = names[i]
  found[#found + 1] = string.match(noted, '^[^\n]*')
  found[#found + 1] = string.find(noted, '\n', 1, true) and 1 or 0
  found[#found + 1] = string.sub(redis.sha1hex(noted), 1, 16)
end
return found

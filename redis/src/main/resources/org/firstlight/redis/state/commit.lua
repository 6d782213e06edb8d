-- Changes records of one home together with their index and events, all or nothing.
-- KEYS  records of the home, events, then the index of each listed kind
-- ARGV  bound of the stream, number of edits,
--       per edit: field, expected version (-1: any), number of its index (0: none), member, value
--       (empty: delete), then one text per event
-- gives {1, version per edit} or {0, number of the edit that lost, version that is there}
local FIELDS = 5

local function version_of(stored)
  if not stored then return 0 end
  return tonumber(string.match(stored, '^(%d+) ') or -1)
end

local edits = tonumber(ARGV[2])
local versions = {}
local seen = {}
for i = 1, edits do
  local at = 3 + (i - 1) * FIELDS
  local field, expected, value = ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 4]
  local current = seen[field] or version_of(redis.call('HGET', KEYS[1], field))
  if expected ~= -1 and expected ~= current then
    return {0, i, current}
  end
  versions[i] = value == '' and 0 or math.max(current, 0) + 1
  seen[field] = versions[i]
end

for i = 1, edits do
  local at = 3 + (i - 1) * FIELDS
  local field, index, member, value =
    ARGV[at], tonumber(ARGV[at + 2]), ARGV[at + 3], ARGV[at + 4]
  if value == '' then
    redis.call('HDEL', KEYS[1], field)
    if index > 0 then redis.call('ZREM', KEYS[2 + index], member) end
  else
    redis.call('HSET', KEYS[1], field, string.format('%d ', versions[i]) .. value)
    if index > 0 and versions[i] == 1 then redis.call('ZADD', KEYS[2 + index], 0, member) end
  end
end

for i = 3 + edits * FIELDS, #ARGV do
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[1], '*', 'e', ARGV[i])
end

table.insert(versions, 1, 1)
return versions

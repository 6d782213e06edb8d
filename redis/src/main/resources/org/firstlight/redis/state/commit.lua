
-- Changes records of one home together with their lists, index and events, all or nothing.
-- KEYS  records of the home, events, then lists of listed kinds and bases of indexes
-- ARGV  bound of the stream, home, number of edits,
--       per edit: field, expected version (-1: any), value (empty: delete), number of the key of
--       its list (0: none), member there, number of the base of its index (0: none), record there,
--       what it is found by; then one text per event
-- gives {1, version per edit} or {0, number of the edit that lost, version that is there}
local FIRST = 4
local FIELDS = 8

local function version_of(stored)
  if not stored then return 0 end
  return tonumber(string.match(stored, '^(%d+) ') or -1)
end

local edits = tonumber(ARGV[3])
local versions = {}
local seen = {}
for i = 1, edits do
  local at = FIRST + (i - 1) * FIELDS
  local field, expected, value = ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2]
  local current = seen[field] or version_of(redis.call('HGET', KEYS[1], field))
  if expected ~= -1 and expected ~= current then
    return {0, i, current}
  end
  versions[i] = value == '' and 0 or math.max(current, 0) + 1
  seen[field] = versions[i]
end

for i = 1, edits do
  local at = FIRST + (i - 1) * FIELDS
  local field, value, list, member =
    ARGV[at], ARGV[at + 2], tonumber(ARGV[at + 3]), ARGV[at + 4]
  local index = tonumber(ARGV[at + 5])
  if value == '' then
    redis.call('HDEL', KEYS[1], field)
    if list > 0 then redis.call('ZREM', KEYS[list], member) end
  else
    redis.call('HSET', KEYS[1], field, string.format('%d ', versions[i]) .. value)
    if list > 0 and versions[i] == 1 then redis.call('ZADD', KEYS[list], 0, member) end
  end
  if index > 0 then
    index_record(KEYS[index], KEYS[1], ARGV[2], ARGV[at + 6], ARGV[at + 7])
  end
end

for i = FIRST + edits * FIELDS, #ARGV do
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[1], '*', 'e', ARGV[i])
end

table.insert(versions, 1, 1)
return versions


-- Changes records of one home together with their lists, index and due times, its registrations and its events,
-- all or nothing.
-- KEYS  records of the home, events, the four of registrations.lua if there is an edit of them, then
--       lists of listed kinds, bases of indexes and sets of what is due
-- ARGV  bound of the stream, home, number of edits, number of arguments of the registration edit,
--       per edit: field, expected version (-1: any), value (empty: delete, "=": only compare the
--       version), number of the key of its list (0: none), member there, number of the base of its
--       index (0: none), record there, what it is found by, number of the key of what is due (0:
--       none), when in milliseconds (empty: never);
--       the registration edit: its name, endpoint, its own; then one text per event
-- gives {1, version per edit} or {0, number of the edit that lost (0: the registration's), version
-- that is there}
local FIRST = 5
local FIELDS = 10

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
  if value == '=' then
    versions[i] = current
  else
    versions[i] = value == '' and 0 or math.max(current, 0) + 1
  end
  seen[field] = versions[i]
end

local registration = FIRST + edits * FIELDS
local events = registration + tonumber(ARGV[4])
if events > registration then
  local edit = registration_edits[ARGV[registration]]
  if not edit.check(unpack(ARGV, registration + 1, events - 1)) then return {0, 0, 0} end
  edit.act(unpack(ARGV, registration + 1, events - 1))
end

for i = 1, edits do
  local at = FIRST + (i - 1) * FIELDS
  local field, value, list, member =
    ARGV[at], ARGV[at + 2], tonumber(ARGV[at + 3]), ARGV[at + 4]
  local index = tonumber(ARGV[at + 5])
  if value ~= '=' then
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
    local due, when = tonumber(ARGV[at + 8]), ARGV[at + 9]
    if due > 0 and when == '' then
      redis.call('ZREM', KEYS[due], member)
    elseif due > 0 then
      redis.call('ZADD', KEYS[due], when, member)
    end
  end
end

for i = events, #ARGV do
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[1], '*', 'e', ARGV[i])
end

table.insert(versions, 1, 1)
return versions

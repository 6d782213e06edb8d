-- Stores the values of a device; one with too many paths already only renews those that it has.
-- KEYS  path to value, stream of what devices tell, records of the device, endpoint to registrations
-- ARGV  how many paths at most, bound of the stream, the event, when the device was asked and when
--       it had told (milliseconds), endpoint, how many records must be as they were, per record:
--       field, version (0: none); then path, value, path, value, …
-- gives how many values were passed over; or, with nothing stored, -2 if the device is not
--       registered, -1 if a record has another version
local FIRST = 8

if redis.call('HEXISTS', KEYS[4], ARGV[6]) == 0 then return -2 end
local path = FIRST + 2 * tonumber(ARGV[7])
for i = FIRST, path - 1, 2 do
  local stored = redis.call('HGET', KEYS[3], ARGV[i])
  if (stored and string.match(stored, '^%d+') or '0') ~= ARGV[i + 1] then return -1 end
end

local room = tonumber(ARGV[1]) - redis.call('HLEN', KEYS[1])
local asked, told = tonumber(ARGV[4]), tonumber(ARGV[5])
local passed = 0

-- What came in between by itself is newer than the answer to a question.
local function is_newer(stored)
  local at = tonumber(string.match(stored, '^1\t[^\t]*\t(%d+)\t'))
  return at and at > asked and at <= told
end

for i = path, #ARGV, 2 do
  local stored = (asked < told or room <= 0) and redis.call('HGET', KEYS[1], ARGV[i])
  if not stored and room <= 0 then
    passed = passed + 1
  elseif not stored or asked == told or not is_newer(stored) then
    room = room - redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', 'e', ARGV[3])
return passed

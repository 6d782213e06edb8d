-- One home as it is at this moment.
-- KEYS  records, values, then the shard's registrations: 3 id to what stays, 4 id to
--       whereabouts, 5 endpoint to "account:id account:id", 6 id by expiry
-- ARGV  home, "device" or "other", how many fields at most
-- gives {records, values, registrations}, the first two as field, value, field, value, …, or as
-- their number where there are too many; nothing if the home is gone or not of that sort
local home, sort, most = ARGV[1], ARGV[2], tonumber(ARGV[3])
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
local is_device = redis.call('HEXISTS', KEYS[1], 'dev:' .. home) == 1
if is_device ~= (sort == 'device') then return false end

local function all(key)
  local count = redis.call('HLEN', key)
  if count > most then return count end
  return redis.call('HGETALL', key)
end

local registrations = {}
for _, id in string.gmatch(redis.call('HGET', KEYS[5], home) or '', '(%d+):(%w+)') do
  local staying = redis.call('HGET', KEYS[3], id)
  local whereabouts = redis.call('HGET', KEYS[4], id)
  local expiry = redis.call('ZSCORE', KEYS[6], id)
  if staying and whereabouts and expiry then
    registrations[#registrations + 1] = {id, staying, whereabouts, expiry}
  end
end
return {all(KEYS[1]), all(KEYS[2]), registrations}

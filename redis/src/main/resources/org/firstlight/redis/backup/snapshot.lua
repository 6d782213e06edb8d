-- One home as it is at this moment.
-- KEYS  records, values, then the shard's registrations: 3 id to what stays, 4 id to contact,
--       5 endpoint to "account:id account:id", 6 id by expiry, 7 id of an ended one to its lines
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

local registrations, has = {}, {}
for account, id in string.gmatch(redis.call('HGET', KEYS[5], home) or '', '(%d+):(%w+)') do
  local staying = redis.call('HGET', KEYS[3], id)
  local contact = redis.call('HGET', KEYS[4], id)
  if staying and contact then
    registrations[#registrations + 1] = {id, staying, contact}
    has[account] = true
  end
end
-- one that ended, its end not recorded yet: it ends once more after a restore
if redis.call('EXISTS', KEYS[7]) == 1 then
  local ended = redis.call('HGETALL', KEYS[7])
  for i = 1, #ended, 2 do
    local staying, contact = string.match(ended[i + 1], '^([^\n]*)\n(.*)$')
    local endpoint, account = string.match(staying or '', '^%d+\t([^\t]*)\t(%d+)\t')
    if endpoint == home and not has[account] then
      registrations[#registrations + 1] = {ended[i], staying, contact}
    end
  end
end
return {all(KEYS[1]), all(KEYS[2]), registrations}

-- The registrations of an endpoint.
-- KEYS  1 id to what stays, 2 id to whereabouts, 3 endpoint to "account:id account:id", 4 id by
--       expiry
-- ARGV  endpoint, account or "" for all
-- gives one {id, what stays, whereabouts, expiry in milliseconds} each
local found = {}
for account, id in string.gmatch(redis.call('HGET', KEYS[3], ARGV[1]) or '', '(%d+):(%w+)') do
  if ARGV[2] == '' or ARGV[2] == account then
    local staying = redis.call('HGET', KEYS[1], id)
    local whereabouts = redis.call('HGET', KEYS[2], id)
    local expiry = redis.call('ZSCORE', KEYS[4], id)
    if staying and whereabouts and expiry then
      found[#found + 1] = {id, staying, whereabouts, expiry}
    end
  end
end
return found

-- The registrations of an endpoint.
-- KEYS  1 id to what stays, 2 id to contact, 3 endpoint to "account:id account:id"
-- ARGV  endpoint, account or "" for all
-- gives one {id, what stays, contact} each
local found = {}
for account, id in string.gmatch(redis.call('HGET', KEYS[3], ARGV[1]) or '', '(%d+):(%w+)') do
  if ARGV[2] == '' or ARGV[2] == account then
    local staying = redis.call('HGET', KEYS[1], id)
    local contact = redis.call('HGET', KEYS[2], id)
    if staying and contact then found[#found + 1] = {id, staying, contact} end
  end
end
return found

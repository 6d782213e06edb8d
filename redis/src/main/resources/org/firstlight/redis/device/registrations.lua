-- What the scripts on registrations share.
-- KEYS  1 id to what stays, 2 id to contact, 3 endpoint to "account:id account:id", 4 id by expiry,
--       5 id of one that ended to its lines, until its end is recorded

-- takes a registration out of its endpoint's ids; gives the id that the account had
local function forget(endpoint, account)
  local kept, had = {}, nil
  for a, id in string.gmatch(redis.call('HGET', KEYS[3], endpoint) or '', '(%d+):(%w+)') do
    if a == account then had = id else kept[#kept + 1] = a .. ':' .. id end
  end
  return kept, had
end

local function write_ids(endpoint, ids)
  if #ids == 0 then
    redis.call('HDEL', KEYS[3], endpoint)
  else
    redis.call('HSET', KEYS[3], endpoint, table.concat(ids, ' '))
  end
end

-- removes the lines of an id; gives {id, what stayed, contact}, or nothing if it is not known
local function remove(id)
  local staying = redis.call('HGET', KEYS[1], id)
  local contact = redis.call('HGET', KEYS[2], id)
  redis.call('HDEL', KEYS[1], id)
  redis.call('HDEL', KEYS[2], id)
  redis.call('ZREM', KEYS[4], id)
  if staying and contact then return {id, staying, contact} end
end

-- the same, and its endpoint forgets it
local function deregister(id)
  local removed = remove(id)
  if removed then
    local endpoint, account = string.match(removed[2], '^%d+\t([^\t]*)\t(%d+)\t')
    if endpoint then
      local kept, had = forget(endpoint, account)
      if had == id then write_ids(endpoint, kept) end
    end
  end
  return removed
end

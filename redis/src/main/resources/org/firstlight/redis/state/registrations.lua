-- What begins and ends a device's registrations, as a part of a commit.
-- KEYS  3 id to what stays, 4 id to whereabouts, 5 endpoint to "account:id account:id", 6 id by
--       expiry
-- Each edit has a check, which gives whether it may be done, and an act.
local STAYING, WHEREABOUTS, IDS, EXPIRY = KEYS[3], KEYS[4], KEYS[5], KEYS[6]

-- id to account
local function registered(endpoint)
  local found, count = {}, 0
  for account, id in string.gmatch(redis.call('HGET', IDS, endpoint) or '', '(%d+):(%w+)') do
    found[id] = account
    count = count + 1
  end
  return found, count
end

-- lets those go that are not to stay, and takes one more
local function keep(endpoint, stays, more)
  local kept = {more}
  for id, account in pairs((registered(endpoint))) do
    if stays(id, account) then
      kept[#kept + 1] = account .. ':' .. id
    else
      redis.call('HDEL', STAYING, id)
      redis.call('HDEL', WHEREABOUTS, id)
      redis.call('ZREM', EXPIRY, id)
    end
  end
  if #kept == 0 then
    redis.call('HDEL', IDS, endpoint)
  else
    redis.call('HSET', IDS, endpoint, table.concat(kept, ' '))
  end
end

local function without(endpoint, ended)
  keep(endpoint, function(id) return id ~= ended end)
end

local registration_edits = {
  -- id, account, what stays, whereabouts, expiry in milliseconds
  begin = {
    check = function() return true end,
    act = function(endpoint, id, account, staying, whereabouts, expiry)
      keep(endpoint, function(_, other) return other ~= account end, account .. ':' .. id)
      redis.call('HSET', STAYING, id, staying)
      redis.call('HSET', WHEREABOUTS, id, whereabouts)
      redis.call('ZADD', EXPIRY, expiry, id)
    end
  },
  -- id
  ['end'] = {
    check = function(endpoint, id) return registered(endpoint)[id] ~= nil end,
    act = without
  },
  -- id, now in milliseconds, "1" if it is the device's only one
  expire = {
    check = function(endpoint, id, now, last)
      local found, count = registered(endpoint)
      local expiry = redis.call('ZSCORE', EXPIRY, id)
      return found[id] and expiry and tonumber(expiry) < tonumber(now)
        and (count == 1) == (last == '1')
    end,
    act = without
  },
  -- before which moment in milliseconds
  end_all = {
    check = function() return true end,
    act = function(endpoint, before)
      keep(endpoint, function(id)
        local began =
          string.match(redis.call('HGET', STAYING, id) or '', '^%d+\t[^\t]*\t%d+\t(%d+)\t')
        return began and tonumber(began) >= tonumber(before)
      end)
    end
  }
}


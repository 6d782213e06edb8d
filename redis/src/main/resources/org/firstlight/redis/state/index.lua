-- What the scripts on a shard's index share. Its keys begin with one base:
--   base:homes        the homes by number, in slots of 64 bytes
--   base:free         numbers that wait for a home
--   base:o:<order>    a sorted set of "key\0home\0number"
--   base:w:<word>     the numbers of the homes that have this word: a set of few, a bitmap of many
-- A home keeps what it is found by in the field "#" of its records: its number, then a line for each
-- record that says so: its name, then "\tname=value" per word and "\tname<key" per order.
local FEW = 256
local SLOT = 64

local function add_to_word(key, number)
  if redis.call('TYPE', key).ok == 'string' then
    redis.call('SETBIT', key, number, 1)
    return
  end
  redis.call('SADD', key, number)
  if redis.call('SCARD', key) > FEW then
    local all = redis.call('SMEMBERS', key)
    redis.call('DEL', key)
    for _, one in ipairs(all) do redis.call('SETBIT', key, one, 1) end
  end
end

local function remove_from_word(key, number)
  if redis.call('TYPE', key).ok == 'string' then
    redis.call('SETBIT', key, number, 0)
    if redis.call('BITCOUNT', key) == 0 then redis.call('DEL', key) end
  else
    redis.call('SREM', key, number)
  end
end

-- an order without a key goes by the home's name, in lower case
local function position(key, home)
  if key == '' then key = string.lower(home) end
  return key .. '\0' .. (key == home and '' or home)
end

local function change(base, token, home, number, there)
  local name, kind, key = string.match(token, '^(%w+)([=<])(.*)$')
  if kind == '=' then
    (there and add_to_word or remove_from_word)(base .. ':w:' .. token, number)
  else
    local member = position(key, home) .. '\0' .. string.format('%05x', number)
    if there then
      redis.call('ZADD', base .. ':o:' .. name, 0, member)
    else
      redis.call('ZREM', base .. ':o:' .. name, member)
    end
  end
end

local function number_for(base, home)
  local number = redis.call('RPOP', base .. ':free')
    or redis.call('STRLEN', base .. ':homes') / SLOT
  redis.call('SETRANGE', base .. ':homes', number * SLOT, home .. string.rep('\0', SLOT - #home))
  return tonumber(number)
end

-- tells the index by what a record is found from now on; tokens: as in its line, '' for none
local function index_record(base, records, home, record, tokens)
  local before = redis.call('HGET', records, '#')
  local line = '\n' .. record .. tokens
  if before and tokens ~= '' and string.find(before .. '\n', line .. '\n', 1, true) then return end
  local had, has, lines = {}, {}, ''
  for other in string.gmatch(before or '', '\n[^\n]+') do
    local stays = string.match(other, '^\n([^\t]*)') ~= record
    if stays then lines = lines .. other end
    for token in string.gmatch(other, '\t([^\t]+)') do
      had[token] = true
      if stays then has[token] = true end
    end
  end
  if tokens ~= '' then lines = lines .. line end
  for token in string.gmatch(tokens, '\t([^\t]+)') do has[token] = true end
  local number = before and tonumber(string.match(before, '^%d+'))
  if not number and lines == '' then return end
  number = number or number_for(base, home)
  for token in pairs(had) do
    if not has[token] then change(base, token, home, number, false) end
  end
  for token in pairs(has) do
    if not had[token] then change(base, token, home, number, true) end
  end
  if lines == '' then
    redis.call('HDEL', records, '#')
    redis.call('SETRANGE', base .. ':homes', number * SLOT, string.rep('\0', SLOT))
    redis.call('LPUSH', base .. ':free', number)
  else
    redis.call('HSET', records, '#', string.format('%d', number) .. lines)
  end
end

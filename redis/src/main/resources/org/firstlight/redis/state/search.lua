-- A shard's next homes of a search.
-- KEYS  base of the index, base of the records, then the word that they must have, if there is one
-- ARGV  order, 'up' or 'down', how many are hoped for (a fraction mostly), how many homes have the
--       words, a bitmap of these (-1 and '' if one word is among the keys, or there is none), the
--       bounds of the order, text in lower case, the bounds of the order where the text begins it,
--       then the orders whose key the text may begin
-- gives {1 if there are no more within the bounds, where it stopped, position…}; a position is
--       "key\0home", in no order and perhaps beyond where it stopped, or outside the bounds
local LOOK_AT_MOST = 512
local CANDIDATES = 128
-- what it costs to fetch a home by its number, in members of an order that are looked at
local FETCH = 6
local FIRST_ORDER = 11

local base, records, word = KEYS[1], KEYS[2], KEYS[3]
local name, up, hoped = ARGV[1], ARGV[2] == 'up', tonumber(ARGV[3])
local count, bitmap = tonumber(ARGV[4]), ARGV[5]
local text = ARGV[8]
local order = base .. ':o:' .. name

-- a word that few have is a set: its numbers are asked for when they are needed
local is_set = false
if word then
  is_set = redis.call('TYPE', word).ok == 'set'
  bitmap = not is_set and redis.call('GET', word) or ''
  count = is_set and redis.call('SCARD', word) or redis.call('BITCOUNT', word)
end
if count == 0 then return {1, ''} end

local function is_in_bitmap(number)
  local byte = string.byte(bitmap, math.floor(number / 8) + 1)
  return byte and bit.band(byte, bit.rshift(128, number % 8)) ~= 0
end

local function number_of(member) return tonumber(string.sub(member, -5), 16) end

-- those of some members whose homes have the words
local function having_words(members)
  if count < 0 or #members == 0 then return members end
  local having = {}
  if is_set then
    local numbers = {}
    for i, member in ipairs(members) do numbers[i] = number_of(member) end
    for i, has in ipairs(redis.call('SMISMEMBER', word, unpack(numbers))) do
      if has == 1 then having[#having + 1] = members[i] end
    end
  else
    for _, member in ipairs(members) do
      if is_in_bitmap(number_of(member)) then having[#having + 1] = member end
    end
  end
  return having
end

local function home_of(member)
  local key, home = string.match(member, '^(%Z*)%z(%Z*)')
  return home == '' and key or home
end

local function found_by(home) return redis.call('HGET', records .. home, '#') or '' end

-- the key of a home in an order
local function key_of(home, by, of)
  local key = string.match(by, '\t' .. of .. '<([^\t\n]*)')
  return key == '' and string.lower(home) or key
end

local function has_text(home)
  if text == '' then return true end
  local by = found_by(home)
  for i = FIRST_ORDER, #ARGV do
    local key = key_of(home, by, ARGV[i])
    if key and string.sub(key, 1, #text) == text then return true end
  end
  return false
end

-- looks at some members of the order between two bounds; gives positions, and where it stopped
-- before the upper one
local function walk(low, high, size, test)
  local chunk = up
    and redis.call('ZRANGEBYLEX', order, low, high, 'LIMIT', 0, size)
    or redis.call('ZREVRANGEBYLEX', order, high, low, 'LIMIT', 0, size)
  local found = {}
  for _, member in ipairs(having_words(chunk)) do
    if not test or test(home_of(member)) then found[#found + 1] = string.sub(member, 1, -7) end
  end
  return found, #chunk == size and string.sub(chunk[size], 1, -7) or nil
end

-- how many members to look at for those that are hoped for, where so many of them are right
local function enough(share)
  local mean = hoped / share
  return math.min(LOOK_AT_MOST, math.ceil(mean + 2 * math.sqrt(mean) + 1))
end

-- adds positions of homes that were found in another way; of those beside the ones whose key the
-- text begins if these were walked
local function add(found, homes, beside)
  for home in pairs(homes) do
    local key = key_of(home, found_by(home), name)
    if key and not (beside and string.sub(key, 1, #text) == text) then
      found[#found + 1] = position(key, home)
    end
  end
  return found
end

-- homes with the words, when they are few
local function homes_with_words()
  local homes = {}
  local function add_home(number)
    local from = number * SLOT
    local home =
      string.match(redis.call('GETRANGE', base .. ':homes', from, from + SLOT - 1), '^%Z+')
    if home and has_text(home) then homes[home] = true end
  end
  if is_set then
    for _, number in ipairs(redis.call('SMEMBERS', word)) do add_home(tonumber(number)) end
    return homes
  end
  local at = string.find(bitmap, '%Z')
  while at do
    local byte = string.byte(bitmap, at)
    for i = 0, 7 do
      if bit.band(byte, bit.rshift(128, i)) ~= 0 then add_home((at - 1) * 8 + i) end
    end
    at = string.find(bitmap, '%Z', at + 1)
  end
  return homes
end

local function text_range(of) return base .. ':o:' .. of, '[' .. text, '(' .. text .. '\255' end

local function how_many_begin(orders)
  local sum = 0
  for _, of in ipairs(orders) do sum = sum + redis.call('ZLEXCOUNT', text_range(of)) end
  return sum
end

-- homes with the text in one of these orders, when they are few
local function homes_with_text(orders)
  local homes = {}
  for _, of in ipairs(orders) do
    for _, member in ipairs(having_words(redis.call('ZRANGEBYLEX', text_range(of)))) do
      homes[home_of(member)] = true
    end
  end
  return homes
end

local function answer(found, stopped)
  table.insert(found, 1, stopped and 0 or 1)
  table.insert(found, 2, stopped or '')
  return found
end

-- of a few homes all are given; where there are many, the order is walked: whichever is less work
local all = redis.call('ZCARD', order)
if all == 0 then return {1, ''} end
local share = count < 0 and 1 or math.min(1, count / all)
local size = enough(share)
if count >= 0 and count * FETCH <= size then return answer(add({}, homes_with_words())) end
if text == '' then return answer(walk(ARGV[6], ARGV[7], size)) end

local orders, others = {}, {}
for i = FIRST_ORDER, #ARGV do
  orders[#orders + 1] = ARGV[i]
  if ARGV[i] ~= name then others[#others + 1] = ARGV[i] end
end
if #others < #orders and how_many_begin(others) <= CANDIDATES then
  -- nearly all of them lie side by side in this order
  local found, stopped = walk(ARGV[9], ARGV[10], size)
  return answer(add(found, homes_with_text(others), true), stopped)
end
local begin = how_many_begin(orders)
if begin <= CANDIDATES then return answer(add({}, homes_with_text(orders))) end
return answer(walk(ARGV[6], ARGV[7], enough(share * math.min(1, begin / all)), has_text))

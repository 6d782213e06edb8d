
-- A shard's next homes of a search.
-- KEYS  base of the index, base of the records
-- ARGV  order, 'up' or 'down', how many, how many homes have the words (-1: all, there are none), a
--       bitmap of these, the bounds of the order, text in lower case, the bounds of the order where
--       the text begins it, then the orders whose key the text may begin
-- gives {1 if there are no more, where it stopped, position…}; a position is "key\0home", in no
--       order and perhaps beyond where it stopped, or before the bounds
local LOOK_AT_MOST = 512
local CANDIDATES = 128
local CHUNK = 64
local FIRST_ORDER = 11

local base, records = KEYS[1], KEYS[2]
local name, up, want = ARGV[1], ARGV[2] == 'up', tonumber(ARGV[3])
local count, bitmap = tonumber(ARGV[4]), ARGV[5]
local text = ARGV[8]
local order = base .. ':o:' .. name

local function has_words(number)
  if count < 0 then return true end
  local byte = string.byte(bitmap, math.floor(number / 8) + 1)
  return byte and bit.band(byte, bit.rshift(128, number % 8)) ~= 0
end

local function number_of(member) return tonumber(string.sub(member, -5), 16) end

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

-- walks the order between two bounds; gives positions, and where it stopped before the end
local function walk(low, high, test)
  local found, looked = {}, 0
  local size = (count < 0 and not test) and want or CHUNK
  while true do
    local chunk = up
      and redis.call('ZRANGEBYLEX', order, low, high, 'LIMIT', 0, size)
      or redis.call('ZREVRANGEBYLEX', order, high, low, 'LIMIT', 0, size)
    for _, member in ipairs(chunk) do
      if has_words(number_of(member)) and (not test or test(home_of(member))) then
        found[#found + 1] = string.sub(member, 1, -7)
        if #found == want then return found, found[want] end
      end
    end
    if #chunk < size then return found end
    local last = chunk[size]
    looked = looked + size
    if looked >= LOOK_AT_MOST then return found, string.sub(last, 1, -7) end
    if up then low = '(' .. last else high = '(' .. last end
  end
end

-- adds positions of homes that were found in another way
local function add(found, homes)
  for home in pairs(homes) do
    local key = key_of(home, found_by(home), name)
    if key then found[#found + 1] = position(key, home) end
  end
  return found
end

-- homes with the words, when they are few
local function homes_with_words()
  local homes, at = {}, string.find(bitmap, '%Z')
  while at do
    local byte = string.byte(bitmap, at)
    for i = 0, 7 do
      if bit.band(byte, bit.rshift(128, i)) ~= 0 then
        local from = ((at - 1) * 8 + i) * SLOT
        local slot = redis.call('GETRANGE', base .. ':homes', from, from + SLOT - 1)
        local home = string.match(slot, '^%Z+')
        if home and has_text(home) then homes[home] = true end
      end
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
    for _, member in ipairs(redis.call('ZRANGEBYLEX', text_range(of))) do
      if has_words(number_of(member)) then homes[home_of(member)] = true end
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
if count >= 0 and count * count * 4 <= want * redis.call('ZCARD', order) then
  return answer(add({}, homes_with_words()))
end
if text == '' then return answer(walk(ARGV[6], ARGV[7])) end

local orders, others = {}, {}
for i = FIRST_ORDER, #ARGV do
  orders[#orders + 1] = ARGV[i]
  if ARGV[i] ~= name then others[#others + 1] = ARGV[i] end
end
if how_many_begin(orders) <= CANDIDATES then return answer(add({}, homes_with_text(orders))) end
if #others < #orders and how_many_begin(others) <= CANDIDATES then
  -- nearly all of them lie side by side in this order
  local found, stopped = walk(ARGV[9], ARGV[10])
  return answer(add(found, homes_with_text(others)), stopped)
end
return answer(walk(ARGV[6], ARGV[7], has_text))


-- Notes a record that could not be read, once, and tells of it by an event.
-- KEYS  records of the home, set aside, events, list of the kind, those of it that
--       are due, then the base of its index if it has one
-- ARGV  field, what was read, "move" or "leave", name under which it is noted, reason, event,
--       bound of the stream, member of the lists, home, record in the index, when
-- gives 1 if it was noted now
local field, seen, what, name, reason = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
if redis.call('HGET', KEYS[1], field) ~= seen then return 0 end
if what == 'move' then
  redis.call('HSET', KEYS[2], name, reason .. '\t' .. ARGV[11] .. '\n' .. seen)
  redis.call('HDEL', KEYS[1], field)
  redis.call('ZREM', KEYS[4], ARGV[8])
  redis.call('ZREM', KEYS[5], ARGV[8])
  if KEYS[6] then index_record(KEYS[6], KEYS[1], ARGV[9], ARGV[10], '') end
else
  local noted = redis.call('HGET', KEYS[2], name)
  if noted and string.match(noted, '^[^\t\n]*') == reason then return 0 end
  redis.call('HSET', KEYS[2], name, reason .. '\t' .. ARGV[11])
end
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[7], '*', 'e', ARGV[6])
return 1

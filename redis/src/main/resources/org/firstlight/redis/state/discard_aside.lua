-- Discards what was set aside, if it is the note that was listed.
-- KEYS  set aside
-- ARGV  name, what tells the note from another, as list_aside.lua gives it
-- gives 1 if it was discarded
local noted = redis.call('HGET', KEYS[1], ARGV[1])
if not noted or string.sub(redis.sha1hex(noted), 1, 16) ~= ARGV[2] then return 0 end
return redis.call('HDEL', KEYS[1], ARGV[1])

-- Lets a registration go that take_expired gave.
-- KEYS  4 id by expiry, 5 id of a taken one to its lines
-- ARGV  id
if redis.call('HDEL', KEYS[5], ARGV[1]) == 1 then redis.call('ZREM', KEYS[4], ARGV[1]) end
return 1


-- ARGV  id, endpoint, account, what stays, contact, expiry in milliseconds
-- gives the registration that it took the place of, as {id, what stayed, contact}
local ids, had = forget(ARGV[2], ARGV[3])
ids[#ids + 1] = ARGV[3] .. ':' .. ARGV[1]
write_ids(ARGV[2], ids)
local before = had and remove(had)
redis.call('HSET', KEYS[1], ARGV[1], ARGV[4])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[5])
redis.call('ZADD', KEYS[4], ARGV[6], ARGV[1])
return before

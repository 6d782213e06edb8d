
-- Tells the index of a record that was stored without, if it is still the same.
-- KEYS  records of the home, base of the index
-- ARGV  field, what was read, home, record in the index, what it is found by
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
index_record(KEYS[2], KEYS[1], ARGV[3], ARGV[4], ARGV[5])
return 1

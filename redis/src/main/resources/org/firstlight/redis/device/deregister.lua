
-- ARGV  id
-- gives {id, what stayed, contact}, or nothing if the id is not known
return deregister(ARGV[1]) or false

-- Counts attempts in sliding windows, all of them or none: KEYS are theirs; of each, ARGV has limit, window in
-- microseconds, and cost (0 looks). A key is a hash of slots, of which a window has SLOTS; a slot leaves whole.
-- Answers for each attempt: 1 where there is room for it, what is left, and microseconds until that changes.
local SLOTS = 64
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

-- What a key has counted in the window that ends now: the total, and the slots that hold something, oldest first.
local function counted(key, slot)
  local total, slots, gone = 0, {}, {}
  local held = redis.call('HGETALL', key)
  for i = 1, #held, 2 do
    local at, count = tonumber(held[i]), tonumber(held[i + 1])
    if at < slot - SLOTS then
      gone[#gone + 1] = held[i]
    else
      total = total + count
      slots[#slots + 1] = {at, count}
    end
  end
  if #gone > 0 then
    redis.call('HDEL', key, unpack(gone))
  end
  table.sort(slots, function(one, other) return one[1] < other[1] end)
  return total, slots
end

-- Microseconds until so much has left the window; until the oldest slot has where that is nothing.
local function frees(slots, wanted, width)
  local freed = 0
  for _, slot in ipairs(slots) do
    freed = freed + slot[2]
    if freed >= wanted then
      return math.ceil((slot[1] + SLOTS + 1) * width - now)
    end
  end
  return 0
end

local found, refused = {}, false
for i, key in ipairs(KEYS) do
  local limit, window, cost = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
  local width = window / SLOTS
  local slot = math.floor(now / width)
  local total, slots = counted(key, slot)
  local over = total + math.max(cost, 1) - limit
  refused = refused or over > 0
  found[i] = {limit = limit, window = window, cost = cost, width = width, slot = slot, total = total, slots = slots, over = over}
end

local answer = {}
for i, key in ipairs(KEYS) do
  local one = found[i]
  if one.cost > 0 and not refused then
    redis.call('HINCRBY', key, one.slot, one.cost)
    redis.call('PEXPIRE', key, math.ceil((one.window + one.width) / 1000))
    one.total = one.total + one.cost
    if #one.slots == 0 then
      one.slots[1] = {one.slot, one.cost}
    end
  end
  answer[i] = {one.over <= 0 and 1 or 0, math.max(0, one.limit - one.total), frees(one.slots, math.max(one.over, 1), one.width)}
end
return answer

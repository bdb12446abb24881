-- The load for wrk: every request has its own person, slot and key. Arguments: kind path first people-file.
-- A line of the file is: token, organization, customer, service, staff, path of the list.
local kind, path, n
local people = {}

local START = 1893456000 -- 2030-01-01T00:00:00Z, benchmarks.world.FUTURE
local STEP = 1800

local SMALL = '{"name":"a small body","count":7}'
local HEAD = "Host: 127.0.0.1\r\nAccept: application/json\r\n"

local function mutation()
  local person = people[n % #people + 1]
  local moment = os.date("!%Y-%m-%dT%H:%M:00Z", START + STEP * math.floor(n / #people))
  local body = person.booking .. moment .. '","notes":"Prefers the window seat."}'
  n = n + 1
  return "POST " .. path .. " HTTP/1.1\r\n" .. HEAD .. person.who .. "Idempotency-Key: bench-" .. n ..
    "\r\nContent-Type: application/json\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
end

local function list()
  local person = people[n % #people + 1]
  n = n + 1
  return "GET " .. person.path .. " HTTP/1.1\r\n" .. HEAD .. person.who .. "\r\n"
end

local function empty()
  return "POST " .. path .. " HTTP/1.1\r\n" .. HEAD .. "Content-Type: application/json\r\nContent-Length: " ..
    #SMALL .. "\r\n\r\n" .. SMALL
end

local function get()
  return "GET " .. path .. " HTTP/1.1\r\n" .. HEAD .. "\r\n"
end

local function read(file)
  for line in io.lines(file) do
    local field = {}
    for value in line:gmatch("[^\t]+") do field[#field + 1] = value end
    people[#people + 1] = {
      who = "Authorization: Bearer " .. field[1] .. "\r\nX-Org-Id: " .. field[2] .. "\r\n",
      booking = '{"customer_id":"' .. field[3] .. '","service_id":"' .. field[4] .. '","staff_id":"' .. field[5] ..
        '","scheduled_at":"',
      path = field[6],
    }
  end
end

function init(args)
  kind, path, n = args[1], args[2], tonumber(args[3])
  read(args[4])
  request = ({ mutation = mutation, list = list, empty = empty, get = get })[kind]
end

function done(summary, latency)
  local e = summary.errors
  io.stdout:write(string.format(
    '\nRESULT {"requests": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    e.connect + e.read + e.write + e.status + e.timeout))
end

-- The work of counter.lxm, dispatch.lxm and guarded.lxm upon one table: lua5.4 loops.lua WHAT TURNS
local what, n = arg[1], tonumber(arg[2])
local record = {count = 0, wraps = 0, total = 0, status = "idle", last = 0}
local names = {"start", "tick", "stop", "reset"}

local dispatch = {
  start = function(r, i) r.total = r.total + i end,
  tick = function(r, i) r.total = r.total + 1 end,
  stop = function(r, i) r.total = r.total - i end,
  reset = function(r, i) r.total = 0 end,
}

local guarded = {
  start = function(r, i)
    if r.status == "idle" and r.count < 1000000000 then
      r.status = "running"
      r.count = r.count + 1
      r.last = i
    end
  end,
  tick = function(r, i)
    if r.status == "running" and i % 8 ~= 0 then r.total = r.total + i end
  end,
  stop = function(r, i)
    if r.status == "running" then
      r.status = "idle"
      r.last = i
    end
  end,
  reset = function(r, i)
    if r.total > 1000000 then
      r.total = 0
      r.wraps = r.wraps + 1
    end
  end,
}

local work = {}
function work.counter()
  for i = 1, n do
    record.count = record.count + 1
    if record.count >= 1000 then
      record.count = 0
      record.wraps = record.wraps + 1
    end
  end
end
function work.dispatch() for i = 0, n - 1 do dispatch[names[i % 4 + 1]](record, i) end end
function work.guarded() for i = 0, n - 1 do guarded[names[i % 4 + 1]](record, i) end end
work[what]()

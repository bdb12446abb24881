"""Breakers in Valkey, shared by all processes of an application."""

from typing import Any
from uuid import uuid4

from portico.adapters.valkey.connection import Script, Valkey, ValkeyDown
from portico.ports.breaker import BreakersDown, Condition, Pass, Rule, State
from portico.ports.clock import Clock

# One hash for each breaker that is open (until, probe, leased) and one list of its last failures, newest last. While a
# probe is out, asking again makes sense after a second. Times come from the caller's clock, in whole milliseconds.
ADMIT = Script("""
local until_ = tonumber(redis.call('hget', KEYS[1], 'until'))
local now = tonumber(ARGV[1])
if not until_ then return {1, '', '0'} end
if now < until_ then return {0, '', tostring(until_ - now)} end
local leased = tonumber(redis.call('hget', KEYS[1], 'leased')) or 0
if now < leased then return {0, '', tostring(math.min(1000, leased - now))} end
redis.call('hset', KEYS[1], 'probe', ARGV[2], 'leased', tostring(now + tonumber(ARGV[3])))
return {1, ARGV[2], '0'}
""")
SUCCEED = Script("""
if redis.call('hget', KEYS[1], 'probe') == ARGV[1] then redis.call('del', KEYS[1], KEYS[2]) end
return 1
""")
FAIL = Script("""
local now, most, window, reset = tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local function open()
  redis.call('hset', KEYS[1], 'until', tostring(now + reset))
  redis.call('hdel', KEYS[1], 'probe', 'leased')
  redis.call('expire', KEYS[1], 86400)
  redis.call('del', KEYS[2])
end
if redis.call('hexists', KEYS[1], 'until') == 1 then
  if ARGV[2] ~= '' and redis.call('hget', KEYS[1], 'probe') == ARGV[2] then open() end
  return 1
end
redis.call('rpush', KEYS[2], tostring(now))
redis.call('ltrim', KEYS[2], -most, -1)
redis.call('pexpire', KEYS[2], window)
local oldest = tonumber(redis.call('lindex', KEYS[2], -most))
if oldest and oldest > now - window then open() end
return 1
""")
ABANDON = Script("""
if redis.call('hget', KEYS[1], 'probe') == ARGV[1] then redis.call('hdel', KEYS[1], 'probe', 'leased') end
return 1
""")
LOOK = Script("""
local until_, now = tonumber(redis.call('hget', KEYS[1], 'until')), tonumber(ARGV[1])
if until_ then
  if now < until_ then return {'open', 0, tostring(until_ - now)} end
  return {'half-open', 0, '0'}
end
local counted = 0
for _, at in ipairs(redis.call('lrange', KEYS[2], 0, -1)) do
  if tonumber(at) > now - tonumber(ARGV[2]) then counted = counted + 1 end
end
return {'closed', counted, '0'}
""")
STATES: dict[bytes, State] = {b"closed": "closed", b"open": "open", b"half-open": "half-open"}


class ValkeyBreakers:
    """Keeps the breakers of all processes; what is open is forgotten after a day in which nobody has called."""

    def __init__(self, valkey: Valkey, clock: Clock) -> None:
        """All closed, unless other processes know better. Clocks of machines may differ by a little."""
        self._valkey = valkey
        self._clock = clock

    async def admit(self, service: str, rule: Rule) -> Pass:
        """May a call go out?"""
        allowed, probe, wait = await self._run(ADMIT, service, self._now(), uuid4().hex, _ms(rule.lease))
        return Pass(bool(allowed), probe.decode(), int(wait) / 1000)

    async def succeed(self, service: str, *, probe: str) -> None:
        """Close, where it was the probe."""
        if probe:
            await self._run(SUCCEED, service, probe)

    async def fail(self, service: str, rule: Rule, *, probe: str) -> None:
        """Count, or open again."""
        await self._run(FAIL, service, self._now(), probe, rule.failures, _ms(rule.window), _ms(rule.reset))

    async def abandon(self, service: str, *, probe: str) -> None:
        """Let another go."""
        await self._run(ABANDON, service, probe)

    async def condition(self, service: str, rule: Rule) -> Condition:
        """What it looks like now."""
        state, failures, wait = await self._run(LOOK, service, self._now(), _ms(rule.window))
        return Condition(STATES[state], failures, int(wait) / 1000)

    async def _run(self, script: Script, service: str, *arguments: str | int) -> Any:
        """What a script answers about a service; raises BreakersDown."""
        keys = [self._valkey.key("breaker", "{" + service + "}", part) for part in ("open", "failures")]
        try:
            return await self._valkey.run(script, keys, arguments)
        except ValkeyDown as down:
            raise BreakersDown from down

    def _now(self) -> int:
        return _ms(self._clock.now().timestamp())


def _ms(seconds: float) -> int:
    return round(seconds * 1000)

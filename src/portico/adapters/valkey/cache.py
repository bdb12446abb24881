"""Answers kept in Valkey, for all processes of an application."""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from portico.adapters.valkey.connection import Script, Valkey, ValkeyDown
from portico.ports.cache import Kept, Life, Look, Mark

LEAD = 10_000
"""Milliseconds after which another process may lead: the one that did is gone, or slow."""
KNOWN = 86_400_000
"""Milliseconds for which a tag is known at least; an answer that outlives its tag is void."""
MOST_OWED = 10_000
"""So many tags are remembered that could not be dropped, or marked stale; with more, all that is kept is."""
ALL = "*"
"""The tag of everything: each answer has it beside its own."""
SEPARATOR = b"\n"

# Each tag is a hash of two values: `d` changes when it is dropped, `s` when it is marked stale. An unknown one is made.
LOOK = Script("""
local stand = {}
for i = 2, #KEYS do
  local known = redis.call('HMGET', KEYS[i], 'd', 's')
  if not known[1] then
    known = {ARGV[1] .. i, '0'}
    redis.call('HSET', KEYS[i], 'd', known[1], 's', known[2])
    redis.call('PEXPIRE', KEYS[i], ARGV[2])
  end
  stand[#stand + 1] = known[1]
  stand[#stand + 1] = known[2]
end
local kept = redis.call('HMGET', KEYS[1], 'body', 'drops', 'doubts', 'stale')
return {kept, redis.call('PTTL', KEYS[1]), stand}
""")
# Kept only while the tags stand as they did at its mark; the tags are known for as long as the answer is.
KEEP = Script("""
local drops = {}
for i = 2, #KEYS do
  drops[#drops + 1] = redis.call('HGET', KEYS[i], 'd') or ''
end
if table.concat(drops, ' ') ~= ARGV[2] then
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'body', ARGV[1], 'drops', ARGV[2], 'doubts', ARGV[3], 'stale', ARGV[5])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
for i = 2, #KEYS do
  if redis.call('PTTL', KEYS[i]) < tonumber(ARGV[4]) then
    redis.call('PEXPIRE', KEYS[i], ARGV[4])
  end
end
return 1
""")
DROP = Script("""
for i = 1, #KEYS do
  redis.call('HSET', KEYS[i], 'd', ARGV[1] .. i, 's', '0')
  if redis.call('PTTL', KEYS[i]) < tonumber(ARGV[2]) then
    redis.call('PEXPIRE', KEYS[i], ARGV[2])
  end
end
""")
DOUBT = Script("""
for i = 1, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 1 then
    redis.call('HSET', KEYS[i], 's', ARGV[1] .. i)
  end
end
""")
RESIGN = Script("if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end")


class ValkeyCache:
    """Shared between processes, one trip for each step. Where the server is gone nothing is found, and nothing kept.

    A tag that could not be dropped, or marked stale, is so before this process looks again. The server's clock ends
    answers.
    """

    def __init__(self, valkey: Valkey) -> None:
        """Whoever opened the connection closes it."""
        self._valkey = valkey
        self._leads: dict[str, str] = {}
        self._owed: dict[Script, dict[str, object]] = {DROP: {}, DOUBT: {}}

    async def look(self, key: str, tags: tuple[str, ...]) -> Look:
        """What is kept under the key, and how the tags stand now."""
        with suppress(ValkeyDown):
            await self._pay()
            keys = [self._valkey.key("kept", key), *self._named((*tags, ALL))]
            kept, left, stand = await self._valkey.run(LOOK, keys, [_new(), KNOWN])
            return _read(kept, left, Mark(tags, tuple(stand[::2]), tuple(stand[1::2])))
        return Look(None, fresh=False, mark=Mark(tags, (), (_new(),)))  # nobody knows whether it stands as before

    async def keep(self, key: str, kept: Kept, *, mark: Mark, life: Life) -> None:
        """Keep an answer, unless a tag was dropped since its mark."""
        if not mark.drops:  # it was read while the server was gone
            return
        keys = [self._valkey.key("kept", key), *self._named((*mark.tags, ALL))]
        body = kept.etag.encode() + SEPARATOR + kept.body
        lasts = [max(1, round((life.fresh + life.stale) * 1000)), round(life.stale * 1000)]
        with suppress(ValkeyDown):
            await self._valkey.run(KEEP, keys, [body, _joined(mark.drops), _joined(mark.doubts), *lasts])

    async def drop(self, tags: Sequence[str]) -> None:
        """Make void what is kept under one of the tags; owed where the server does not say that it was done."""
        await self._owe(DROP, tags)

    async def doubt(self, tags: Sequence[str]) -> None:
        """Mark stale what is kept under one of the tags; owed as well."""
        await self._owe(DOUBT, tags)

    async def lead(self, key: str) -> bool:
        """Whether this process makes the answer; every one does while the server is gone."""
        token = _new()
        try:
            led = await self._valkey.call("SET", self._valkey.key("lead", key), token, "NX", "PX", LEAD)
        except ValkeyDown:
            return True
        if led:
            self._leads[key] = token
        return bool(led)

    async def resign(self, key: str) -> None:
        """Let another process make the next one; what was taken over meanwhile is left alone."""
        token = self._leads.pop(key, None)
        if token is not None:
            with suppress(ValkeyDown):
                await self._valkey.run(RESIGN, [self._valkey.key("lead", key)], [token])

    async def close(self) -> None:
        """Nothing of its own is held open."""

    async def _owe(self, script: Script, tags: Sequence[str]) -> None:
        """Have it done to the tags, now or later."""
        owed = self._owed[script]
        owed.update(dict.fromkeys(tags, object()))
        if len(owed) > MOST_OWED:
            owed.clear()
            owed[ALL] = object()
        with suppress(ValkeyDown):
            await self._pay()

    async def _pay(self) -> None:
        """Do what is owed; what is added meanwhile stays owed. Raises ValkeyDown."""
        for script, owed in self._owed.items():
            if paying := dict(owed):
                await self._valkey.run(script, self._named([*paying]), [_new(), KNOWN])
                for tag, since in paying.items():
                    if owed.get(tag) is since:
                        del owed[tag]

    def _named(self, tags: Sequence[str]) -> list[str]:
        return [self._valkey.key("tag", tag) for tag in tags]


def _read(kept: Sequence[Any], left: int, mark: Mark) -> Look:
    body, drops, doubts, stale = kept
    if body is None or left <= 0 or drops != _joined(mark.drops):
        return Look(None, fresh=False, mark=mark)
    etag, _, data = body.partition(SEPARATOR)
    return Look(Kept(data, etag.decode()), left > int(stale) and doubts == _joined(mark.doubts), mark)


def _joined(values: Sequence[object]) -> bytes:
    """Values as the scripts compare them."""
    return b" ".join([value for value in values if isinstance(value, bytes)])


def _new() -> str:
    """What was never there before, whatever the server has forgotten."""
    return secrets.token_hex(8)

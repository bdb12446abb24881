"""One application's way to a Valkey server: bounded in time and in connections, quick where the server is gone."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from hashlib import sha1
from typing import Any

from redis import exceptions as wrong
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.maint_notifications import MaintNotificationsConfig

from portico.adapters.valkey.health import Health
from portico.adapters.valkey.urls import reachable, spoken

GONE = (wrong.ConnectionError, wrong.TimeoutError, wrong.OutOfMemoryError, wrong.ReadOnlyError, OSError)
"""What says that the server, not the question, is at fault. asyncio's timeout is an OSError."""
DENIED = (wrong.AuthenticationError, wrong.AuthorizationError)
Argument = str | bytes | int | float


class ValkeyDown(Exception):
    """The server does not answer; what that means is for each port's adapter to say."""


class Script:
    """A Lua script, which runs on the server as one indivisible step; sent once, known by its hash afterwards."""

    __slots__ = ("sha", "source")

    def __init__(self, source: str) -> None:
        """Nothing is sent before it is run."""
        self.source = source
        self.sha = sha1(source.encode(), usedforsecurity=False).hexdigest()


class Valkey:
    """A pool of connections to one server.

    Every question has `timeout` seconds, the wait for a connection included. Where the server does not answer, one
    caller each second asks again and all others are told at once; the log says so once, and once more when it is back.
    """

    def __init__(self, url: str, *, prefix: str, timeout: float = 1.0, connections: int = 20) -> None:
        """Nothing is connected before the first question; `prefix` begins every key of `key`.

        Raises ValueError where the URL is none of redis://, rediss://, valkey://, valkeys:// and unix://.
        """
        self._pool = BlockingConnectionPool.from_url(
            spoken(url),
            max_connections=connections,
            timeout=None,  # `_within` bounds the wait and the answer together
            socket_timeout=None,
            socket_connect_timeout=None,
            retry=Retry(NoBackoff(), 0),
            driver_info=None,
            maint_notifications_config=MaintNotificationsConfig(enabled=False),
        )
        self.client: Redis = Redis(connection_pool=self._pool)
        """For what `call` cannot do, such as subscriptions; the caller bounds its time."""
        self._prefix = prefix
        self._timeout = timeout
        self._health = Health(reachable(url))

    def key(self, *parts: str) -> str:
        """A key of this application."""
        return ":".join((self._prefix, *parts))

    async def call(self, *command: Argument) -> Any:
        """What the server answers to one command; raises ValkeyDown."""
        return await self._within(lambda: self.client.execute_command(*command))

    async def run(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        """What a script answers, in one trip where the server knows it; raises ValkeyDown."""
        given = (len(keys), *keys, *arguments)

        async def evaluate() -> Any:
            try:
                return await self.client.execute_command("EVALSHA", script.sha, *given)
            except wrong.NoScriptError:
                return await self.client.execute_command("EVAL", script.source, *given)

        return await self._within(evaluate)

    async def check(self) -> None:
        """Ask for a sign of life; raises ValkeyDown, or PermissionError where the server does not let us in."""
        try:
            await self.call("PING")
        except ValkeyDown as down:
            if isinstance(down.__cause__, DENIED):
                raise PermissionError(str(down.__cause__)) from down
            raise

    async def close(self) -> None:
        """Close every connection."""
        await self.client.aclose()
        await self._pool.disconnect()

    async def _within(self, ask: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """Ask in time, unless it is known to be in vain."""
        if self._health.hopeless():
            raise ValkeyDown(self._health.reason)
        try:
            async with asyncio.timeout(self._timeout):
                answer = await ask()
        except GONE as problem:
            self._health.failed(problem)
            raise ValkeyDown(self._health.reason) from problem
        self._health.answered()
        return answer

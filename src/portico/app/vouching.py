"""Callers whom a host's own sign-in knows: this process vouches for them, as for callers in-process."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import TypeAlias
from uuid import UUID

from portico.core.hints import shown
from portico.core.principal import Principal, Request
from portico.errors import Misconfigured, TimedOut

Who: TypeAlias = Callable[[Request], Awaitable[Principal | None]]
"""Says who makes a request; None where it knows nobody, who may then bring a session or a key of Portico's."""
Vouch: TypeAlias = Callable[[Request], Awaitable[bytes | None]]
"""The credential of whoever makes a request, where the host knows them."""


def check_who(who: Who | None) -> None:
    """Raise Misconfigured where it could not be asked: it is an async function that takes the request."""
    if who is None:
        return
    asked = inspect.iscoroutinefunction(who) or inspect.iscoroutinefunction(type(who).__call__)
    try:
        inspect.signature(who).bind(None)
    except TypeError:
        asked = False
    if not asked:
        message = f"App(who={shown(who)}): write an async function of the request, async def who(request: Request)"
        raise Misconfigured(message)


def vouching(who: Who, prove: Callable[[bytes], bytes], *, seconds: float) -> Vouch:
    """Credentials for those whom the host knows: their ids, with the proof that the gate asks for.

    Asking raises TimedOut where the host has not answered after so many seconds.
    """

    async def vouch(request: Request) -> bytes | None:
        patience = asyncio.timeout(seconds)
        try:
            async with patience:
                found: object = await who(request)
        except TimeoutError:
            if patience.expired():
                raise TimedOut from None
            raise
        if found is None:
            return None
        if not isinstance(found, Principal) or not isinstance(found.id, UUID):
            gave = type(found).__name__
            if isinstance(found, Principal):
                gave += f" whose id is a {type(found.id).__name__} and no UUID"
            message = f"App(who=…) gave a {gave}: give User(id) of somebody in portico.users, or None."
            raise Misconfigured(message)
        return found.id.bytes + prove(found.id.bytes)

    return vouch

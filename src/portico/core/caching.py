"""A function whose answers are kept: the handler of a cached query, or a plain function that takes a context."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from copy import deepcopy
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, NamedTuple, TypeAlias

from portico.core.call import Call, again
from portico.core.context import PublicContext, TenantContext, call_of
from portico.core.encoding import Codec
from portico.core.guarded import guarded
from portico.core.inputs import MISSING, Arguments, Binder
from portico.core.keeping import Keeping
from portico.core.tags import scoped
from portico.core.template import Template
from portico.errors import Misconfigured
from portico.ports.cache import Kept, Life, Look
from portico.ports.database import Facts
from portico.ports.paging import Keyset

Spelled: TypeAlias = tuple[str, str]
"""How an input was spelled: the path, decoded, and the query string, as it came."""
MOST_KNOWN = 1000
"""So many spellings of an input are known by their place."""


class Function(NamedTuple):
    """A function, and what its signature says."""

    name: str
    """Its own in the whole application, its version included."""
    run: Callable[..., Coroutine[Any, Any, object]]
    context: type[PublicContext]
    binder: Binder
    codec: Codec


class Ready:
    """An encoder for who wants bytes: what is kept is given as it is."""

    __slots__ = ("codec", "kept", "spelled")

    def __init__(self, codec: Codec, spelled: Spelled | None = None) -> None:
        """Stand for the codec of one action; what is `spelled` the same is the same input."""
        self.codec, self.spelled = codec, spelled
        self.kept: Kept | None = None

    def __call__(self, value: object) -> bytes:
        """The kept bytes, or the value's."""
        return self.packed(value).body

    def packed(self, value: object) -> Kept:
        """What is kept, or the value as it would be."""
        if self.kept is None:
            self.kept = packed(self.codec.encode(value))
        return self.kept


class Keeper:
    """Runs a function, or gives out what it answered before.

    The key holds all that its context can tell of the caller, so that no answer reaches who would have got another. A
    transaction that writes goes past the cache: it must see its own writes, and what it sees may be rolled back.
    """

    __slots__ = ("_known", "_pages", "context", "function", "keeping", "of_org", "tags", "typed")

    def __init__(self, function: Function, keeping: Keeping, *, typed: bool = False) -> None:
        """`typed`: the value is wanted even where somebody takes the bytes.

        Raises Misconfigured for what is no data.
        """
        if function.codec.page or function.codec.redirect:
            message = "it is cached, and returns a page or a redirect; cache what it reads, with @cached"
            raise Misconfigured(message)
        self.function, self.keeping, self.typed = function, keeping, typed
        self.of_org = issubclass(function.context, TenantContext)
        self.tags = [Template(tag) for tag in keeping.tags]
        self.context = guarded(function.context, shared=keeping.shared)
        parameters = function.binder.parameters
        self._pages = [p.name for p in parameters if p.model is not None and issubclass(p.model, Keyset)]
        self._known: dict[object, tuple[str, tuple[str, ...]]] = {}

    async def __call__(self, ctx: PublicContext, /, *args: object, **input: object) -> object:
        """The answer: kept, or made now and kept."""
        call, arguments = call_of(ctx), self._arguments(args, input)
        if call.transaction is not None and not call.transaction.read_only:
            return await self.function.run(ctx, **arguments)
        services, making = call.services, self.making(call, arguments)
        look = await services.cache.look(making.key, making.tags)
        if look.kept is None:
            return await services.flights.made(making, look)
        if not look.fresh:
            services.flights.renew(making)
        return making.given(look.kept)

    def making(self, call: Call, arguments: Arguments) -> "Making":
        """The answer of this call: where it is kept, and how it is made."""
        if not self.keeping.shared:
            return Making(self, call, arguments, *self._place(call, arguments, told_of(call.facts)))
        who = call.facts[4:9] if self.of_org else None
        ready = self.ready(call)
        if ready is None or ready.spelled is None:
            return Making(self, call, arguments, *self._place(call, arguments, who))
        known = (ready.spelled, call.request.locale, who)
        place = self._known.get(known)
        if place is None:
            place = self._known[known] = self._place(call, arguments, who)
            if len(self._known) > MOST_KNOWN:
                del self._known[next(iter(self._known))]
        return Making(self, call, arguments, *place)

    def known(self, spelled: Spelled, locale: str) -> tuple[str, tuple[str, ...]] | None:
        """Key and tags of what is kept for everybody, where an input that was spelled so has been asked for before."""
        return self._known.get((spelled, locale, None))

    def ready(self, call: Call) -> Ready | None:
        """Who takes the bytes, where somebody does."""
        encoder = call.encoder
        return encoder if isinstance(encoder, Ready) and encoder.codec is self.function.codec else None

    def _place(self, call: Call, arguments: Arguments, who: object) -> tuple[str, tuple[str, ...]]:
        """Key and tags."""
        function = self.function
        names = f"{function.name}\0{call.request.locale}\0{who!r}\0".encode()
        edges = repr([arguments[name].edges for name in self._pages]).encode()
        key = blake2b(names + function.binder.canonical(arguments) + edges, digest_size=24).hexdigest()
        return key, self._tagged(call.facts, arguments)

    def _tagged(self, facts: Facts, arguments: Arguments) -> tuple[str, ...]:
        if not self.tags:
            return ()
        values, scope = self.function.binder.flatten(arguments), facts.org_id if self.of_org else None
        filled = [tag.fill(values) for tag in self.tags]
        return tuple([scoped(scope, tag) for tag in filled if tag])

    def _arguments(self, args: tuple[object, ...], input: Mapping[str, object]) -> Arguments:
        parameters = self.function.binder.parameters
        if not args and len(input) == len(parameters):
            return dict(input)
        named = dict(zip((p.name for p in parameters), args, strict=False)) | dict(input)
        return {**{p.name: p.default for p in parameters if p.default is not MISSING}, **named}


@dataclass(frozen=True, slots=True)
class Making:
    """An answer that one call wants: made by it, or by whoever is at it already."""

    keeper: Keeper
    call: Call
    arguments: Arguments
    key: str
    tags: tuple[str, ...]

    async def read(self) -> object:
        """Run the function, on an input of its own: other calls are given the same."""
        return await self.keeper.function.run(self.keeper.context(self.call), **deepcopy(self.arguments))

    async def keep(self, value: object, look: Look) -> Kept:
        """Keep what was read after the look."""
        keeper, services = self.keeper, self.call.services
        kept = packed(keeper.function.codec.encode(value))
        fresh = services.cache_ttl if keeper.keeping.ttl is None else keeper.keeping.ttl
        await services.cache.keep(self.key, kept, mark=look.mark, life=Life(fresh, keeper.keeping.stale))
        if (ready := self._ready()) is not None:
            ready.kept = kept
        return kept

    def given(self, kept: Kept) -> object:
        """A kept answer: its bytes to who encodes it anyway, else its value, the caller's own."""
        ready = self._ready()
        if ready is not None:
            ready.kept = kept
            if not self.keeper.typed:
                return None
        return self.keeper.function.codec.decode(kept.body)

    async def renew(self) -> None:
        """Read anew in a transaction of its own, as the same caller; who is another by now renews nothing.

        It may take as long as the call. Raises TimeoutError where it takes longer.
        """
        services, call = self.call.services, again(self.call)
        transaction = call.transaction = services.database.lazily(read_only=True)
        try:
            async with asyncio.timeout(self.call.patience.seconds):
                if call.entry is not None:
                    call.pass_gate(await transaction.gate(call.entry))
                making = self.keeper.making(call, self.arguments)
                if making.key == self.key:
                    look = await services.cache.look(making.key, making.tags)
                    await making.keep(await making.read(), look)
        finally:
            await transaction.rollback()

    def _ready(self) -> Ready | None:
        return self.keeper.ready(self.call)


def told_of(facts: Facts) -> object:
    """All that a context tells of who calls, where, and what they may do."""
    return facts[:10], facts.operator, facts.key_id, facts.key_scopes, facts.permissions


def packed(body: bytes) -> Kept:
    """Bytes to be kept, with what tells them from others."""
    return Kept(body, blake2b(body, digest_size=16).hexdigest())

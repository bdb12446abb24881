"""Cached: a query's answers, kept."""

from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from portico.core.caching import Function, Keeper
from portico.core.context import PublicContext
from portico.core.encoding import Codec
from portico.core.fitting import refuse_bare
from portico.core.keeping import Keeping, seconds_of, tags_of
from portico.core.mentions import check_mentions
from portico.core.policy import Contract, Policy
from portico.core.signature import read_signature
from portico.errors import Misconfigured

P = ParamSpec("P")
T = TypeVar("T")
C = TypeVar("C", bound=PublicContext)
LEAST = 0.001
"""A millisecond."""


class Cached(Policy):
    """The answers of a query are kept: `Cached(ttl=60, tags=("services", "service:{id}"))`.

    Each caller has their own, for as long as what the context tells of them stays as it is. `shared` keeps one for all
    who may call in the organization (for all there are, where the context promises none), and the handler is then not
    told who calls. `ttl` is in seconds or a timedelta, five minutes unless the settings say otherwise. For `stale`
    after that an answer is still given out, while a new one is made. `tags` are templates of the input: `Invalidates`,
    `ctx.update_tag` and `ctx.revalidate_tag` make void what has them. The wire gets an `ETag`, and 304 where it has the
    answer already; with `max_age`, everybody on the way may keep a public, shared one for so long.

    Raises Misconfigured where a time makes no sense, or a tag names the result.
    """

    ttl: float | timedelta | None = None
    tags: str | Sequence[str] = ()
    shared: bool = False
    stale: float | timedelta = 0
    max_age: float | timedelta | None = None

    def __post_init__(self) -> None:
        """Raise Misconfigured where it makes no sense."""
        object.__setattr__(self, "tags", tags_of(self.tags))
        if self.max_age is not None and not self.shared:
            message = (
                "Cached(max_age=…) lets everybody on the way keep it, as only a shared answer may be; add shared=True."
            )
            raise Misconfigured(message)
        _ = self.keeping

    @property
    def keeping(self) -> Keeping:
        """How answers are kept."""
        return Keeping(
            None if self.ttl is None else seconds_of("ttl", self.ttl, least=LEAST),
            tags_of(self.tags),
            self.shared,
            seconds_of("stale", self.stale),
            None if self.max_age is None else seconds_of("max_age", self.max_age),
        )

    def contract(self) -> Contract:
        """It adds ETag, Cache-Control and Vary, and reads If-None-Match."""
        return Contract(headers=("ETag", "Cache-Control", "Vary"), inputs=("If-None-Match",))


def cached(
    ttl: float | timedelta | None = None,
    tags: str | Sequence[str] = (),
    *,
    shared: bool = False,
    stale: float | timedelta = 0,
) -> Callable[
    [Callable[Concatenate[C, P], Coroutine[Any, Any, T]]], Callable[Concatenate[C, P], Coroutine[Any, Any, T]]
]:
    """Keep the answers of a plain async function that takes a context first, as `Cached` keeps those of a query.

    Its parameters and its result must be types that Pydantic knows; tags are templates of its parameters. What a caller
    gets is the caller's own to change. Raises Misconfigured, when the function is declared, for what cannot be kept.
    """
    refuse_bare("cached()", ttl)
    policy = Cached(ttl, tags, shared, stale)

    def declare(
        function: Callable[Concatenate[C, P], Coroutine[Any, Any, T]],
    ) -> Callable[Concatenate[C, P], Coroutine[Any, Any, T]]:
        name = f"{function.__module__}.{function.__qualname__}"
        try:
            signature = read_signature(function, "GET", set())
            codec = Codec(signature.returns)
            check_mentions((policy,), signature.binder, codec)
            keeper = Keeper(Function(name, function, signature.context, signature.binder, codec), policy.keeping)
        except Misconfigured as problem:
            message = f"{name} is to be cached: {problem}."
            raise Misconfigured(message) from None

        @wraps(function)
        async def kept(ctx: C, /, *args: P.args, **input: P.kwargs) -> T:
            return cast("T", await keeper(ctx, *args, **input))

        return kept

    return declare

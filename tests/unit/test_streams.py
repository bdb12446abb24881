"""What makes a stream, and what refuses the start."""

from collections.abc import AsyncIterator, Callable
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from portico import (
    Anyone,
    App,
    Audit,
    Cached,
    Idempotent,
    Misconfigured,
    Module,
    Policy,
    Public,
    PublicContext,
    RateLimit,
    Stream,
    Timeout,
    UserContext,
)
from portico.core.plan import Plan
from portico.core.stream import row_of

pytestmark = pytest.mark.anyio


async def numbers(ctx: UserContext, most: int = 3) -> AsyncIterator[int]:
    """Some numbers."""
    for number in range(most):
        yield number


async def handed_on(ctx: UserContext, most: int = 3) -> AsyncIterator[int]:
    """The same numbers."""
    return numbers(ctx, most)


def stream(
    handler: Callable[..., Any], *policies: Policy, route: str = "GET /numbers"
) -> tuple[Stream[Any, ..., Any], Module]:
    """A module with one stream."""
    module = Module("things")
    return module.export(route, Anyone("a test"), *policies)(handler), module


def plan_of(*policies: Policy, defaults: tuple[Policy, ...] = ()) -> Plan:
    """The plan of one stream."""
    made, module = stream(numbers, *policies)
    return App("small", modules=[module], defaults=defaults).plans[made.name]


def told(handler: Callable[..., Any], *policies: Policy) -> str:
    """Why the application does not start."""
    _, module = stream(handler, *policies)
    with pytest.raises(Misconfigured) as refusal:
        App("small", modules=[module])
    return str(refusal.value)


def kinds(plan: Plan) -> dict[str, list[Policy]]:
    """The plan's policies by their class."""
    found: dict[str, list[Policy]] = {}
    for policy in plan.policies:
        found.setdefault(type(policy).__name__, []).append(policy)
    return found


def test_a_stream_is_in_the_registry() -> None:
    """With its kind, its place and its purpose, like an action."""
    made, module = stream(numbers)

    found = App("small", modules=[module]).actions["things.numbers"]

    assert found is made
    assert (made.kind, made.place.method, made.place.path, made.purpose) == (
        "export",
        "GET",
        "/numbers",
        "Some numbers.",
    )


def test_a_stream_only_reads() -> None:
    """Its type is that of a row."""
    plan = plan_of()

    assert (plan.read_only, plan.codec.returns) == (True, int)


def test_a_stream_is_audited_limited_and_ends() -> None:
    """Where nobody says otherwise."""
    found = kinds(plan_of())

    assert found["Audit"] == [Audit("things.exported", target="things.numbers")]
    assert found["Timeout"] == [Timeout(600)]
    assert [(cast("RateLimit", p).rate, cast("RateLimit", p).scope) for p in found["RateLimit"]] == [
        ("expensive", "exports"),
        ("api", "app"),
    ]


def test_what_a_stream_says_of_itself_holds() -> None:
    """Its own audit, its own time, its own limit; the application's stay where they stack."""
    found = kinds(plan_of(Audit("numbers.taken"), Timeout(5), RateLimit("1/h"), defaults=(RateLimit("9/m"),)))

    assert (found["Audit"], found["Timeout"]) == ([Audit("numbers.taken")], [Timeout(5)])
    assert sorted(cast("RateLimit", p).rate for p in found["RateLimit"]) == ["1/h", "9/m"]


def test_the_application_may_say_it_for_all() -> None:
    """An Audit among the defaults comes before the built-in one."""
    assert kinds(plan_of(defaults=(Audit("data.taken"),)))["Audit"] == [Audit("data.taken")]


def test_a_stream_that_is_not_fit_does_not_start() -> None:
    """Each is told what to write."""

    async def formatted(ctx: UserContext, format: str) -> AsyncIterator[int]:
        yield 1

    async def listed(ctx: UserContext) -> list[int]:
        return [1]

    async def opened(ctx: PublicContext) -> AsyncIterator[int]:
        yield 1

    assert "its member format says how an export is written; rename it" in told(formatted)
    assert "a stream gives rows; write -> AsyncIterator[Thing]" in told(listed)
    assert "an export is not stored, and cannot be replayed; leave Idempotent out" in told(numbers, Idempotent())
    assert "it is an export, and Cached keeps answers of queries" in told(numbers, Cached(ttl=60))
    assert 'write Public("why anybody may")' in told(opened)


def test_a_stream_is_got() -> None:
    """No other method, no function that is not async."""
    with pytest.raises(Misconfigured, match='write the route of an export as "GET /things"'):
        stream(numbers, route="POST /numbers")
    with pytest.raises(Misconfigured, match="an action is an async function"):
        stream(lambda _ctx: iter(()))


def test_a_public_stream_may_be_anybodys() -> None:
    """It reads; its limit is by address where nobody is signed in."""

    async def opened(ctx: PublicContext) -> AsyncIterator[date]:
        yield date(2030, 5, 17)

    module = Module("things")
    module.export("GET /days", Public("a test"))(opened)

    assert App("small", modules=[module]).plans["things.opened"].public


@pytest.mark.parametrize("handler", [numbers, handed_on])
async def test_a_stream_called_directly_is_its_function(handler: Callable[..., Any]) -> None:
    """For unit tests: whether it yields, or returns what does."""
    made, _ = stream(handler)
    bare = cast("Any", SimpleNamespace())

    assert [row async for row in made(bare, most=2)] == [0, 1]


def test_rows_have_a_type() -> None:
    """That of the iterator."""
    assert row_of(AsyncIterator[date]) is date
    with pytest.raises(Misconfigured, match="a stream gives rows"):
        row_of(AsyncIterator)

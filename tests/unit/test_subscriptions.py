"""What makes a subscription, and what refuses the start."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from portico import (
    Anyone,
    App,
    Cached,
    Event,
    External,
    Idempotent,
    Misconfigured,
    Module,
    OrgContext,
    Policy,
    Public,
    PublicContext,
    Quota,
    RateLimit,
    Retry,
    Stream,
)
from portico.core.outcomes import errors_of
from portico.testing import Harness

pytestmark = pytest.mark.anyio


class Moved(Event, name="thing.moved"):
    """A thing moved."""

    thing: str


async def moves(ctx: OrgContext, thing: str = "") -> AsyncIterator[Moved]:
    """Tell what moves."""
    async for event in ctx.events(Moved):
        if event.thing == thing:
            yield event


async def handed_on(ctx: OrgContext) -> AsyncIterator[Moved]:
    """The same."""
    return ctx.events(Moved)


def declared(handler: Callable[..., Any], *policies: Policy, route: str = "GET /moves") -> Module:
    """A module with one subscription."""
    module = Module("things")
    module.subscription(route, *policies)(handler)
    return module


def told(handler: Callable[..., Any], *policies: Policy) -> str:
    """Why the application does not start."""
    with pytest.raises(Misconfigured) as refusal:
        App("small", modules=[declared(handler, *policies)])
    return str(refusal.value)


@pytest.mark.parametrize("handler", [moves, handed_on])
def test_a_subscription_is_a_stream_of_what_it_tells(handler: Callable[..., Any]) -> None:
    """It reads, works outside of a transaction, and knows the type of its values; yielded or handed on."""
    app = App("small", modules=[declared(handler, Anyone("a test"))])
    plan = next(plan for name, plan in app.plans.items() if name.startswith("things"))

    assert isinstance(plan.action, Stream)
    assert (plan.action.kind, plan.read_only, plan.codec.returns) == ("subscription", True, Moved)
    assert plan.aside is not None


def test_a_subscription_decides_like_any_action() -> None:
    """Who may, and how often: the application's limit holds where it has none of its own."""
    assert 'it makes no authorization decision; write Allow("things:do")' in told(moves)
    app = App("small", modules=[declared(moves, Anyone("a test"))], defaults=[RateLimit("7/m")])

    limits = [policy for policy in app.plans["things.moves"].policies if isinstance(policy, RateLimit)]

    assert [limit.rate for limit in limits] == ["7/m"]


@pytest.mark.parametrize(
    ("policies", "why"),
    [
        ((Idempotent(),), "a subscription is not stored, and cannot be replayed; leave Idempotent out"),
        (
            (External("post"),),
            "a subscription tells what happens, and calls no other service; leave External and Retry",
        ),
        ((External("post"), Retry()), "leave External and Retry out"),
        ((Quota("things"),), "a subscription has no transaction that counts a quota; leave Quota out"),
        ((Cached(ttl=60),), "it is a subscription, and Cached keeps answers of queries; leave it out"),
    ],
    ids=["idempotent", "external", "retry", "quota", "cached"],
)
def test_what_makes_no_sense_refuses_the_start(policies: tuple[Policy, ...], why: str) -> None:
    """With what to leave out."""
    assert why in told(moves, Anyone("a test"), *policies)


def test_the_place_to_go_on_from_is_no_member() -> None:
    """The query string says it with a name of its own."""

    async def taking(ctx: OrgContext, last_event_id: str) -> AsyncIterator[int]:
        yield len(last_event_id)

    assert "its member last_event_id says where a stream goes on; rename it" in told(taking, Anyone("a test"))


def test_a_subscription_says_what_it_gives() -> None:
    """Not one value, but many; asynchronously, at GET."""

    async def single(ctx: OrgContext) -> int:
        return 1

    def plain(ctx: OrgContext) -> AsyncIterator[int]:
        raise NotImplementedError

    assert "a stream gives rows; write -> AsyncIterator[Thing]" in told(single, Anyone("a test"))
    with pytest.raises(Misconfigured, match="an action is an async function; write async def plain"):
        declared(plain)
    with pytest.raises(Misconfigured, match='write the route of a subscription as "GET /things"'):
        declared(moves, route="POST /moves")


def test_callers_know_what_refuses_a_subscription() -> None:
    """A plain request, a client that takes nothing, one stream too many; beside what refuses any action."""
    plan = App("small", modules=[declared(moves, Anyone("a test"))]).plans["things.moves"]

    codes = {error.code for error in errors_of(plan)}

    assert {"UPGRADE_REQUIRED", "SYS_SLOW_CLIENT", "RATE_LIMIT_STREAMS", "UNAUTHORIZED", "FORBIDDEN"} <= codes


def test_events_are_for_subscriptions() -> None:
    """Elsewhere nobody could take them; and one names all kinds at once."""
    call = Harness.policy_call()

    with pytest.raises(Misconfigured, match=r"a test uses ctx\.events, which is for subscriptions"):
        OrgContext(call).events(Moved)


async def test_a_public_subscription_is_drawn_in_a_unit_test() -> None:
    """The bare function, with no policy."""
    module = Module("things")

    @module.subscription("GET /numbers", Public("a test"))
    async def numbers(ctx: PublicContext, upto: int) -> AsyncIterator[int]:
        for number in range(upto):
            yield number

    call = Harness.policy_call()
    call.live = False

    assert [number async for number in numbers(PublicContext(call), upto=3)] == [0, 1, 2]

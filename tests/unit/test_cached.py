"""Kept answers without a database: whose they are, what may be kept, what is refused at start-up."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from portico import (
    Anyone,
    App,
    Cached,
    Html,
    Misconfigured,
    Module,
    OrgContext,
    Public,
    PublicContext,
    Redirect,
    Request,
    UserContext,
    cached,
)
from portico.adapters.memory.cache import MOST_TAGS, OVERHEAD, MemoryCache
from portico.adapters.memory.clock import SettableClock
from portico.core.caching import told_of
from portico.core.call import Call
from portico.core.guarded import guarded
from portico.ports.cache import Kept, Life
from portico.ports.database import Facts
from portico.testing.unwired import unwired_services

ROLES = {"owner": frozenset({"*"}), "member": frozenset({"things:read"})}
IDS = [UUID(int=n) for n in range(1, 4)]


@cached(60, tags=("things", "thing:{of}"))
async def told(ctx: OrgContext, of: str, page: int = 1) -> list[str]:
    """All that a handler can be told."""
    who, where = (str(ctx.user.id), ctx.user.email), (str(ctx.org.id), ctx.org.slug, ctx.org.timezone)
    may = [str(ctx.may(permission)) for permission in ("things:read", "things:write")]
    return [*who, *where, ctx.role, *may, ctx.request.locale, str(ctx.session_id), of, str(page)]


callers = some.builds(
    Facts,
    user_id=some.sampled_from(IDS),
    user_email=some.sampled_from(["a@x", "b@x"]),
    session_id=some.sampled_from([None, *IDS]),
    org_id=some.sampled_from(IDS),
    org_slug=some.sampled_from(["one", "two"]),
    org_timezone=some.sampled_from(["UTC", "Asia/Tokyo"]),
    org_role=some.sampled_from(["owner", "member", "custom"]),
    key_scopes=some.sampled_from([None, ["*"], ["things:read"]]),
    permissions=some.sampled_from([None, [], ["things:write"]]),
)
calls = some.tuples(
    callers, some.sampled_from(["en", "de"]), some.sampled_from(["", "a", "a\0b", "b"]), some.integers(1, 2)
)


@given(some.lists(calls, max_size=30))
@settings(max_examples=150, deadline=None)
def test_nobody_is_ever_given_another_s_answer(wanted: list[tuple[Facts, str, str, int]]) -> None:
    """Whoever calls, in whatever order: the answer is the one that they would have got without a cache."""
    services = unwired_services(SettableClock())

    async def ask(facts: Facts, locale: str, *input: Any) -> tuple[list[str], list[str]]:
        call = Call("a test", services, Request(locale=locale))
        call.pass_gate(facts)
        ctx = OrgContext(call)
        return await told(ctx, *input), await told.__wrapped__(ctx, *input)  # type: ignore[attr-defined]  # of functools.wraps

    async def all_of_them() -> list[tuple[list[str], list[str]]]:
        return [await ask(*one) for one in wanted]

    for given_out, true in asyncio.run(all_of_them()):
        assert given_out == true


OF_THE_CALLER = {
    "user_id": IDS[0],
    "user_email": "a@x",
    "user_name": "A",
    "session_id": IDS[0],
    "org_id": IDS[0],
    "org_name": "One",
    "org_slug": "one",
    "org_plan": "pro",
    "org_timezone": "UTC",
    "org_role": "owner",
    "operator": True,
    "key_id": IDS[0],
    "key_scopes": ["*"],
    "permissions": ["things:read"],
}


@pytest.mark.parametrize("fact", OF_THE_CALLER)
def test_each_thing_that_a_handler_can_be_told_makes_another_key(fact: str) -> None:
    """Callers who differ in one of them alone never share an answer."""
    one, other = Facts(), Facts(**{fact: OF_THE_CALLER[fact]})  # type: ignore[arg-type]  # of its own type each

    assert told_of(one) != told_of(other)


HAPPENS = {"answer", "audit", "call_off", "emit", "enqueue", "found", "mail", "revalidate_tag", "track", "update_tag"}
IN_NO_KEY = {"device", "event_id", "flag", "variant"}
PERSONAL = {"call", "credential", "may", "principal", "role", "session_id", "user"}
ALIKE = {
    *(
        "db",
        "events",
        "experiments",
        "external_key",
        "new_id",
        "new_token",
        "now",
        "org",
        "orm",
        "permissions",
        "proof",
    ),
    *("quotas", "request", "reveals_accounts", "roles", "seal", "session_age", "session_end", "site", "switches"),
    *("transaction", "unseal"),
}


@pytest.mark.parametrize("shared", [True, False])
def test_it_is_decided_of_all_of_a_context_whether_it_may_be_in_a_kept_answer(*, shared: bool) -> None:
    """A member that nobody has decided on fails here."""
    call = Call("a test", unwired_services(SettableClock()), Request())
    call.pass_gate(Facts(user_id=IDS[0], org_id=IDS[0], org_role="member"))
    ctx = guarded(OrgContext, shared=shared)(call)

    def refused(member: str) -> bool:
        with suppress(AttributeError, NotImplementedError):
            try:
                getattr(ctx, member)
            except Misconfigured as problem:
                return "in a function whose answer is" in str(problem)
        return False

    members = {name for name in dir(OrgContext) if not name.startswith("_")}
    assert members == HAPPENS | IN_NO_KEY | PERSONAL | ALIKE
    assert {name for name in members if refused(name)} == HAPPENS | IN_NO_KEY | (PERSONAL if shared else set())


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: Cached(ttl=0), r"ttl=0 is no time to keep an answer for; write seconds from 0.001 to 2592000"),
        (lambda: Cached(ttl=timedelta(days=31)), r"or a timedelta"),
        (lambda: Cached(stale=-1), r"stale=-1 is no time"),
        (
            lambda: Cached(tags="thing:{result.id}"),
            r"'thing:\{result.id\}' names the result, which nobody knows before",
        ),
        (lambda: Cached(max_age=60), r"only a shared answer may be; add shared=True"),
    ],
)
def test_what_makes_no_sense_is_refused_where_it_is_written(wrong: Callable[[], object], message: str) -> None:
    """With what to write instead."""
    with pytest.raises(Misconfigured, match=message):
        wrong()


def test_one_tag_that_stands_alone_is_one() -> None:
    """And not its letters."""
    assert Cached(tags="things") == Cached(tags=("things",))
    assert Cached(ttl=timedelta(minutes=1)).keeping == Cached(ttl=60).keeping


def refused(module: Module) -> str:
    """Why an application with the module does not start."""
    with pytest.raises(Misconfigured) as problem:
        App("shop", modules=[module])
    return str(problem.value)


def test_only_queries_that_return_data_are_kept() -> None:
    """No mutation, no page, no redirect; a tag names what there is."""
    shop = Module("shop")

    @shop.mutation("POST /things", Anyone("a test"), Cached())
    async def make(_ctx: UserContext) -> int:
        return 1

    @shop.query("GET /page", Public("a test"), Cached())
    async def page(_ctx: PublicContext) -> Html:
        return Html("page.html", {})

    @shop.query("GET /away", Public("a test"), Cached())
    async def away(_ctx: PublicContext) -> Redirect:
        return Redirect("/")

    @shop.query("GET /things", Public("a test"), Cached(tags="thing:{id}"))
    async def things(_ctx: PublicContext, name: str) -> str:
        return name

    why = refused(shop)

    assert "it is a mutation, and Cached keeps answers of queries" in why
    assert why.count("returns a page or a redirect; cache what it reads, with @cached") == 2
    assert "Cached('thing:{id}') names {id}, which is no member of its input; it has name" in why


def test_a_function_that_cannot_be_kept_is_refused_where_it_is_declared() -> None:
    """It takes a context first, and says what it takes and returns."""

    async def no_context(of: int) -> int:
        return of

    async def untyped(_ctx: PublicContext, of) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001  # the mistake itself
        return int(of)

    async def misspelled(_ctx: PublicContext, currency: str) -> int:
        return len(currency)

    with pytest.raises(Misconfigured, match=r"misspelled is to be cached: .* names {cost}, .*; it has currency"):
        cached(tags="rates:{cost}")(misspelled)
    with pytest.raises(Misconfigured, match=r"no_context is to be cached: its first parameter is the context"):
        cached()(no_context)  # type: ignore[type-var]  # the mistake itself
    with pytest.raises(Misconfigured, match=r"untyped is to be cached: its parameter of has no type"):
        cached()(untyped)


@pytest.mark.anyio
async def test_memory_holds_no_more_than_its_room() -> None:
    """By bytes as by entries; what would fill it alone is not kept."""
    cache = MemoryCache(SettableClock(), entries=100, size=16 * (1000 + OVERHEAD))
    mark = (await cache.look("", ())).mark

    for number in range(40):
        await cache.keep(str(number), Kept(bytes(1000), ""), mark=mark, life=Life(60))
    await cache.keep("large", Kept(bytes(20_000), ""), mark=mark, life=Life(60))

    assert (len(cache), cache.size) == (16, 16 * (1000 + OVERHEAD))
    assert (await cache.look("large", ())).kept is None
    assert (await cache.look("39", ())).kept is not None


@pytest.mark.anyio
async def test_a_tag_that_was_forgotten_makes_its_answers_void() -> None:
    """Bounded memory never brings back what was dropped."""
    cache = MemoryCache(SettableClock())
    early = (await cache.look("k", ("first",))).mark
    await cache.keep("k", Kept(b"", ""), mark=early, life=Life(60))
    cache.drop(["first"])

    cache.drop([str(number) for number in range(MOST_TAGS)])

    assert (await cache.look("k", ("first",))).mark.drops != early.drops
    assert (await cache.look("k", ("first",))).kept is None

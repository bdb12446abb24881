"""What a declaration is given must be what its parameters say."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, cast

import pytest
from pydantic import BaseModel

from portico import (
    Allow,
    Allowance,
    App,
    Audit,
    Cached,
    Experiment,
    External,
    HealthCheck,
    Html,
    Invalidates,
    Misconfigured,
    Module,
    Policy,
    PublicContext,
    Quotas,
    RateLimit,
    Retry,
    Switch,
    Timeout,
    breaker,
    cached,
    retry,
)
from portico.core.fitting import fitting
from portico.core.hints import misfit
from portico.modules.drafts import Draft


class Size(BaseModel):
    """A step of a wizard."""

    width: int


class Named(Protocol):
    """What only a type checker can tell."""

    name: str


async def plain(ctx: PublicContext) -> None:
    """A function that is no action."""


def not_async(_request: object) -> None:
    """A function that cannot be awaited."""


async def takes_nothing() -> None:
    """A function that would not be told who asks."""


MISTAKES: list[tuple[Callable[..., object], tuple[object, ...], dict[str, object], str]] = [
    (RateLimit, (30,), {}, "RateLimit(rate=30): write a text"),
    (RateLimit, ("api",), {"fail": "close"}, "RateLimit(fail='close'): write 'open', 'closed' or 'local'"),
    (RateLimit, ("api",), {"counts": "fails"}, "RateLimit(counts='fails'): write 'attempts' or 'failures'"),
    (RateLimit, ("api",), {"plans": {"pro": 30}}, "RateLimit(plans['pro']=30): write a text"),
    (RateLimit, ("api",), {"cost": True}, "RateLimit(cost=True): write a whole number or a text"),
    (Allow, (5,), {}, "Allow(permission=5): write a text"),
    (Audit, (3,), {}, "Audit(event=3): write a text"),
    (Audit, ("a",), {"each": "yes"}, "Audit(each='yes'): write True or False"),
    (Timeout, ("5",), {}, "Timeout(seconds='5'): write a number"),
    (External, ("s",), {"timeout": "20"}, "External(timeout='20'): write a number"),
    (External, ("s",), {"finish": plain}, "External(finish=plain): write an Action"),
    (Retry, (5,), {}, "Retry(tries=5): write a Tries"),
    (Retry, (), {"worth": 5}, "Retry(worth=5): write a function"),
    (Cached, (), {"ttl": "60s"}, "Cached(ttl='60s'): write a number or a timedelta"),
    (Cached, (), {"tags": 5}, "Cached(tags=5): write a text or a list, each a text"),
    (Invalidates, (["a"],), {}, "Invalidates(tags[0]=['a']): write a text"),
    (Allowance, ({"staff": "15"},), {}, "Allowance(limits['staff']='15'): write a whole number"),
    (Allowance, (), {"features": "reports"}, "Allowance(features='reports'): write a list of one, ('reports',)"),
    (Quotas, ({"pro": {"staff": 1}},), {}, "Quotas(plans['pro']={'staff': 1}): write an Allowance"),
    (Experiment, ("A try.", "done"), {}, "Experiment(events='done'): write a list of one, ('done',)"),
    (Experiment, ("A try.", ["done"]), {"by": "usr"}, "Experiment(by='usr'): write 'user', 'org' or 'visitor'"),
    (Switch, (5,), {}, "Switch(about=5): write a text"),
    (HealthCheck, ("disk", 5), {}, "HealthCheck(probe=5): write a function"),
    (Draft, ("size",), {"steps": ("a",)}, "Draft(steps[0]='a'): write a subclass of BaseModel"),
    (Draft, ("size",), {"steps": Size}, "Draft(steps=Size): write a list of one, (Size,)"),
    (App, ("a",), {"modules": Module("a")}, "write a list of one, "),
    (App, ("a",), {"modules": [], "quotas": {}}, "App(quotas={}): write a Quotas"),
    (App, ("a",), {"modules": [], "checks": [plain]}, "App(checks[0]=plain): write a HealthCheck"),
    (App, ("a",), {"modules": [], "migrations": "migrations"}, "App(migrations='migrations'): write a Path"),
    (App, ("a",), {"modules": [], "flags": {"a": "about"}}, "App(flags['a']='about'): write a Switch"),
    (App, ("a",), {"modules": [], "flags": ["a"]}, "App(flags=['a']): write a dict"),
    (App, ("a",), {"modules": [], "experiments": {"a": 1}}, "App(experiments['a']=1): write an Experiment"),
    (App, ("a",), {"modules": [], "who": "x"}, "App(who='x'): write a function"),
    (App, ("a",), {"modules": [], "who": not_async}, "App(who=not_async): write an async function of the request"),
    (App, ("a",), {"modules": [], "who": takes_nothing}, "App(who=takes_nothing): write an async function of the"),
    (Module("a").relation, (Size, "wide"), {"by": "width", "like": "get"}, "relation(like='get'): write an Action"),
]


@pytest.mark.parametrize(("declare", "args", "named", "said"), MISTAKES)
def test_a_wrong_argument_is_named_with_its_mend(
    declare: Callable[..., object], args: tuple[object, ...], *, named: dict[str, object], said: str
) -> None:
    """The declaration, the argument, the value, and what to write."""
    with pytest.raises(Misconfigured, match=re.escape(said)):
        declare(*args, **named)


class Tall(Policy):
    """A policy of an application's own."""

    above: "float"
    named: "Nowhere | None" = None  # type: ignore[name-defined]  # noqa: F821  # as under `if TYPE_CHECKING:`
    within: "Size.Nowhere | None" = None  # type: ignore[name-defined]  # as above


def test_a_policy_of_an_applications_own_is_looked_at_too() -> None:
    """Its members say what they take; what only a type checker knows is taken as it is."""
    with pytest.raises(Misconfigured, match=re.escape("Tall(above='2'): write a number")):
        Tall("2")  # type: ignore[arg-type]  # the mistake under test

    assert Tall(2, named="anything", within=5).within == 5


def test_how_many_arguments_there_are_is_told_by_python() -> None:
    """The message names the one that is missing or unknown."""
    declare: Callable[..., object] = RateLimit

    with pytest.raises(TypeError, match="missing 1 required positional argument: 'rate'"):
        declare()
    with pytest.raises(TypeError, match="unexpected keyword argument 'rates'"):
        declare("api", rates="5/m")


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (1, float),
        ([1, 2], tuple[int, ...]),
        ({1}, frozenset[int]),
        (("a", 1), tuple[str, int]),
        (None, int | None),
        ("a", Annotated[str, "a note"]),
        ({"a": [1]}, Mapping[str, list[int]]),
        (Html, type),
        (plain, Callable[..., Awaitable[None]]),
        (object(), Named),
        (object(), Any),
        ("b", Literal["a", "b"]),
    ],
)
def test_what_fits_is_taken(value: object, hint: object) -> None:
    """A list where a tuple is meant as well, and whatever cannot be told at run time."""
    assert misfit("it", value, hint) is None


def test_a_function_keeps_what_it_judges_itself() -> None:
    """Its own words may say more."""

    @fitting("open", but=("folder",))
    def opened(folder: Path, *, mode: Literal["r", "w"] = "r") -> str:
        return f"{folder} {mode}"

    anything, number = cast("Any", "here"), cast("Any", 5)

    assert opened(anything, mode="w") == "here w"
    with pytest.raises(Misconfigured, match=re.escape("open(mode=5): write 'r' or 'w'")):
        opened(anything, mode=number)


async def rows(ctx: PublicContext) -> AsyncIterator[int]:
    """Rows."""
    yield 1


shop = Module("shop")


@pytest.mark.parametrize(
    ("decorate", "mend"),
    [
        (shop.query, '@shop.query("GET /path")'),
        (shop.mutation, '@shop.mutation("POST /path")'),
        (shop.export, '@shop.export("GET /path")'),
        (shop.subscription, '@shop.subscription("GET /path")'),
        (shop.job, "@shop.job()"),
        (shop.on, "@shop.on(Event)"),
        (Draft("size", steps=(Size,)).finalize, "@size.finalize()"),
        (cached, "@cached()"),
        (retry, '@retry("service", safe=True)'),
        (breaker, '@breaker("service")'),
    ],
)
def test_a_decorator_without_its_parentheses_is_refused(decorate: Callable[..., object], mend: str) -> None:
    """It would take the function for an option, and drop it."""
    with pytest.raises(Misconfigured, match=rf"rows \(.*test_fitting\.py:\d+\): .* write {re.escape(mend)}"):
        decorate(rows)

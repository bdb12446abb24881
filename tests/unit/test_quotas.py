"""What plans allow: declared wholly, or not at all."""

from enum import StrEnum
from typing import Annotated

import pytest
from pydantic import Field

from portico import (
    Allowance,
    Anyone,
    App,
    Misconfigured,
    Module,
    OrgContext,
    Quota,
    Quotas,
    RateLimit,
    Releases,
    UserContext,
)

COUNTED = {"desks": "select count(*) from desks"}


class Kind(StrEnum):
    """Kinds of desks."""

    HIGH = "high"


@pytest.mark.parametrize(
    ("plans", "said"),
    [
        ({"free": Allowance({"desks": 3}), "pro": Allowance()}, "the plan pro has no limit of desks"),
        ({"free": Allowance({"desks": 3, "chairs": 4})}, "limits chairs, and nobody says how it is counted"),
        ({"free": Allowance({"desks": -2})}, "allows -2 of desks; write 0 or more, or -1 for unlimited"),
    ],
)
def test_a_plan_that_is_not_whole_is_refused(plans: dict[str, Allowance], said: str) -> None:
    """With what to write instead."""
    with pytest.raises(Misconfigured, match=said):
        Quotas(plans, counted=COUNTED)


def test_a_resource_is_named_in_small_letters() -> None:
    """As the database wants it."""
    with pytest.raises(Misconfigured, match="'Desks!' is no name of a resource"):
        Quotas({"free": Allowance({"Desks!": 1})}, counted={"Desks!": "select 1"})


def test_a_plan_that_is_not_declared_has_what_the_first_one_allows() -> None:
    """Rather than everything, or nothing."""
    quotas = Quotas({"free": Allowance({"desks": 3}), "pro": Allowance({"desks": -1})}, counted=COUNTED)

    assert [quotas.limit(plan, "desks") for plan in ("free", "pro", "gold")] == [3, -1, 3]


@pytest.mark.parametrize("amount", [0, -1, "size", "{a}{b}", "some {size}"])
def test_an_amount_is_a_number_or_one_place(amount: int | str) -> None:
    """Anything else is refused where it is written."""
    with pytest.raises(Misconfigured, match="write a number of 1 or more, or one place"):
        Quota("desks", amount)


def test_a_resource_that_no_plan_limits_stops_the_start() -> None:
    """It is most likely misspelled; the message says which there are."""
    module = Module("desks", Anyone("a test"))

    @module.mutation("POST /desks", Quota("desk"))
    async def add(_ctx: OrgContext) -> None:
        """Add a desk."""

    with pytest.raises(Misconfigured, match=r'desks.add .*Quota\("desk"\) counts what .* it knows desks'):
        App("office", modules=[module], quotas=Quotas({"free": Allowance({"desks": 3})}, counted=COUNTED))


@pytest.mark.parametrize("kind", [str, str | None, Annotated[str, Field(max_length=9)], Kind])
def test_a_text_is_no_amount(kind: object) -> None:
    """Its letters count nothing; a number does, and so does a list of texts."""
    module = Module("desks", Anyone("a test"))

    async def add(_ctx: OrgContext, many: int, names: list[str], name: str) -> None:
        """Add desks."""

    add.__annotations__["name"] = kind
    module.mutation("POST /desks", Quota("desks", "{name}"), Quota("desks", "{many}"), Quota("desks", "{names}"))(add)

    with pytest.raises(Misconfigured) as refused:
        App("office", modules=[module], quotas=Quotas({"free": Allowance({"desks": 3})}, counted=COUNTED))

    said = str(refused.value)
    assert "Quota takes {name}, a text, for an amount; name a number or a list" in said
    assert said.count("for an amount") == 1


def test_a_limit_names_plans_that_there_are() -> None:
    """Where the application has any; without quotas, nobody knows them."""
    module = Module("desks", Anyone("a test"))

    @module.query("GET /desks", RateLimit("5/m", plans={"prooo": "10/m"}))
    async def look(_ctx: OrgContext) -> None:
        """Look."""

    App("office", modules=[module])
    with pytest.raises(Misconfigured, match=r'RateLimit names the plan "prooo", .* does not have; it knows free, pro'):
        App("office", modules=[module], quotas=Quotas({"free": Allowance(), "pro": Allowance()}))


def test_a_quota_needs_an_organization() -> None:
    """Nobody else has a plan."""
    module = Module("desks", Anyone("a test"))

    @module.mutation("DELETE /desks", Releases("desks"))
    async def remove(_ctx: UserContext) -> None:
        """Remove a desk."""

    with pytest.raises(Misconfigured, match="Releases counts for an organization, and UserContext has none"):
        App("office", modules=[module], quotas=Quotas({"free": Allowance({"desks": 3})}, counted=COUNTED))


def test_members_are_counted_by_portico_unless_an_application_does() -> None:
    """People join in many ways; no policy of an action is to count them."""
    crowd = Module("crowd", Anyone("a test"))

    @crowd.mutation("POST /crowd", Quota("members"), RateLimit("5/m"))
    async def admit(_ctx: OrgContext) -> None:
        """Let somebody in."""

    plans = {"free": Allowance({"members": 3})}
    own = Quotas(plans, counted={"members": "select count(*) from athletes"})

    assert (Quotas(plans).of_members, own.of_members, Quotas().of_members) == (True, False, False)
    assert App("club", modules=[crowd], quotas=own).quotas.counted["members"] == "select count(*) from athletes"
    with pytest.raises(Misconfigured, match="Portico counts who belongs by itself; leave it out"):
        App("club", modules=[crowd], quotas=Quotas(plans))

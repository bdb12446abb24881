"""What plans allow: declared wholly, or not at all."""

import pytest

from portico import Allowance, Anyone, App, Misconfigured, Module, OrgContext, Quota, Quotas, Releases, UserContext

COUNTED = {"desks": "select count(*) from desks"}


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


def test_a_quota_needs_an_organization() -> None:
    """Nobody else has a plan."""
    module = Module("desks", Anyone("a test"))

    @module.mutation("DELETE /desks", Releases("desks"))
    async def remove(_ctx: UserContext) -> None:
        """Remove a desk."""

    with pytest.raises(Misconfigured, match="Releases counts for an organization, and UserContext has none"):
        App("office", modules=[module], quotas=Quotas({"free": Allowance({"desks": 3})}, counted=COUNTED))

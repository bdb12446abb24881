"""What flags and experiments say to a running call."""

from uuid import UUID

import pytest

from portico import Allowance, Call, Experiment, Misconfigured, PublicContext, Quotas, Request, Switch
from portico.ports.database import Facts
from portico.testing import Harness

ANN, SALON = UUID(int=1), UUID(int=2)
DECLARED = {
    "switches": {"new-desk": Switch("A desk.", default=True)},
    "experiments": {
        "colors": Experiment("Colors.", events=("bought",)),
        "words": Experiment("Words.", events=("read", "bought"), by="visitor"),
        "hours": Experiment("Hours.", events=("visited",), by="org"),
    },
    "quotas": Quotas({"free": Allowance(), "pro": Allowance(features=("binding",))}),
}


def call_of(facts: Facts, *, cookie: str = "") -> Call:
    """A call of somebody, in an application that declares all that."""
    call = Harness.policy_call(facts=facts)
    call.request = Request(headers={"cookie": cookie} if cookie else {}, id="test")
    for name, value in DECLARED.items():
        object.__setattr__(call.services, name, value)
    return call


@pytest.mark.parametrize(("plan", "org", "on"), [("pro", SALON, True), ("free", SALON, False), ("pro", None, False)])
def test_a_feature_is_on_where_the_plan_has_it(plan: str, org: UUID | None, *, on: bool) -> None:
    """Outside of an organization there is no plan."""
    ctx = PublicContext(call_of(Facts(org_id=org, org_plan=plan)))

    assert (ctx.flag("binding"), ctx.flag("new-desk")) == (on, True)


def test_what_is_not_declared_is_told_with_what_is() -> None:
    """A flag, an experiment, an event."""
    ctx = PublicContext(call_of(Facts(user_id=ANN)))

    with pytest.raises(Misconfigured, match=r"the flag 'desk'.* it knows binding, new-desk"):
        ctx.flag("desk")
    with pytest.raises(Misconfigured, match=r"the experiment 'color'.* it knows colors, hours, words"):
        ctx.variant("color")
    with pytest.raises(Misconfigured, match="tracks 'sold', which no experiment"):
        ctx.track("sold")


def test_nobody_sees_control_and_is_not_noted() -> None:
    """Neither as a user nor as an organization; a visitor is somebody."""
    call = call_of(Facts())
    ctx = PublicContext(call)

    assert [ctx.variant("colors"), ctx.variant("hours")] == ["control"] * 2
    ctx.track("bought")
    assert [noted.experiment for noted in call.notes.tracked] == ["words"]


def test_an_event_counts_for_every_experiment_that_names_it() -> None:
    """Each under a subject of its own."""
    call = call_of(Facts(user_id=ANN))

    PublicContext(call).track("bought")

    assert [noted.experiment for noted in call.notes.tracked] == ["colors", "words"]
    assert len({noted.subject for noted in call.notes.tracked}) == 2


def test_one_call_gives_a_visitor_one_cookie() -> None:
    """Calls within it, too."""
    call = call_of(Facts())
    for running in (call, call, call.inner("another")):
        PublicContext(running).variant("words")

    assert [cookie.name for cookie in call.answer.cookies] == ["visitor"]


@pytest.mark.parametrize("cookie", ["visitor=short", f"visitor={'x' * 65}", f"other={'x' * 20}", "visitor"])
def test_a_cookie_that_is_none_of_ours_is_replaced(cookie: str) -> None:
    """One of ours is kept."""
    strange, ours = call_of(Facts(), cookie=cookie), call_of(Facts(), cookie=f"a=b; visitor={'x' * 22}")
    for call in (strange, ours):
        PublicContext(call).variant("words")

    assert (len(strange.answer.cookies), len(ours.answer.cookies)) == (1, 0)

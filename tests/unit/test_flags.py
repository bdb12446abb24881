"""For whom a flag is on, and what is declared of it."""

from itertools import pairwise
from uuid import UUID

import pytest

from portico import Anyone, App, Flag, Misconfigured, Module, OrgContext, Rule, Subject, Switch, by_flag
from portico.core.flags import is_on

PEOPLE = [UUID(int=n * 7919) for n in range(100_000)]
ANN, SALON = UUID(int=1), UUID(int=2)


def on_for(rule: Rule) -> set[UUID]:
    """Of all those people, for whom it is on."""
    return {user for user in PEOPLE if is_on(rule.name, rule, Subject(user), default=False)}


@pytest.mark.parametrize("percentage", [1, 20, 50, 99])
def test_a_share_is_met_within_one_percent(percentage: float) -> None:
    """On 100,000 subjects."""
    found = on_for(Rule("new-calendar", "on", percentage))

    assert abs(len(found) / len(PEOPLE) * 100 - percentage) < 1


def test_a_share_that_grows_keeps_everybody_it_had() -> None:
    """Nobody loses what they have seen."""
    shares = [on_for(Rule("new-calendar", "on", percentage)) for percentage in (0, 5, 20, 60, 100)]

    assert all(smaller <= larger for smaller, larger in pairwise(shares))
    assert (len(shares[0]), len(shares[-1])) == (0, len(PEOPLE))


def test_two_flags_choose_different_people() -> None:
    """Or the same ones would try everything that is new."""
    both = on_for(Rule("new-calendar", "on", 50)) & on_for(Rule("new-search", "on", 50))

    assert abs(len(both) / len(PEOPLE) - 0.25) < 0.01


@pytest.mark.parametrize(
    ("rule", "subject", "on"),
    [
        (None, Subject(ANN), True),
        (Rule("f", "off"), Subject(ANN), False),
        (Rule("f", "off", users=frozenset({ANN})), Subject(ANN), True),
        (Rule("f", "off", orgs=frozenset({SALON})), Subject(ANN, SALON), True),
        (Rule("f", "killed", users=frozenset({ANN})), Subject(ANN), False),
        (Rule("f", "on"), Subject(), True),
        (Rule("f", "on", 99.9), Subject(), False),
        (Rule("f", "on", 0.0, users=frozenset({ANN})), Subject(ANN), True),
        (Rule("f", "on", 0.0), Subject(ANN), False),
        (Rule("f", "on", 50.0, "org"), Subject(ANN), False),
    ],
)
def test_who_is_on_a_list_comes_before_the_share(rule: Rule | None, subject: Subject, *, on: bool) -> None:
    """And a killed flag is off for everybody; where nobody has set anything, the default holds."""
    assert is_on("f", rule, subject, default=True) is on


def test_an_organization_is_one_subject() -> None:
    """All its people see the same."""
    rule = Rule("new-calendar", "on", 50, "org")

    assert len({is_on(rule.name, rule, Subject(user, SALON), default=False) for user in PEOPLE[:50]}) == 1


async def old(_ctx: OrgContext, name: str) -> str:
    """Say it as before."""
    return f"Dear {name}"


async def new(_ctx: OrgContext, name: str) -> str:
    """Say it anew."""
    return f"Hi {name}"


def test_a_flag_that_is_not_declared_stops_the_start() -> None:
    """By a policy or by the function itself; the message says which there are."""
    module = Module("words", Anyone("a test"))
    module.query("GET /word", Flag("new-wrods"))(new)
    module.query("GET /greeting")(by_flag("new-greetings", on=new, off=old))

    with pytest.raises(Misconfigured) as refused:
        App("words", modules=[module], flags={"new-words": Switch("Words that are new.")})

    assert 'it asks for the flag "new-wrods", which App(flags=…) does not declare; it knows new-words' in str(
        refused.value
    )
    assert '"new-greetings"' in str(refused.value)


def test_one_of_two_is_no_action() -> None:
    """What is called must be a plain function: an action by itself would skip its policies."""
    action = Module("words", Anyone("a test")).query("GET /word")(new)

    with pytest.raises(
        Misconfigured, match=r"by_flag\('new-words', off=Action\(name='words.new'.* write a plain async"
    ):
        by_flag("new-words", on=old, off=action)  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(Misconfigured, match=r"by_flag\('new-words', on=Action\(name='words.new'.* write a plain async"):
        by_flag("new-words", on=action, off=old)  # type: ignore[arg-type]  # as above


def test_a_flag_is_named_in_small_letters_with_hyphens() -> None:
    """As it stands in paths and on the command line."""
    module = Module("words", Anyone("a test"))
    module.query("GET /word")(old)

    with pytest.raises(Misconfigured, match="name it in small letters with hyphens"):
        App("words", modules=[module], flags={"New_Words": Switch("Words that are new.")})


def test_a_function_of_two_keeps_the_name_of_the_one_that_is_off() -> None:
    """The action is called and described by it."""
    module = Module("words", Anyone("a test"))

    action = module.query("GET /greeting")(by_flag("new-words", on=new, off=old))

    assert (action.name, action.purpose) == ("words.old", "Say it as before.")

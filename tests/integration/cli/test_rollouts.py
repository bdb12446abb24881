"""`portico usage|flags|experiments`: what operators see and set from the command line, as they type it."""

import json
from typing import Any

import pytest

from tests.integration.cli.conftest import Held
from tests.integration.cli.programs import Portico
from tests.integration.cli.test_operate import listed, run, sql


@pytest.fixture(scope="module")
def shop(own_program: Portico, own: Held) -> Portico:
    """The program, with one organization of one person."""
    run(own_program, "users", "create", "eve@example.com")
    sql(own, "insert into portico.organizations (name, slug) values ('Globe', 'globe')")
    run(own_program, "orgs", "role", "globe", "eve@example.com", "owner")
    return own_program


def flag(program: Portico, name: str) -> dict[str, Any]:
    """What the list says of one flag."""
    return next(row for row in listed(program, "flags", "list") if row["name"] == name)


def test_a_resource_is_counted_again(shop: Portico, own: Held) -> None:
    """Whatever the counter said before, and it is on record."""
    first = run(shop, "usage", "recount", "globe", "people")
    sql(own, "update portico.usage set used = 77")
    second = run(shop, "usage", "recount", "globe", "people")

    assert first == "globe has 1 of people; 0 had been counted.\n"
    assert second == "globe has 1 of people; 77 had been counted.\n"
    assert listed(shop, "usage", "show", "globe") == [{"resource": "people", "used": 1}]
    assert len(sql(own, "select from portico.audit where action = 'usage.recounted'")) == 2


def test_what_no_plan_limits_is_not_counted(shop: Portico) -> None:
    """The message says what there is; members are counted whenever somebody asks."""
    chairs = run(shop, "usage", "recount", "globe", "chairs", fails=True)
    members = run(shop, "usage", "recount", "globe", "members", fails=True)

    assert "The application limits no chairs; it knows members, people." in chairs
    assert "members are counted anew whenever somebody asks: there is nothing to keep." in members


def test_an_organization_moves_to_a_plan_that_there_is(shop: Portico) -> None:
    """A misspelled one is refused."""
    moved = run(shop, "orgs", "plan", "globe", "pro")
    refused = run(shop, "orgs", "plan", "globe", "gold", fails=True)

    assert moved == "globe is on the plan pro.\n"
    assert "There is no plan gold: the application has free, pro." in refused


def test_flags_are_listed_as_they_are_declared(shop: Portico) -> None:
    """With what holds until somebody sets them."""
    assert [(f["name"], f["state"]) for f in listed(shop, "flags", "list")] == [
        ("late-hours", "on"),
        ("new-window", "off"),
    ]


def test_a_flag_is_set_and_set_back(shop: Portico, own: Held) -> None:
    """For a share, for lists that stay until they are replaced; and it is on record."""
    run(shop, "flags", "set", "new-window", "on", "--percentage", "20", "--by", "org")
    shared = flag(shop, "new-window")
    run(shop, "flags", "set", "new-window", "off", "--user", "eve@example.com", "--org", "globe")
    run(shop, "flags", "set", "new-window", "killed")
    killed = flag(shop, "new-window")
    run(shop, "flags", "reset", "--yes", "new-window")

    assert (shared["state"], shared["percentage"], shared["by"]) == ("on", 20.0, "org")
    assert (killed["state"], killed["users"], killed["organizations"]) == ("killed", 1, 1)
    assert flag(shop, "new-window")["state"] == "off"
    found = sql(own, "select action from portico.audit where target = 'new-window' order by id")
    assert [row["action"] for row in found] == ["flag.changed"] * 3 + ["flag.reset"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("no-such", "on"), "The application declares no flag no-such; it knows gifts, late-hours, new-window."),
        (("new-window", "maybe"), "'maybe' is not one of 'off', 'on', 'killed'"),
        (("new-window", "on", "--percentage", "101"), "101.0 is not in the range 0<=x<=100"),
        (("new-window", "on", "--user", "nobody@example.com"), "There is no user nobody@example.com."),
    ],
)
def test_a_flag_is_set_to_what_it_can_be(shop: Portico, arguments: tuple[str, ...], words: str) -> None:
    """Anything else is refused in one sentence."""
    assert words in " ".join(run(shop, "flags", "set", *arguments, fails=True).split())


def test_an_experiment_is_shown_with_its_figures(shop: Portico, own: Held) -> None:
    """As a table for people, as JSON for programs."""
    sql(
        own,
        "insert into portico.exposures (experiment, subject, variant, at) select 'window-color', "
        "substring(sha256(n::text::bytea) for 16), case when n % 2 = 0 then 'control' else 'variant_a' end, now() "
        "from generate_series(1, 20) n",
    )
    sql(
        own,
        "insert into portico.conversions (experiment, event, subject, times, latest) "
        "select 'window-color', 'bought', subject, 1, now() from portico.exposures where variant = 'variant_a' limit 5",
    )

    table = run(shop, "experiments", "show", "window-color")
    report = json.loads(run(shop, "experiments", "show", "window-color", "--json"))

    assert "50.0%" in table
    assert [(v["variant"], v["exposures"]) for v in report["variants"]] == [("control", 10), ("variant_a", 10)]
    assert report["variants"][1]["scores"][1]["difference"] == 0.5


def test_experiments_are_listed(shop: Portico) -> None:
    """With their variants and events; one that is not there is told with those that are."""
    assert "Red or blue." in run(shop, "experiments", "list")
    assert listed(shop, "experiments", "list") == [
        {
            "name": "window-color",
            "about": "Red or blue.",
            "variants": ["control", "variant_a"],
            "by": "user",
            "events": ["entered", "bought"],
        }
    ]
    assert "it knows window-color" in run(shop, "experiments", "show", "door-color", fails=True)

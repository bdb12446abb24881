"""`portico audit`: what was done and refused, for the people who run the installation."""

import json
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Held
from tests.integration.cli.programs import Portico
from tests.integration.cli.test_operate import listed, run, sql

MANY = 12_000


@pytest.fixture(scope="module")
def shop(own_program: Portico, own: Held) -> Portico:
    """The program, with one organization and its person on record."""
    run(own_program, "users", "create", "eve@example.com")
    sql(own, "insert into portico.organizations (name, slug) values ('Audited', 'audited') on conflict do nothing")
    run(own_program, "orgs", "role", "audited", "eve@example.com", "owner")
    return own_program


def test_records_are_listed_and_searched(shop: Portico) -> None:
    """By organization, event and outcome, for people and for programs."""
    everything = listed(shop, "audit", "list", "--org", "audited")
    denied = run(shop, "audit", "list", "--org", "audited", "--outcome", "denied")

    assert everything
    assert {row["outcome"] for row in everything} == {"done"}
    assert listed(shop, "audit", "list", "--action", everything[0]["action"], "--limit", "1")
    assert denied.strip() == "None."
    assert "write 2030-05-17" in run(shop, "audit", "list", "--from", "yesterday", fails=True)


RECORDS = """
insert into portico.audit (action, outcome, org_id, user_id, target, request_id, at)
select 'thing.sought', (array['done', 'denied', 'failed'])[n],
       case when n = 1 then (select id from portico.organizations where slug = 'audited') end,
       case when n = 1 then (select id from portico.users where email = 'eve@example.com') end,
       't' || n, 'sought-' || n, timestamptz '2020-01-01Z' + n * interval '1 day'
  from generate_series(1, 3) n
"""


@pytest.fixture(scope="module")
def sought(shop: Portico, own: Held) -> Portico:
    """Three records of different days that differ in all that can be asked for; the first is eve's."""
    sql(own, RECORDS)
    return shop


@pytest.mark.parametrize(
    ("option", "found"),
    [
        (("--org", "audited"), "1"),
        (("--user", "eve@example.com"), "1"),
        (("--target", "t2"), "2"),
        (("--request", "sought-3"), "3"),
        (("--outcome", "failed"), "3"),
        (("--from", "2020-01-03"), "32"),
        (("--to", "2020-01-03"), "1"),
    ],
)
def test_each_option_of_a_search_is_heeded(sought: Portico, option: tuple[str, str], found: str) -> None:
    """The list begins with the newest, the export with the oldest."""
    asked = ("--action", "thing.sought", *option)

    rows = listed(sought, "audit", "list", *asked)
    lines = [json.loads(line) for line in run(sought, "audit", "export", *asked).splitlines() if line[:1] == "{"]

    assert "".join(row["target"][1] for row in rows) == found
    assert "".join(line["target"][1] for line in lines) == found[::-1]


@pytest.mark.parametrize("command", [("audit", "list"), ("audit", "export"), ("keys", "list")])
@pytest.mark.parametrize("option", ["--org", "--user"])
def test_an_option_that_came_out_empty_is_not_everybody(shop: Portico, command: tuple[str, str], option: str) -> None:
    """As from a variable that is not set."""
    assert "There is no" in run(shop, *command, option, "", fails=True)


PIPED = f"""
insert into portico.audit (action, outcome, request_id)
select 'thing.piped', 'done', 'p' from generate_series(1, {MANY})
"""
EXPORTED = ("--action", "audit.exported", "--limit", "1")


def test_an_export_that_nobody_reads_to_its_end_is_on_record(shop: Portico, own: Held) -> None:
    """It ends without a word, as commands in a pipe do."""
    sql(own, PIPED)

    read, said = shop.piped("audit", "export", "--action", "thing.piped", "shop:app", lines=2)

    read_on, on_record = [json.loads(line)["action"] for line in read], listed(shop, "audit", "list", *EXPORTED)
    assert read_on == ["thing.piped"] * 2
    assert said == ""
    assert 2 <= int(on_record[0]["target"].split()[0]) < MANY


def test_records_are_exported_whole(shop: Portico, own: Held, tmp_path: Path) -> None:
    """One JSON object a line, the oldest first, however many; progress is told; the export is on record itself."""
    sql(
        own,
        "insert into portico.audit (action, outcome, request_id, metadata) "  # a number of ours
        f"select 'thing.done', 'done', 'r' || n, jsonb_build_object('n', n) from generate_series(1, {MANY}) n",
    )
    file = tmp_path / "audit.ndjson"

    said = run(shop, "audit", "export", "--action", "thing.done", "--output", str(file))

    lines = file.read_text().splitlines()
    assert len(lines) == MANY
    assert json.loads(lines[0])["metadata"] == {"n": 1}
    assert json.loads(lines[-1])["request_id"] == f"r{MANY}"
    assert "10000 records …" in said
    assert f"{MANY} records exported." in said
    assert listed(shop, "audit", "list", "--action", "audit.exported")[0]["target"] == f"{MANY} records"

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

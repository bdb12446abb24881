"""`portico audit heads` and `verify`: whether the audit is as it was written, for whoever must answer for it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from portico.adapters.postgres.jobs import PostgresQueue
from portico.adapters.postgres.sealing import PostgresSealer
from portico.app.running import limits_of
from portico.app.secret import derive, prover, read_secret, ring_of
from portico.app.settings import read_settings
from tests.integration.cli.conftest import Held
from tests.integration.cli.programs import Portico
from tests.integration.cli.test_operate import listed, run, sql

WRITE = """
insert into portico.audit (org_id, action, outcome, request_id)
select id, 'till.opened', 'done', 'req' from portico.organizations
"""


@pytest.fixture
def shop(own_program: Portico, own: Held) -> Portico:
    """The program, with a sealed record of an organization."""
    sql(own, "insert into portico.organizations (name, slug) values ('Sealed', 'sealed') on conflict do nothing")
    sql(own, WRITE)
    own.portal.call(seal, own)
    return own_program


async def seal(own: Held) -> None:
    """Seal what is there, as a worker of this installation would."""
    settings = read_settings(portico_folder=own.folder)
    queue = PostgresQueue((await own.server.database(own.database)).worker, limits_of(settings))
    prove = prover(derive(read_secret(settings), "proof"))
    try:
        await PostgresSealer(queue.pool, ring_of(settings), prove).seal(1000, datetime.now(UTC))
    finally:
        await queue.close()


async def intrude(own: Held, statement: str) -> None:
    """Run a statement as the server's superuser, past every trigger."""
    connection = await asyncpg.connect(own.server.admin_url(own.database))
    try:
        await connection.execute(f"set session_replication_role = replica; {statement}")
    finally:
        await connection.close()


def test_an_audit_that_is_as_it_was_written_passes(shop: Portico, tmp_path: Path) -> None:
    """Of all organizations or of one; heads that were kept are compared."""
    kept = tmp_path / "heads.json"
    kept.write_text(run(shop, "audit", "heads", "--json"))
    everything = run(shop, "audit", "verify", "--heads", str(kept))
    one = run(shop, "audit", "verify", "--org", "sealed")

    assert {head["org"] for head in json.loads(kept.read_text())} >= {"sealed"}
    assert "nothing was tampered with" in everything
    assert one.startswith("1 sealed record of 1 chain")


def test_what_was_tampered_with_is_named(shop: Portico, own: Held, tmp_path: Path) -> None:
    """The record, and what became of it; the program ends with 1. A file that holds no heads is told."""
    (record,) = sql(own, "select max(id) as id from portico.audit where action = 'till.opened'")
    own.portal.call(intrude, own, f"update portico.audit set outcome = 'denied' where id = {record['id']}")
    odd = tmp_path / "odd.json"
    odd.write_text("{}]")

    said = run(shop, "audit", "verify", fails=True)

    assert f"record {record['id']} (till.opened) was changed." in said
    assert "NOT as they were written" in said
    assert "holds no heads" in run(shop, "audit", "verify", "--heads", str(odd), fails=True)
    assert len(listed(shop, "audit", "heads", "--org", "sealed")) == 1

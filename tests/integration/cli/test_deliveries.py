"""`portico webhooks`: what operators see of endpoints and deliveries, and what they set right, as they type it."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from tests.integration.cli.conftest import Held
from tests.integration.cli.programs import Portico
from tests.integration.cli.test_operate import listed, run, sql

ORG, OTHER = UUID(int=1), UUID(int=2)
TILL, OFF = UUID(int=11), UUID(int=12)
FAILED, LATER, DONE, MISSED = UUID(int=21), UUID(int=22), UUID(int=23), UUID(int=24)
NOBODY = UUID(int=99)
FILL = f"""
insert into portico.organizations (id, name, slug) values ('{ORG}', 'Inn', 'inn'), ('{OTHER}', 'Bar', 'bar');
insert into portico.webhook_endpoints (org_id, id, url, events, secret) values
  ('{ORG}', '{TILL}', 'https://till.example.com', '{{*}}', 'x'),
  ('{OTHER}', '{OFF}', 'https://off.example.com', '{{*}}', 'x');
insert into portico.webhook_messages (org_id, id, event, body, at) values
  ('{ORG}', '{FAILED}', 'bill.paid', '{{}}', '2026-01-01'), ('{ORG}', '{LATER}', 'bill.paid', '{{}}', '2026-02-01'),
  ('{ORG}', '{DONE}', 'bill.sent', '{{}}', '2026-02-01'), ('{OTHER}', '{MISSED}', 'bill.paid', '{{}}', '2026-02-01');
insert into portico.webhook_deliveries (org_id, id, endpoint_id, message_id, state, due_at, attempts, tries, status)
select m.org_id, m.id, e.id, m.id, case when m.event = 'bill.sent' then 'done' else 'failed' end, m.at, 6, 6, 500
  from portico.webhook_messages m join portico.webhook_endpoints e on e.org_id = m.org_id;
update portico.webhook_endpoints set enabled = false where id = '{OFF}'
"""
EMPTY = f"delete from portico.organizations where id in ('{ORG}', '{OTHER}')"


@pytest.fixture
def shop(own_program: Portico, own: Held) -> Iterator[Portico]:
    """The program, with an endpoint to which two deliveries have failed, and one that is switched off."""
    for statement in FILL.split(";"):
        sql(own, statement)
    yield own_program
    sql(own, EMPTY)


def states(own: Held) -> dict[UUID, tuple[str, int]]:
    """The state of every delivery, and how often it was tried since it was asked for."""
    rows = sql(own, "select id, state, tries from portico.webhook_deliveries")
    return {row["id"]: (row["state"], row["tries"]) for row in rows}


def test_endpoints_are_listed(shop: Portico) -> None:
    """Of all organizations, or of one; never with a secret."""
    everything = listed(shop, "webhooks", "endpoints")
    inn = run(shop, "webhooks", "endpoints", "--org", "inn")

    assert [(row["organization"], row["enabled"], row["waiting"]) for row in everything] == [
        ("bar", False, 0),
        ("inn", True, 0),
    ]
    assert all("secret" not in row for row in everything)
    assert "till.example.com" in inn
    assert "off.example.com" not in inn


def test_deliveries_are_listed(shop: Portico) -> None:
    """The newest first; filters narrow the list."""
    everything = listed(shop, "webhooks", "deliveries")
    failed = listed(shop, "webhooks", "deliveries", "--org", "inn", "--state", "failed", "--limit", "1")
    one = listed(shop, "webhooks", "deliveries", "--endpoint", str(OFF))

    assert [UUID(row["id"]) for row in everything] == [MISSED, DONE, LATER, FAILED]
    assert [(UUID(row["id"]), row["status"]) for row in failed] == [(LATER, 500)]
    assert [UUID(row["id"]) for row in one] == [MISSED]
    assert run(shop, "webhooks", "deliveries", "--state", "waiting") == "None.\n"


def test_one_is_delivered_again(shop: Portico, own: Held) -> None:
    """One that has arrived, too; that is on record, and its endpoint hears of it."""
    said = run(shop, "webhooks", "redeliver", "--id", str(DONE))

    assert said == "1 delivery will be made again.\n"
    assert states(own)[DONE] == ("waiting", 0)
    (audit,) = sql(own, "select org_id, target from portico.audit where action = 'webhook.redelivered'")
    assert tuple(audit) == (ORG, str(DONE))
    assert sql(own, f"select from portico.webhook_endpoints where id = '{TILL}' and due_at is not null")


def test_all_that_has_failed_is_delivered_again(shop: Portico, own: Held) -> None:
    """Or what has failed since."""
    since = run(shop, "webhooks", "redeliver", "--endpoint", str(TILL), "--since", "2026-01-15")
    between = states(own)
    rest = run(shop, "webhooks", "redeliver", "--endpoint", str(TILL))

    assert since == rest == "1 delivery will be made again.\n"
    assert (between[FAILED][0], between[LATER][0]) == ("failed", "waiting")
    assert states(own) == {FAILED: ("waiting", 0), LATER: ("waiting", 0), DONE: ("done", 6), MISSED: ("failed", 6)}


def test_what_cannot_be_delivered_again_is_said(shop: Portico, own: Held) -> None:
    """One that is not there, an endpoint that is switched off, and neither or both named."""
    missing = run(shop, "webhooks", "redeliver", "--id", str(NOBODY), fails=True)
    off = run(shop, "webhooks", "redeliver", "--endpoint", str(OFF), fails=True)
    neither = run(shop, "webhooks", "redeliver", fails=True)

    assert f"There is no delivery {NOBODY}." in missing
    assert f"The endpoint {OFF} is switched off: its organization switches it on first." in off
    assert "Say which: --id ID, or --endpoint ID for all that has failed to it." in neither
    assert states(own)[MISSED] == ("failed", 6)

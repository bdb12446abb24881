"""`portico webhooks`: what providers have sent, as operators see it and set it right from the command line."""

import json
from collections.abc import Iterator
from uuid import UUID

import pytest

from tests.integration.cli.conftest import Held
from tests.integration.cli.programs import Portico
from tests.integration.cli.test_operate import listed, run, sql

FAILED = UUID("00000000-0000-0000-0000-00000000dead")
HANDLED = UUID("00000000-0000-0000-0000-00000000d07e")
STRAY = UUID("00000000-0000-0000-0000-0000000005ed")
NOBODY = UUID("00000000-0000-0000-0000-000000000000")
EVENTS = (
    f"""
    insert into portico.inbox (id, inbox, event, kind, body, handler, request_id, received_at, handled_at) values
      ('{FAILED}', 'shop.suppliers', 'e1', 'bread.sold', '{{"id": "e1", "data": {{"loaf": "rye"}}}}', 'shop.restocked',
       'req-1', now(), null),
      ('{HANDLED}', 'shop.suppliers', 'e2', 'bread.sold', null, 'shop.restocked', 'req-2', now(), now()),
      ('{STRAY}', 'shop.suppliers', 'e3', 'cake.sold', '{{}}', null, 'req-3', now(), null)
    """,
    f"""
    insert into portico.jobs (id, name, input, state, due_at, attempt, request_id, event_id, problem, ended_at) values
      (gen_random_uuid(), 'shop.restocked', '{{}}', 'dead', now(), 5, 'req-1', '{FAILED}', '{{"code": "SYS_TIMEOUT"}}',
       now())
    """,
    """
    insert into portico.inbox_refusals (inbox, day, reason, refused, last_at)
    values ('shop.suppliers', '2030-05-17', 'forged', 12, '2030-05-17 12:00Z')
    """,
)
ORPHAN = """
    insert into portico.inbox (id, inbox, event, kind, body, handler, request_id, received_at)
    values (gen_random_uuid(), 'shop.suppliers', 'e4', 'pie.sold', '{}', 'shop.pied', 'req-4', now())
"""
GONE = [f"delete from portico.{table}" for table in ("jobs", "inbox", "inbox_refusals")]


@pytest.fixture
def shop(own_program: Portico, own: Held) -> Iterator[Portico]:
    """The program, with an event that failed, one that was handled, one that nobody handles; and refusals."""
    for statement in EVENTS:
        sql(own, statement)
    yield own_program
    for statement in GONE:
        sql(own, statement)


def test_events_are_listed(shop: Portico) -> None:
    """What failed first, with its reason; filters narrow the list; what was refused is counted."""
    everything = listed(shop, "webhooks", "inbox", "list")
    failed = listed(shop, "webhooks", "inbox", "list", "--state", "failed", "--inbox", "shop.suppliers")
    refused = listed(shop, "webhooks", "inbox", "refused")

    assert {event["event"]: event["state"] for event in everything} == {
        "e1": "failed",
        "e2": "handled",
        "e3": "unhandled",
    }
    assert [(event["id"], event["problem"]) for event in (everything[0], *failed)] == [(str(FAILED), "SYS_TIMEOUT")] * 2
    assert [(row["day"], row["reason"], row["refused"]) for row in refused] == [("2030-05-17", "forged", 12)]


def test_an_event_is_shown_whole(shop: Portico) -> None:
    """With its body as it came; one that is not there is told."""
    shown = json.loads(run(shop, "webhooks", "inbox", "show", str(FAILED)))

    assert (shown["body"]["data"], shown["problem"]["code"]) == ({"loaf": "rye"}, "SYS_TIMEOUT")
    assert f"There is no event {NOBODY}." in run(shop, "webhooks", "inbox", "show", str(NOBODY), fails=True)


def test_what_failed_is_handled_again(shop: Portico, own: Held) -> None:
    """By a new job, in the place of the one that was given up; what cannot be is told, with the reason."""
    assert run(shop, "webhooks", "inbox", "replay", "--failed") == "1 event will be handled again.\n"

    jobs = sql(own, "select name, state, event_id, attempts from portico.jobs")
    assert [tuple(job.values()) for job in jobs] == [("shop.restocked", "waiting", FAILED, 10)]
    for id, reason in ((FAILED, "is waiting"), (HANDLED, "has lost its body"), (STRAY, "has none for cake.sold")):
        assert reason in run(shop, "webhooks", "inbox", "replay", "--id", str(id), fails=True)
    assert "Say which" in run(shop, "webhooks", "inbox", "replay", fails=True)
    assert "no webhook shop.nobody; there are shop.suppliers" in run(
        shop, "webhooks", "inbox", "replay", "--inbox", "shop.nobody", fails=True
    )


def test_an_event_whose_handler_is_gone_stands_in_nobodys_way(shop: Portico, own: Held) -> None:
    """All others that failed are handled again; it is left, and told of."""
    sql(own, ORPHAN)

    said = run(shop, "webhooks", "inbox", "replay", "--failed")

    assert said.splitlines() == [
        "1 event will be handled again.",
        "1 of which the application has no handler any more is left.",
    ]
    assert [job["event_id"] for job in sql(own, "select event_id from portico.jobs")] == [FAILED]


def test_an_event_is_sent_to_try_a_handler(shop: Portico) -> None:
    """Signed as the webhook at the URL wants it, with the secret for development; one that is none is told."""
    with shop.serving("serve", "shop:app") as program:
        there, to = ("--type", "bread.sold"), f"{program.url}/api/v1/suppliers"
        sent = run(shop, "webhooks", "send", to, *there, "--data", '{"loaf": "rye"}')
        forged = run(shop, "webhooks", "send", to, *there, "--scheme", "hmac", "--secret", "PATH", fails=True)
        garbled = run(shop, "webhooks", "send", to, *there, "--data", "{loaf: rye}", fails=True)
        nowhere = run(shop, "webhooks", "send", f"{program.url}/nowhere", *there, fails=True)
    gone = run(shop, "webhooks", "send", to, *there, fails=True)

    assert sent == '200 {"data":{"received":true,"duplicate":false}}\n'
    assert forged.startswith("401 ")
    assert "Invalid value for --data: this is no JSON: Expecting property name" in garbled
    assert "no webhook at /nowhere; it has /api/v1/suppliers" in nowhere
    assert f"Nothing answers at {to}" in gone

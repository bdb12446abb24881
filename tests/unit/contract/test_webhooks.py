"""Events as webhooks: whose they are, how they are signed, and what they carry."""

import pytest

from portico.app.contract import events_of
from portico.core.event import DECLARED, Event
from portico.errors import Misconfigured
from portico.generate.openapi.schemas import Schema
from salon.app import app as salon
from tests.unit.contract.shop import app, drawn

SALON = {"appointment.cancelled", "appointment.created", "appointment.rescheduled"}


@pytest.fixture
def delivery() -> Schema:
    """How one delivery is told."""
    found: Schema = drawn()["webhooks"]["test.sold"]["post"]
    return found


def test_an_application_tells_of_its_own_events() -> None:
    """Not of those that other packages in the process declare."""
    assert set(events_of(app)) == {"test.sold"}
    assert set(events_of(salon)) >= SALON


def test_two_events_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was stored as the one could be read as the other; both are named, and what to do."""
    known = list(DECLARED)
    monkeypatch.setattr("portico.core.event.DECLARED", known)
    monkeypatch.setattr("portico.core.event.EVENTS", {})
    monkeypatch.setattr("portico.app.contract.DECLARED", known)

    class Resold(Event, name="test.sold"):
        """Something was sold again."""

    with pytest.raises(Misconfigured, match=r"shop\.Sold and .*Resold are both named 'test\.sold'.*another name"):
        events_of(app)


def test_events_are_in_the_order_of_their_names() -> None:
    """Whichever package was imported first."""
    names = list(events_of(salon))

    assert names == sorted(names)


def test_a_delivery_is_told_by_the_event_s_words(delivery: Schema) -> None:
    """Its docstring is the summary; the name is the id."""
    assert delivery["operationId"] == "on.test.sold"
    assert delivery["summary"] == "Something was sold"
    assert delivery["security"] == []


def test_a_delivery_brings_what_proves_it(delivery: Schema) -> None:
    """The three headers of Standard Webhooks, none of which may be missing."""
    headers = {header["name"]: header["required"] for header in delivery["parameters"]}

    assert headers == {"webhook-id": True, "webhook-timestamp": True, "webhook-signature": True}


def test_a_delivery_carries_the_payload(delivery: Schema) -> None:
    """Under `data`, as the event's own schema says."""
    schema = delivery["requestBody"]["content"]["application/json"]["schema"]

    assert schema["properties"]["event"] == {"const": "test.sold"}
    assert schema["properties"]["data"] == {"$ref": "#/components/schemas/Sold"}
    assert drawn()["components"]["schemas"]["Sold"]["properties"] == {"price": {"type": "integer"}}


def test_whatever_takes_it_says_so(delivery: Schema) -> None:
    """Any success will do."""
    assert set(delivery["responses"]) == {"2XX"}

"""The pages of webhooks, as a browser without JavaScript meets them, with a receiver that is really called."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from standardwebhooks import Webhook

from portico.testing import open_harness
from portico.testing.databases import Databases
from salon.app import app
from tests.integration.forms.browser import Browser
from tests.integration.webhooks.receiver import Receiver, Said, receiving
from tests.salon.desk import Desk, open_desk

pytestmark = pytest.mark.anyio
PAGE = "/organization/webhooks"


@dataclass
class Office:
    """A business that tells a receiver of its appointments."""

    desk: Desk
    owner: Browser
    receiver: Receiver

    async def made(self, **fields: object) -> tuple[str, str]:
        """Make a webhook by its page: its path, and the secret that is shown."""
        await self.owner.open(f"{PAGE}/new")
        wanted = {"url": self.receiver.url, "description": "Till", "events": ["appointment.*"], **fields}
        page = await self.owner.submit(PAGE, **wanted)
        path, secret = re.search(rf'href="({PAGE}/[0-9a-f-]+)"', page.text), re.search(r"whsec_[\w+/=]+", page.text)
        assert path is not None, page.text
        assert secret is not None
        return path[1], secret[0]


@pytest.fixture
async def office(portico_databases: Databases) -> AsyncIterator[Office]:
    """The Salon in development: it may call this machine."""
    urls = await portico_databases.of(app)
    async with receiving() as receiver, open_harness(app, urls, portico_reach_private=True) as portico:
        await portico.empty()
        desk = await open_desk(portico, "Salon Kastanie", timezone="Europe/Vienna")
        client = portico.client()
        client.cookies["__Host-session"] = portico.token(desk.user)
        yield Office(desk, Browser(client), receiver)


async def test_a_webhook_is_made_and_told_of_a_booking(office: Office) -> None:
    """The secret is shown once; the receiver verifies what it gets; the log shows how it went."""
    path, secret = await office.made()
    await office.desk.booked("2030-05-17T10:00:00+02:00")
    await office.desk.portico.deliver()

    (request,) = office.receiver.got
    told = Webhook(secret).verify(request.body, dict(request.headers))
    assert (told["event"], told["data"]["appointment"]["status"]) == ("appointment.created", "booked")
    page = (await office.owner.open(path)).page
    assert secret not in page.text
    assert "appointment.created" in page.text
    assert "delivered" in page.text
    assert "Till" in (await office.owner.open(PAGE)).page.text


async def test_what_failed_is_looked_at_and_delivered_again(office: Office) -> None:
    """Each attempt with its answer, what was sent, and one press to try again."""
    office.receiver.says(Said(503, body=b"we are <closed>"), Said())
    path, _ = await office.made()
    await office.desk.booked("2030-05-17T10:00:00+02:00")
    await office.desk.portico.deliver()
    await office.desk.portico.rows("update portico.webhook_deliveries set state = 'failed'")

    log = (await office.owner.open(f"{path}?state=failed")).page
    found = re.search(r'href="(/organization/deliveries/[0-9a-f-]+)"', log.text)
    assert found is not None
    shown = (await office.owner.open(found[1])).page
    again = await office.owner.submit(f"{found[1]}/redeliver")
    await office.desk.portico.deliver()
    after = (await office.owner.open(found[1])).page

    assert "answered 503" in shown.text
    assert "we are &lt;closed&gt;" in shown.text
    assert again.headers["location"] == f"{found[1]}?done=webhook-sent"
    assert "2. answered 200" in after.text
    assert len({request.id for request in office.receiver.got}) == 1


async def test_an_example_is_sent(office: Office) -> None:
    """And marked as one, on the page and in what is sent."""
    path, secret = await office.made()
    await office.owner.open(path)

    sent = await office.owner.submit(f"{path}/test")
    await office.desk.portico.deliver()
    page = (await office.owner.open(sent.headers["location"])).page

    (request,) = office.receiver.got
    assert Webhook(secret).verify(request.body, dict(request.headers))["sample"] is True
    assert "It is an example." in page.text
    assert "1. answered 200" in page.text


async def test_the_secret_is_replaced(office: Office) -> None:
    """The new one is shown, and how long the former one counts beside it."""
    path, secret = await office.made()
    await office.owner.open(f"{path}/secret")

    page = await office.owner.submit(f"{path}/secret", overlap_hours=24)

    renewed = re.findall(r"whsec_[\w+/=]+", page.text)
    assert renewed != [secret]
    assert "The former secret counts beside it until" in page.text


async def test_a_webhook_is_changed_switched_off_and_deleted(office: Office) -> None:
    """What is not ticked is off."""
    path, _ = await office.made()
    form = {"url": office.receiver.url, "events": ["*"], "at_once": 5, "plain_headers": "true"}
    await office.owner.open(path)

    saved = await office.owner.submit(path, **form)
    off = (await office.owner.open(PAGE)).page.text
    await office.owner.open(path)
    gone = await office.owner.submit(f"{path}/delete")

    assert saved.headers["location"] == f"{path}?done=webhook-saved"
    assert re.search(r'<span class="badge">off</span>', off)
    assert "everything" in off
    assert gone.headers["location"] == f"{PAGE}?done=webhook-deleted"
    assert "Nobody is told of anything yet." in (await office.owner.open(PAGE)).page.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"url": "http://0177.0.0.1/"}, "Please write the name of a host, or its address as four plain numbers."),
        ({"events": []}, "required"),
        ({"events": ["customer.*"]}, "There is no event of this name: customer.*."),
    ],
)
async def test_what_is_wrong_is_said_beside_it(office: Office, fields: dict[str, object], said: str) -> None:
    """And what was entered is kept."""
    await office.owner.open(f"{PAGE}/new")
    wanted = {"url": office.receiver.url, "description": "Till", "events": ["*"], **fields}

    page = await office.owner.submit(PAGE, **{name: value for name, value in wanted.items() if value != []})

    assert page.status == 422
    assert said in page.text
    assert 'name="description" value="Till"' in page.text


async def test_members_do_not_see_webhooks(office: Office) -> None:
    """They are for who manages them: neither the way there nor the page."""
    member = await office.desk.portico.member("lena@kastanie.example", org=office.desk.org.id)
    client = office.desk.portico.client()
    client.cookies["__Host-session"] = office.desk.portico.token(member)
    lena = Browser(client)

    assert "Webhooks" not in (await lena.open("/organization")).page.text
    assert (await lena.open(PAGE)).page.status == 403


@pytest.mark.parametrize(
    "entered",
    [
        ("url", ""),
        ("url", "https://x.test/" + "x" * 3000),
        ("at_once", "0"),
        ("at_once", "-1"),
        ("at_once", "9" * 30),
        ("description", "x" * 501),
    ],
)
async def test_what_a_webhook_cannot_be_is_said_beside_its_field(office: Office, entered: tuple[str, str]) -> None:
    """The form that edits one takes what the form that makes one takes."""
    path, _ = await office.made()
    await office.owner.open(path)
    name, value = entered

    saved = await office.owner.submit(
        path, **{"url": office.receiver.url, "events": ["*"], "at_once": "1", name: value}
    )

    assert saved.status == 422
    assert f'id="{name}-error-1"' in saved.text

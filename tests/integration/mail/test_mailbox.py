"""The development mailbox: there for whoever develops, for nobody else."""

import pytest

from portico.adapters.memory.mailbox import KEPT, MemoryMailbox
from portico.ports.mailer import Mail
from portico.testing import Harness, open_harness
from portico.transports.mailbox import links_of
from tests.integration.mail.letters import Person, greet
from tests.integration.mail.test_smtp import SENDER

pytestmark = pytest.mark.anyio
PATHS = ("/mailbox", "/mailbox/1", "/mailbox.json")


@pytest.fixture
async def box(portico: Harness) -> Harness:
    """Two mails have come."""
    for name in ("Ann", "<i>Bob</i>"):
        await portico.app.as_(None).call(greet, data=Person(name=name))
    await portico.mails()
    return portico


async def test_the_list_shows_the_newest_first(box: Harness) -> None:
    """By subject and address, escaped, with links to each."""
    page = await box.client().get("/mailbox")

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.text.index("Good day, &lt;i&gt;Bob&lt;/i&gt;") < page.text.index("Good day, Ann")
    assert 'href="/mailbox/2"' in page.text
    assert "script" not in page.text


async def test_a_mail_is_shown_as_text_and_as_html(box: Harness) -> None:
    """Links of the text can be followed; the HTML is shut in a frame in which nothing runs and nothing is loaded."""
    page = await box.client().get("/mailbox/2")

    assert '<a href="https://testserver/hello?to=you" rel="noopener noreferrer">' in page.text
    assert 'sandbox="" srcdoc="&lt;p lang=&#34;en&#34;&gt;' in page.text
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_scripts_read_the_mails_as_json(box: Harness) -> None:
    """With the links of each."""
    first, second = (await box.client().get("/mailbox.json")).json

    assert (first["number"], second["number"], second["to"]) == (2, 1, "ann@example.com")
    assert second["subject"] == "Good day, Ann"
    assert second["links"] == ["https://testserver/hello?to=you"]


@pytest.mark.parametrize("number", ["3", "0", "x"])
async def test_a_mail_that_is_not_there_is_not_found(box: Harness, number: str) -> None:
    """As any other page."""
    assert (await box.client().get(f"/mailbox/{number}")).status == 404


async def test_an_empty_mailbox_says_so(portico: Harness) -> None:
    """Instead of an empty list."""
    page = await portico.client().get("/mailbox")

    assert "No mail has been sent yet." in page.text
    assert portico.mailbox == []


@pytest.mark.parametrize("path", PATHS)
async def test_there_is_no_mailbox_where_mail_goes_by_smtp(box: Harness, path: str) -> None:
    """Whoever reads a link to a new password has the account."""
    settings = {"portico_mail": "smtp", "smtp_url": "smtp://localhost:1", "mail_from": SENDER}
    async with open_harness(box.app, box.urls, **settings) as harness:
        assert (await harness.client().get(path)).status == 404
        assert harness.mailbox == []


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("ip", "headers"),
    [
        ("192.0.2.7", {}),
        ("127.0.0.1", {"host": "evil.example:8000"}),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}),
    ],
)
async def test_the_mailbox_is_for_this_machine_alone(
    box: Harness, path: str, *, ip: str, headers: dict[str, str]
) -> None:
    """Neither another machine, through a proxy or not, nor a page that gives this one a name of its own reads it."""
    reply = await box.client(ip=ip).get(path, headers=headers)

    assert reply.status == 404


async def test_only_the_last_mails_are_kept() -> None:
    """Their numbers go on."""
    mailbox = MemoryMailbox()
    for number in range(KEPT + 5):
        await mailbox.send(Mail("ann@example.com", str(number), ""))
    await mailbox.close()

    assert len(mailbox.mails) == KEPT
    assert mailbox.numbered()[0] == (6, mailbox.mails[0])


def test_a_link_ends_where_the_sentence_does() -> None:
    """Punctuation and brackets around it are none of it."""
    text = "See https://a.example/x?y=1. (Or http://b.example/z), <https://c.example>!"

    assert links_of(text) == ["https://a.example/x?y=1", "http://b.example/z", "https://c.example"]

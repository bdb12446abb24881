"""Mail by SMTP, against a real server."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from aiosmtplib import SMTPRecipientRefused

from portico import Misconfigured
from portico.adapters.smtp import Server, SmtpMailer
from portico.ports.mailer import Mail, Undeliverable
from portico.testing import Harness, open_harness
from tests.integration.mail.letters import Person, greet
from tests.integration.mail.post_office import LOCKED, PASSWORD, USER, PostOffice, Tired, certified

pytestmark = pytest.mark.anyio
SENDER = "Salon <no-reply@example.com>"
MAIL = Mail("ann@example.com", "Grüße", "Hello.\n", "<p>Hello.</p>", "<1@example.com>")
UNSAFE = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")  # on this machine


def by_smtp(harness: Harness, url: str) -> AbstractAsyncContextManager[Harness]:
    """The same application, with a mail server."""
    return open_harness(harness.app, harness.urls, portico_mail="smtp", smtp_url=url, mail_from=SENDER)


async def test_a_mail_goes_out_whole(portico: Harness, office: PostOffice) -> None:
    """From a call to the server's hands, with the headers that a program's mail has."""
    async with by_smtp(portico, f"smtp://127.0.0.1:{office.port}") as harness:
        await harness.app.as_(None).call(greet, data=Person(name="Zoë"))
        assert await harness.mails() == []

    ((to, message),) = office.came
    assert (to, message["To"], message["From"]) == (["ann@example.com"], "ann@example.com", SENDER)
    assert (message["Subject"], message["Auto-Submitted"]) == ("Good day, Zoë", "auto-generated")
    assert message["Date"].datetime.tzinfo is not None
    assert message["Message-ID"].endswith("@testserver>")
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert "https://testserver/hello?to=you" in text.get_content()
    assert html is not None
    assert "<b>Zoë</b>" in html.get_content()


async def test_no_answer_waits_for_the_mail_server(portico: Harness, office: PostOffice) -> None:
    """The call is answered while the server still thinks: how long it took tells nobody whether a mail went out."""
    office.held = asyncio.Event()
    async with by_smtp(portico, f"smtp://127.0.0.1:{office.port}") as harness:
        reply = await harness.client().post("/api/v1/greetings", {})
        before = list(office.came)
        office.held.set()
        await harness.run_jobs()

    assert (reply.status, before, len(office.came)) == (200, [], 1)


async def test_a_mail_of_text_alone_has_one_part(office: PostOffice) -> None:
    """And a Message-ID of the mailer's, where it was given none."""
    await SmtpMailer(Server("127.0.0.1", office.port, "none"), SENDER).send(Mail("ann@example.com", "Hi", "Hello.\n"))

    ((_, message),) = office.came
    assert not message.is_multipart()
    assert message.get_content().splitlines() == ["Hello."]
    assert message["Message-ID"]


async def test_values_cannot_write_headers(portico: Harness, office: PostOffice) -> None:
    """A line break in a name stays in the subject as a space; in HTML it is text."""
    evil = "Ann\r\nBcc: eve@example.com\r\n\r\n<b>x</b>"
    async with by_smtp(portico, f"smtp://127.0.0.1:{office.port}") as harness:
        await harness.app.as_(None).call(greet, data=Person(name=evil))
        await harness.run_jobs()

    ((to, message),) = office.came
    assert to == ["ann@example.com"]
    assert (message["Bcc"], message["Cc"]) == (None, None)
    assert message["Subject"] == "Good day, Ann Bcc: eve@example.com <b>x</b>"
    html = message.get_body(("html",))
    assert html is not None
    assert "&lt;b&gt;x&lt;/b&gt;" in html.get_content()


@pytest.mark.parametrize("to", ["ann@example.com\r\nBcc: eve@example.com", "ann@example.com, eve@example.com", "ann"])
async def test_an_address_is_one_address(
    portico: Harness, office: PostOffice, caplog: pytest.LogCaptureFixture, *, to: str
) -> None:
    """Whatever else it would be goes nowhere."""
    async with by_smtp(portico, f"smtp://127.0.0.1:{office.port}") as harness:
        result = await harness.app.as_(None).call(greet, data=Person(to=to))
        await harness.run_jobs()

    assert result.error is None
    assert office.came == []
    assert "job portico.send_mail failed" in caplog.text
    assert "eve@" not in caplog.text


@pytest.mark.parametrize("name", ["subject", "id"])
def test_a_mail_is_no_place_for_line_breaks(name: str) -> None:
    """Outside of its text."""
    with pytest.raises(ValueError, match=f"The {name} of a mail has characters that no header can carry"):
        Mail(**{"to": "ann@example.com", "subject": "Hi", "text": "", name: "a\nb"})


@UNSAFE
async def test_a_locked_server_is_opened_by_its_password() -> None:
    """Its special characters are percent-encoded in the address."""
    office = PostOffice(LOCKED)
    async with office.open():
        url = f"smtp://{quote(USER)}:{quote(PASSWORD, safe='')}@localhost:{office.port}"
        await SmtpMailer(Server.of(url), SENDER).send(MAIL)

    assert [message["Subject"] for _, message in office.came] == ["Grüße"]


@UNSAFE
async def test_a_server_that_cannot_ask_for_passwords_right_now_is_tried_again(portico: Harness) -> None:
    """454 is no wrong password (RFC 4954, section 6): the mail waits, and goes out."""
    office = PostOffice({**LOCKED, "authenticator": Tired()})
    user = f"{quote(USER)}:{quote(PASSWORD, safe='')}"
    async with office.open(), by_smtp(portico, f"smtp://{user}@localhost:{office.port}") as harness:
        await harness.app.as_(None).call(greet, data=Person())
        await harness.run_jobs()
        before = len(office.came)
        (waiting,) = await harness.rows("select state, problem ->> 'message' as problem from portico.jobs")
        harness.clock.advance(timedelta(minutes=2))
        await harness.run_jobs()

    assert (before, waiting["state"], len(office.came)) == (0, "waiting", 1)
    assert waiting["problem"] == "localhost lets nobody in right now (454)."


@UNSAFE
async def test_a_wrong_password_is_tried_once_and_not_told(portico: Harness, caplog: pytest.LogCaptureFixture) -> None:
    """The caller notices nothing; the log names the setting, and has neither the password nor the mail."""
    office = PostOffice(LOCKED)
    async with office.open(), by_smtp(portico, f"smtp://clerk:hunter2@localhost:{office.port}") as harness:
        result = await harness.app.as_(None).call(greet, data=Person())
        await harness.run_jobs()

    assert (result.error, office.came) == (None, [])
    assert caplog.text.count("localhost refuses the user or password of SMTP_URL (535)") == 1
    assert "hunter2" not in caplog.text
    assert "/hello" not in caplog.text


async def send_and_wait(harness: Harness) -> int:
    """Send what is due, and let an hour pass; how many attempts that were."""
    attempts = await harness.run_jobs()
    harness.clock.advance(timedelta(hours=1))
    return attempts


async def test_a_server_that_is_down_is_tried_again(portico: Harness) -> None:
    """Until it is back; the mail waits meanwhile, whoever is restarted."""
    office = PostOffice()
    async with office.open():
        """It has a port from now on, at which nobody listens then."""
    async with by_smtp(portico, f"smtp://127.0.0.1:{office.port}") as harness:
        await harness.app.as_(None).call(greet, data=Person())
        assert [await send_and_wait(harness) for _ in range(3)] == [1, 1, 1]
        assert office.came == []

        async with office.open():
            assert await send_and_wait(harness) == 1
        assert await send_and_wait(harness) == 0

    assert [message["Subject"] for _, message in office.came] == ["Good day, Ann"]


async def test_a_busy_server_is_asked_again(portico: Harness, office: PostOffice) -> None:
    """With the same Message-ID, that of its job."""
    office.refusals = ["451 Later", "451 Later"]
    async with by_smtp(portico, f"smtp://127.0.0.1:{office.port}") as harness:
        await harness.app.as_(None).call(greet, data=Person())
        (job,) = await harness.rows("select id from portico.jobs")

        assert [await send_and_wait(harness) for _ in range(4)] == [1, 1, 1, 0]

    assert [message["Message-ID"] for _, message in office.came] == [f"<{job['id']}@testserver>"]


@pytest.mark.parametrize(("refusal", "attempts"), [("451 Later", 12), ("554 Never", 1)])
async def test_a_mail_is_given_up(portico: Harness, office: PostOffice, refusal: str, *, attempts: int) -> None:
    """After twelve attempts, or at the first refusal for good; it is a dead letter then, and the next mail goes out."""
    office.refusals = [refusal] * attempts
    async with by_smtp(portico, f"smtp://127.0.0.1:{office.port}") as harness:
        await harness.app.as_(None).call(greet, data=Person(name="Lost"))
        for _ in range(attempts):
            assert await send_and_wait(harness) == 1
        await harness.app.as_(None).call(greet, data=Person(name="Found"))
        assert await send_and_wait(harness) == 1
        (dead,) = await harness.rows("select state, input::text as input from portico.jobs")

    assert [message["Subject"] for _, message in office.came] == ["Good day, Found"]
    assert dead["state"] == "dead"
    assert "Lost" not in dead["input"]


async def test_a_recipient_whom_the_server_does_not_know_is_given_up(office: PostOffice) -> None:
    """It is refused for good; one whom it does not want now may be tried again."""
    mailer = SmtpMailer(Server("127.0.0.1", office.port, "none"), SENDER)

    office.unwanted = "550 No such user"
    with pytest.raises(Undeliverable, match="550"):
        await mailer.send(MAIL)
    office.unwanted = "450 Come back later"
    with pytest.raises(SMTPRecipientRefused, match="450"):
        await mailer.send(MAIL)

    assert office.came == []


async def test_tls_from_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate is verified: an unknown one is refused."""
    tls, certificate = certified(tmp_path)
    office = PostOffice(tls=tls)
    async with office.open():
        mailer = SmtpMailer(Server.of(f"smtps://localhost:{office.port}"), SENDER)
        with pytest.raises(Exception, match="certificate"):
            await mailer.send(MAIL)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        await mailer.send(MAIL)

    assert len(office.came) == 1


async def test_starttls_where_it_is_needed(office: PostOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that cannot encrypt is given nothing."""
    tls, certificate = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    safe = PostOffice({"tls_context": tls, "require_starttls": True})

    async with safe.open():
        await SmtpMailer(Server("localhost", safe.port, "STARTTLS"), SENDER).send(MAIL)
    with pytest.raises(Exception, match="STARTTLS"):
        await SmtpMailer(Server("localhost", office.port, "STARTTLS"), SENDER).send(MAIL)

    assert (len(safe.came), office.came) == (1, [])


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", Server("mail.example.com", 587, "STARTTLS")),
        ("smtps://u%40x:p%2Fw@mail.example.com", Server("mail.example.com", 465, "from the start", "u@x", "p/w")),
        ("smtp://localhost:1025", Server("localhost", 1025, "none")),
        ("smtp://[::1]:1025/", Server("::1", 1025, "none")),
    ],
)
def test_the_address_says_how_to_encrypt(url: str, server: Server) -> None:
    """Only this machine is spoken to in the clear."""
    assert Server.of(url) == server
    assert "p/w" not in repr(server)


@pytest.mark.parametrize("url", ["http://mail:25", "smtp://", "smtp://u:hunter2@host:port", "smtp://h/hunter2"])
def test_an_address_that_is_none_is_refused_without_repeating_it(url: str) -> None:
    """It may hold a password."""
    with pytest.raises(Misconfigured, match="SMTP_URL is no address of a mail server") as refused:
        Server.of(url)

    assert "hunter2" not in str(refused.value)

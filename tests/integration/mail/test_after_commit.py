"""Mail tells of what has happened, once."""

import pytest

from portico import PublicContext
from portico.testing import Harness
from tests.integration.mail.letters import Person, fail, greet, greet_round, repeat, send_incomplete, send_undeclared

pytestmark = pytest.mark.anyio


async def names(portico: Harness) -> list[str]:
    """Who was greeted."""
    return [mail.subject.removeprefix("Good day, ") for mail in await portico.mails()]


async def test_a_committed_call_sends_its_mail(portico: Harness) -> None:
    """Rendered with its values; a link of the application's is made whole."""
    await portico.app.as_(None).call(greet, data=Person())

    (mail,) = await portico.mails()
    assert (mail.to, mail.subject) == ("ann@example.com", "Good day, Ann")
    assert "https://testserver/hello?to=you" in mail.text
    assert mail.id.endswith("@testserver>")
    assert portico.mailbox == [mail]


async def test_a_mail_speaks_the_caller_s_language(portico: Harness) -> None:
    """Where it has a text in it."""
    await portico.client().post("/api/v1/greetings", {}, headers={"Accept-Language": "de-AT, en;q=0.5"})

    (mail,) = await portico.mails()
    assert (mail.subject, mail.html) == ("Guten Tag, Ann", None)


@pytest.mark.parametrize("after", [False, True])
async def test_a_call_that_fails_sends_nothing(portico: Harness, *, after: bool) -> None:
    """Whether it refuses or its transaction breaks."""
    result = await portico.app.as_(None).call(fail, after=after)

    assert result.error is not None
    assert await portico.mails() == []


async def test_a_replayed_call_sends_nothing_again(portico: Harness) -> None:
    """The stored answer comes without the mail."""
    client, key = portico.client(), {"Idempotency-Key": "once"}
    await client.post("/api/v1/greetings", {}, headers=key)

    again = await client.post("/api/v1/greetings", {}, headers=key)

    assert again.headers["idempotent-replayed"] == "true"
    assert await names(portico) == ["Ann"]


async def test_a_transaction_that_is_run_again_sends_once(portico: Harness) -> None:
    """What the rolled-back attempts have noted is forgotten."""
    result = await portico.app.as_(None).call(repeat)

    assert result.error is None
    assert await names(portico) == ["Ann"]


async def test_inner_calls_send_with_the_outer_one(portico: Harness) -> None:
    """By their own declaration; what a savepoint has undone is not sent."""
    await portico.app.as_(None).call(greet_round)

    assert await names(portico) == ["First", "Third"]


async def test_an_undeclared_mail_is_a_mistake(portico: Harness, caplog: pytest.LogCaptureFixture) -> None:
    """The log says what to write."""
    result = await portico.app.as_(None).call(send_undeclared)

    assert result.error is not None
    assert "sends the mail 'farewell', which it does not declare; write Mails(\"farewell\")" in caplog.text


async def test_a_template_that_lacks_a_value_fails_alone(portico: Harness, caplog: pytest.LogCaptureFixture) -> None:
    """The call has been answered by then; the log names the mail and the value, and the next mail goes out."""
    result = await portico.app.as_(None).call(send_incomplete)
    await portico.app.as_(None).call(greet, data=Person())

    assert result.error is None
    assert await names(portico) == ["Ann"]
    (kept,) = await portico.rows("select input::text as input, problem ->> 'message' as why from portico.jobs")
    assert "'name' is undefined" in kept["why"]
    assert "secret" not in kept["input"]
    assert "/secret" not in caplog.text


async def test_a_mail_waits_sealed(portico: Harness) -> None:
    """Its links let people in: nobody reads them in the table, and once it is sent nothing of it is left."""
    await portico.app.as_(None).call(greet, data=Person())

    (job,) = await portico.enqueued()
    assert isinstance(job.input, str)
    assert "ann@example.com" not in job.input
    await portico.run_jobs()

    assert await portico.enqueued() == []
    assert [mail.to for mail in portico.mailbox] == ["ann@example.com"]


async def test_a_mail_of_no_call_is_noted_freely(portico: Harness) -> None:
    """In the unit test of a bare function; nothing is sent."""
    async with portico.context(PublicContext) as ctx:
        assert await greet(ctx, data=Person()) == "Ann"

    assert await portico.mails() == []

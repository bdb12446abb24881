"""Events reach the endpoints that want them: signed, in order, until they are taken."""

import asyncio
import hashlib
import hmac
from datetime import timedelta

import pytest
from standardwebhooks import Webhook

from portico.modules.webhooks import EndpointChanges, rotate_secret, update_endpoint
from tests.integration.webhooks import shop
from tests.integration.webhooks.conftest import Site
from tests.integration.webhooks.receiver import Received, Said, receiving

pytestmark = pytest.mark.anyio
LATER = timedelta(minutes=3)


async def test_what_is_sold_is_told_signed(site: Site) -> None:
    """The receiver verifies it with the library of Standard Webhooks; the body says what, when and which."""
    endpoint = await site.endpoint("article.*")
    await site.sell("bread")

    assert await site.portico.deliver() == 1

    (request,) = site.receiver.got
    told = Webhook(endpoint.secret).verify(request.body, dict(request.headers))
    (event,) = await site.portico.rows(
        "select event_id::text as id, at from portico.outbox where name = 'article.sold'"
    )
    assert told == {
        "id": event["id"],
        "event": "article.sold",
        "timestamp": event["at"].isoformat().replace("+00:00", "Z"),
        "data": {"article": "bread", "price": 3},
    }
    assert (request.id, request.headers["content-type"]) == (event["id"], "application/json")
    assert await site.log() == [("done", 1, 200)]


async def test_endpoints_hear_of_what_they_have_asked_for(site: Site) -> None:
    """By name, by `thing.*`, by `*`; what was before is not told, nor what was undone, nor to another organization."""
    other = await site.portico.organization("Other")
    ben = await site.portico.member("ben@example.com", org=other.id, role="owner")
    await site.sell("too early")
    for filter in ("article.sold", "article.*", "*", "shop.*"):
        await site.endpoint(filter, url=f"{site.receiver.url}/{filter}")
    await site.sell("bread")
    await site.caller.call(shop.sell, article="undone", refused=True)
    (await site.caller.call(shop.take_back, article="milk")).unwrap()
    (await site.portico.app.as_(ben, org=other.id).call(shop.sell, article="theirs")).unwrap()

    await site.portico.deliver()

    got = sorted((request.path, request.json["data"]["article"]) for request in site.receiver.got)
    assert got == sorted(
        [
            ("/hook/article.sold", "bread"),
            *[(f"/hook/{filter}", article) for filter in ("article.*", "*") for article in ("bread", "milk")],
        ]
    )


async def test_an_endpoint_gets_its_events_in_order(site: Site) -> None:
    """One after another, each once the one before was answered."""
    await site.endpoint()
    await site.sell(*"abcdefghijklmnopqrstuvwxyz")

    await site.portico.deliver()

    assert "".join(site.sold) == "abcdefghijklmnopqrstuvwxyz"
    assert site.receiver.connections == 1


async def test_an_endpoint_may_take_several_at_once(site: Site) -> None:
    """As many as it says, where order does not matter."""
    both = asyncio.Barrier(2)

    async def answer(_request: Received) -> Said:
        async with asyncio.timeout(10):
            await both.wait()
        return Said()

    site.receiver.answer = answer
    await site.endpoint(at_once=2)
    await site.sell("bread", "milk")

    await site.portico.deliver()

    assert await site.log() == [("done", 1, 200), ("done", 1, 200)]


async def test_what_fails_is_tried_again_on_schedule(site: Site) -> None:
    """After 2, 4, 8, 16 and 32 minutes, a little longer by chance; then it is given up. The id stays the same."""
    site.receiver.says(Said(500, body=b"broken"))
    await site.endpoint()
    await site.sell("bread")
    await site.portico.deliver()
    for minutes in (2, 4, 8, 16, 32):
        site.portico.clock.advance(timedelta(minutes=minutes, seconds=-1))
        assert await site.portico.deliver() == 0
        site.portico.clock.advance(timedelta(seconds=2 + minutes * 6))
        assert await site.portico.deliver() == 1
    site.portico.clock.advance(timedelta(days=1))

    assert await site.portico.deliver() == 0
    assert await site.log() == [("failed", 6, 500)]
    assert len({(request.id, request.body) for request in site.receiver.got}) == 1
    attempts = await site.portico.rows("select status, answer, next_at from portico.webhook_attempts order by attempt")
    assert [(row["status"], row["answer"], row["next_at"] is None) for row in attempts] == [
        *[(500, "broken", False)] * 5,
        (500, "broken", True),
    ]


async def test_one_that_fails_does_not_hold_up_the_next(site: Site) -> None:
    """It is made up for later: order is kept as far as deliveries succeed."""
    site.receiver.says(Said(503), Said())
    await site.endpoint()
    await site.sell("bread", "milk")

    await site.portico.deliver()
    site.portico.clock.advance(LATER)
    await site.portico.deliver()

    assert site.sold == ["bread", "milk", "bread"]
    assert await site.log() == [("done", 2, 200), ("done", 1, 200)]


async def test_what_happens_while_one_waits_is_told_at_once(site: Site) -> None:
    """An endpoint that is due in some minutes hears of something new before."""
    site.receiver.says(Said(503), Said())
    await site.endpoint()
    await site.sell("bread")
    await site.portico.deliver()
    await site.sell("milk")

    assert await site.portico.deliver() == 1
    assert site.sold == ["bread", "milk"]


async def test_who_has_switched_it_on_again_is_not_told_that_it_is_off(site: Site) -> None:
    """The mail comes later than the answer, and says what is so by then."""
    endpoint = await site.endpoint()
    site.receiver.says(Said(410), Said())
    await site.sell("bread")
    await site.portico.deliver()
    (await site.caller.call(update_endpoint, id=endpoint.id, data=EndpointChanges(enabled=True))).unwrap()

    await site.portico.run_jobs()

    assert site.portico.mailbox == []
    assert await site.portico.rows("select name, state from portico.jobs") == []


@pytest.mark.parametrize(("wished", "after"), [("600", 600), ("1", 120), ("99999999", 86_400)])
async def test_an_endpoint_may_ask_for_patience(site: Site, wished: str, after: int) -> None:
    """Retry-After is honored where it is longer than the schedule's pause, up to a day."""
    site.receiver.says(Said(429, {"Retry-After": wished}), Said())
    await site.endpoint()
    await site.sell("bread")
    await site.portico.deliver()

    site.portico.clock.advance(timedelta(seconds=after - 1))
    early = await site.portico.deliver()
    site.portico.clock.advance(timedelta(seconds=after * 0.1 + 2))

    assert (early, await site.portico.deliver()) == (0, 1)


async def test_a_redirect_is_not_followed(site: Site) -> None:
    """It is a failure that says what to do."""
    async with receiving() as inside:
        site.receiver.says(Said(302, {"Location": inside.url}))
        await site.endpoint()
        await site.sell("bread")

        await site.portico.deliver()

        assert inside.connections == 0
    (row,) = await site.portico.rows("select state, status, problem from portico.webhook_deliveries")
    assert (row["state"], row["status"]) == ("waiting", 302)
    assert row["problem"] == "A redirect is not followed: give the address that it leads to."


async def test_what_answers_that_it_is_gone_is_switched_off(site: Site) -> None:
    """At once, and its owners are told by mail."""
    site.receiver.says(Said(410))
    await site.endpoint()
    await site.sell("bread", "milk")

    await site.portico.deliver()
    await site.portico.run_jobs()

    assert await site.log() == [("failed", 1, 410), ("failed", 0, None)]
    (endpoint,) = await site.portico.rows("select enabled, stopped from portico.webhook_endpoints")
    assert (endpoint["enabled"], endpoint["stopped"]) == (False, "gone")
    (mail,) = site.portico.mailbox
    assert (mail.to, mail.subject) == ("ann@example.com", "Corner: a webhook endpoint was switched off")
    assert site.receiver.url in mail.text
    assert "gone (410)" in mail.text


async def test_what_fails_again_and_again_is_switched_off(site: Site) -> None:
    """After as many deliveries given up in a row as the settings say; one that arrives begins the count anew."""
    await site.endpoint()
    for answers in ([500] * 6, [200], [500] * 6, [500] * 6):
        site.receiver.says(*(Said(status) for status in answers))
        await site.sell("bread")
        for _ in answers:
            await site.portico.deliver()
            site.portico.clock.advance(timedelta(hours=1))
    await site.portico.run_jobs()

    (endpoint,) = await site.portico.rows("select enabled, stopped, failures from portico.webhook_endpoints")
    assert tuple(endpoint) == (False, "failing", 2)
    assert len(site.receiver.got) == 19
    assert "again and again" in site.portico.mailbox[0].text
    await site.sell("milk")
    assert await site.portico.deliver() == 0


async def test_an_endpoint_that_is_switched_on_again_begins_anew(site: Site) -> None:
    """What it has missed is not sent by itself."""
    endpoint = await site.endpoint()
    await site.caller.call(update_endpoint, id=endpoint.id, data=EndpointChanges(enabled=False))
    await site.sell("missed")
    await site.portico.deliver()
    await site.caller.call(update_endpoint, id=endpoint.id, data=EndpointChanges(enabled=True))
    await site.sell("bread")

    await site.portico.deliver()

    assert site.sold == ["bread"]


async def test_both_secrets_sign_while_they_overlap(site: Site) -> None:
    """A receiver may change over whenever it likes within that time."""
    endpoint = await site.endpoint()
    renewed = (await site.caller.call(rotate_secret, id=endpoint.id, overlap_hours=1)).unwrap()
    await site.sell("bread")
    await site.portico.deliver()
    site.portico.clock.advance(timedelta(hours=1, seconds=1))
    await site.sell("milk")
    await site.portico.deliver()

    during, after = site.receiver.got
    assert len(during.headers["webhook-signature"].split(" ")) == 2
    for secret in (endpoint.secret, renewed.secret):
        Webhook(secret).verify(during.body, dict(during.headers))
    assert len(after.headers["webhook-signature"].split(" ")) == 1
    assert endpoint.secret != renewed.secret


async def test_plain_headers_come_besides_where_they_are_wanted(site: Site) -> None:
    """HMAC-SHA256 of the body in hexadecimal, under the secret as it was shown."""
    endpoint = await site.endpoint(plain_headers=True)
    await site.endpoint()
    await site.sell("bread")

    await site.portico.deliver()

    (request,) = [request for request in site.receiver.got if "x-webhook-signature" in request.headers]
    signature = hmac.new(endpoint.secret.encode(), request.body, hashlib.sha256).hexdigest()
    assert request.headers["x-webhook-signature"] == signature
    assert request.headers["x-webhook-event"] == "article.sold"
    assert request.headers["x-webhook-timestamp"] == request.json["timestamp"]


async def test_a_hanging_endpoint_delays_no_other(site: Site) -> None:
    """Others have theirs while it still thinks."""
    thinking = asyncio.Event()

    async def answer(request: Received) -> Said:
        if request.path == "/hook/slow":
            await thinking.wait()
        elif len([request for request in site.receiver.got if request.path != "/hook/slow"]) == 10:
            thinking.set()
        return Said()

    site.receiver.answer = answer
    await site.endpoint(url=f"{site.receiver.url}/slow")
    await site.endpoint(url=f"{site.receiver.url}/quick")
    await site.sell(*"abcdefghij")

    async with asyncio.timeout(30):
        await site.portico.deliver()

    assert {row[0] for row in await site.log()} == {"done"}


async def test_an_answer_is_kept_as_far_as_it_is_worth(site: Site) -> None:
    """The first 1,000 bytes, whatever they are."""
    site.receiver.says(Said(200, body=b"\0\xff" + b"x" * 200_000))
    await site.endpoint()
    await site.sell("bread")

    await site.portico.deliver()

    (row,) = await site.portico.rows("select answer from portico.webhook_attempts")
    assert row["answer"] == "��" + "x" * 998


async def test_what_cannot_be_sent_holds_nothing_up(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Such as an event whose name no header can carry: it is written down, and those behind it are sent."""
    await site.endpoint(plain_headers=True)
    await site.portico.rows(
        "insert into portico.outbox (org_id, name, data) values ($1, 'brötchen.verkauft', '{}')", site.org.id
    )
    await site.sell("bread")

    await site.portico.deliver()

    assert site.sold == ["bread"]
    assert [row[0] for row in await site.log()] == ["waiting", "done"]
    (row,) = await site.portico.rows("select problem from portico.webhook_attempts where status is null")
    assert row["problem"] == "It could not be sent."
    assert "a webhook could not be sent" in caplog.text


async def test_nobody_at_home_is_a_failure_like_any_other(site: Site) -> None:
    """It is written down in words, and tried again."""
    async with receiving() as left:
        await site.endpoint(url=left.url)
    await site.sell("bread")

    await site.portico.deliver()

    (row,) = await site.portico.rows("select state, status, problem from portico.webhook_deliveries")
    assert (row["state"], row["status"]) == ("waiting", None)
    assert "does not take connections" in row["problem"]

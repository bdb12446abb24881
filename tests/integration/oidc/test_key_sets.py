"""Keys of an issuer: fetched seldom, kept a while, renewed when one is new."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from joserfc.jwk import OctKey

from portico.adapters.memory.clock import SettableClock
from portico.adapters.oidc.bearers import OidcBearers
from portico.adapters.oidc.discovery import WELL_KNOWN
from portico.errors import Unavailable
from tests.integration.oidc.issuer import LocalIssuer, make_key

pytestmark = pytest.mark.anyio
MINUTE = timedelta(minutes=1)


async def test_keys_are_fetched_once(bearers: OidcBearers, issuer: LocalIssuer) -> None:
    """Nothing is asked before the first token; then one discovery and one key set serve all that come at once."""
    before = dict(issuer.hits)

    found = await asyncio.gather(*(bearers.verify(issuer.token(sub=f"user-{n}")) for n in range(20)))

    assert not before
    assert [claims.subject for claims in found if claims] == [f"user-{n}" for n in range(20)]
    assert issuer.hits == {WELL_KNOWN: 1, "/keys": 1}


async def test_keys_are_fetched_again_after_ten_minutes(
    bearers: OidcBearers, issuer: LocalIssuer, clock: SettableClock
) -> None:
    """Fresh for 10 minutes: a key that the issuer has withdrawn verifies no longer than that."""
    old = issuer.keys[0]
    await bearers.verify(issuer.token())
    issuer.keys = [make_key("EC", "EC")]

    clock.advance(9 * MINUTE)
    kept, asked = await bearers.verify(issuer.sign(issuer.claims(), old)), issuer.hits["/keys"]
    clock.advance(1 * MINUTE)

    assert kept is not None
    assert asked == 1
    assert await bearers.verify(issuer.sign(issuer.claims(), old)) is None


async def test_a_rotated_key_works_at_once(bearers: OidcBearers, issuer: LocalIssuer) -> None:
    """A key that is new is fetched when its first token comes; the old one works as long as it is published."""
    await bearers.verify(issuer.token())
    issuer.keys.append(make_key("RSA", "second"))

    assert await bearers.verify(issuer.token()) is not None
    assert await bearers.verify(issuer.sign(issuer.claims(), issuer.keys[0])) is not None
    assert issuer.hits["/keys"] == 2


async def test_made_up_key_ids_do_not_hammer_the_issuer(
    bearers: OidcBearers, issuer: LocalIssuer, clock: SettableClock
) -> None:
    """An unknown key id is worth one fetch in 30 seconds, whoever sends how many."""
    await bearers.verify(issuer.token())

    await asyncio.gather(
        *(bearers.verify(issuer.sign(issuer.claims(), header={"kid": f"made-up-{n}"})) for n in range(20))
    )
    within = issuer.hits["/keys"]
    clock.advance(timedelta(seconds=30))
    await bearers.verify(issuer.sign(issuer.claims(), header={"kid": "made-up"}))

    assert (within, issuer.hits["/keys"]) == (2, 3)


async def test_kept_keys_outlive_an_outage_of_ten_minutes(
    bearers: OidcBearers, issuer: LocalIssuer, clock: SettableClock
) -> None:
    """Stale keys verify for 10 more minutes while the issuer is down; then the answer is 503, not a refusal."""
    await bearers.verify(issuer.token())
    issuer.down = True

    clock.advance(19 * MINUTE)
    during = await bearers.verify(issuer.token())
    clock.advance(1 * MINUTE)

    assert during is not None
    with pytest.raises(Unavailable):
        await bearers.verify(issuer.token())


async def test_an_issuer_that_is_back_is_asked_again(
    bearers: OidcBearers, issuer: LocalIssuer, clock: SettableClock
) -> None:
    """After a failure it is left alone for 5 seconds, not for ever."""
    issuer.down = True
    for _ in range(3):
        with pytest.raises(Unavailable):
            await bearers.verify(issuer.token())
    asked = issuer.hits[WELL_KNOWN]
    issuer.down = False
    clock.advance(timedelta(seconds=5))

    assert await bearers.verify(issuer.token()) is not None
    assert asked == 1


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_only_a_plain_answer_is_a_key_set(bearers: OidcBearers, issuer: LocalIssuer, status: int) -> None:
    """Redirects are not followed, wherever they lead; failures are not read."""
    issuer.header = f"Location: {issuer.url}/elsewhere\r\n"
    issuer.answers["/keys"] = (status, {"keys": [issuer.keys[0].as_dict(private=False)]})

    with pytest.raises(Unavailable):
        await bearers.verify(issuer.token())
    assert "/elsewhere" not in issuer.hits


@pytest.mark.parametrize(
    "body", [b"", b"no JSON", b"[]", b'{"keys": {}}', b"[" * 100_000, b'{"keys": []}' + b" " * 2**18]
)
async def test_what_is_no_key_set_is_not_read(bearers: OidcBearers, issuer: LocalIssuer, body: bytes) -> None:
    """Answers that are no JSON, of another form, nested without end or larger than 256 KiB are dropped."""
    issuer.answers["/keys"] = (200, body)

    with pytest.raises(Unavailable):
        await bearers.verify(issuer.token())


async def test_a_packed_answer_is_not_read(bearers: OidcBearers, issuer: LocalIssuer) -> None:
    """A few bytes could unpack to any size: no encoding is asked for, and none is taken."""
    issuer.header = "Content-Encoding: gzip\r\n"

    with pytest.raises(Unavailable):
        await bearers.verify(issuer.token())


async def test_nobody_waits_for_keys_while_there_are_stale_ones(
    bearers: OidcBearers, issuer: LocalIssuer, clock: SettableClock
) -> None:
    """One caller asks an issuer that is slow; the others go on with what is held."""
    await bearers.verify(issuer.token())
    clock.advance(10 * MINUTE)
    issuer.arrived.clear()
    issuer.free.clear()

    async with asyncio.timeout(4), asyncio.TaskGroup() as group:
        waiting = group.create_task(bearers.verify(issuer.token()))
        await issuer.arrived.wait()
        other = await bearers.verify(issuer.token())
        was_waiting = not waiting.done()
        issuer.free.set()

    assert (other is not None, was_waiting, waiting.result() is not None) == (True, True, True)


async def test_odd_keys_are_passed_over(bearers: OidcBearers, issuer: LocalIssuer) -> None:
    """One key that is for encryption, shared, short, published with its secret or unknown does not spoil the others."""
    good = issuer.keys[0].as_dict(private=False)
    private = make_key("EC", "open").as_dict(private=True)
    odd = [1, {}, {"kty": "EC"}, {"kty": "AKP", "kid": "first"}, good | {"use": "enc"}, good | {"n": "AQAB"}, private]
    shared = OctKey.generate_key(256, {"kid": "first"}).as_dict(private=True)
    issuer.answers["/keys"] = (200, {"keys": [*odd, shared, good]})

    assert await bearers.verify(issuer.token()) is not None
    assert await bearers.verify(issuer.sign(issuer.claims(), make_key("EC", "open"))) is None


async def test_a_token_without_key_id_needs_a_key_alone(bearers: OidcBearers, issuer: LocalIssuer) -> None:
    """Where one key fits the algorithm it is that one; where two fit, none is tried."""
    token = issuer.sign(issuer.claims(), header={"kid": None})
    issuer.keys.append(make_key("EC", "EC"))

    alone = await bearers.verify(token)
    issuer.keys.append(make_key("RSA", "second"))
    await bearers.verify(issuer.sign(issuer.claims(), header={"kid": "second"}))

    assert alone is not None
    assert await bearers.verify(token) is None


async def test_another_issuers_discovery_document_is_not_believed(bearers: OidcBearers, issuer: LocalIssuer) -> None:
    """The document must name the issuer that was asked, to the letter."""
    issuer.document = {"issuer": issuer.url + "/"}

    with pytest.raises(Unavailable):
        await bearers.verify(issuer.token())


@pytest.mark.parametrize(
    "keys", [None, "http://keys.example.com/jwks", "file:///etc/passwd", "https://u:p@example.com/"]
)
async def test_keys_come_from_a_safe_address_alone(bearers: OidcBearers, issuer: LocalIssuer, keys: object) -> None:
    """A discovery document cannot send us to addresses that anybody on the way could answer for."""
    issuer.document = {"jwks_uri": keys}

    with pytest.raises(Unavailable):
        await bearers.verify(issuer.token())


async def test_an_address_of_keys_saves_discovery(trusting: Callable[..., OidcBearers], issuer: LocalIssuer) -> None:
    """An issuer without a discovery document is trusted by the address of its keys."""
    bearers = trusting(jwks_url=f"{issuer.url}/keys")

    assert await bearers.verify(issuer.token()) is not None
    assert issuer.hits == {"/keys": 1}

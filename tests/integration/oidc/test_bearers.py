"""Bearer tokens: what is believed, and what is not."""

import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from joserfc.util import urlsafe_b64encode

from portico.adapters.memory.clock import SettableClock
from portico.adapters.oidc.bearers import OidcBearers
from portico.adapters.oidc.issuers import Issuer
from portico.adapters.oidc.reading import read_claims
from tests.integration.oidc.issuer import Kind, LocalIssuer, forge, make_key

pytestmark = pytest.mark.anyio
Refused = Callable[[str], Awaitable[str]]

BELIEVED = Issuer(url="https://login.example.com", audience=("portico",))
CHANGES: dict[str, tuple[dict[str, object], str]] = {
    "another audience": ({"aud": "somebody-else"}, "another audience"),
    "a list of other audiences": ({"aud": ["one", "two"]}, "another audience"),
    "no audience": ({"aud": None}, "another audience"),
    "an issuer that only begins alike": ({"iss": "http://127.0.0.1"}, "not one of those configured"),
    "no issuer": ({"iss": None}, "not one of those configured"),
    "an issuer that is no text": ({"iss": ["x"]}, "not one of those configured"),
    "expired": ({"exp": -61}, "has expired"),
    "expired in a year that no date has": ({"exp": 10**30}, "when it expires"),
    "never expires": ({"exp": None}, "when it expires"),
    "expires at a word": ({"exp": "tomorrow"}, "when it expires"),
    "expires at a truth": ({"exp": True}, "when it expires"),
    "not yet valid": ({"nbf": 61}, "nbf lies in the future"),
    "valid since a word": ({"nbf": "now"}, "nbf is no time"),
    "issued in the future": ({"iat": 61}, "iat lies in the future"),
    "no user": ({"sub": None}, "names no user"),
    "an empty user": ({"sub": ""}, "names no user"),
    "a user that no database takes": ({"sub": "a\x00b"}, "names no user"),
    "a user of half a character": ({"sub": "a\ud800"}, "names no user"),
    "a user that is a list": ({"sub": ["user-1"]}, "names no user"),
    "bound to a key": ({"cnf": {"jkt": "x"}}, "bound to a key"),
}
HEADERS: dict[str, tuple[dict[str, object], str]] = {
    "an extension that must be understood": ({"crit": ["exp"]}, "extensions"),
    "an unencoded payload": ({"crit": ["b64"], "b64": False}, "form of a signed JWT"),
    "a logout token": ({"typ": "logout+jwt"}, "another kind"),
    "a proof": ({"typ": "dpop+jwt"}, "another kind"),
    "a type that is no text": ({"typ": 1}, "another kind"),
    "a key id that is no text": ({"kid": 7}, "no text"),
    "an algorithm that the issuer does not use": ({"alg": "RS512"}, "not one of the issuer's"),
    "an algorithm of another kind of key": ({"alg": "ES256"}, "no key"),
    "an algorithm in other letters": ({"alg": "rs256"}, "not one of the issuer's"),
    "an algorithm that is no text": ({"alg": ["RS256"]}, "not one of the issuer's"),
    "an unknown key": ({"kid": "nobody's"}, "no key"),
}
JUNK = {
    "nothing": "",
    "a word": "token",
    "two dots": "..",
    "three parts of junk": "a.b.c",
    "four parts": "a.b.c.d",
    "letters beyond ASCII": "ä.ö.ü",
    "half a character": "\ud800.a.b",
    "a header that is a list": forge(["alg"], {}, lambda _: b""),
    "a payload that is a list": forge({"alg": "RS256"}, [], lambda _: b""),
    "a payload nested to the bottom": "eyJhbGciOiJSUzI1NiJ9." + urlsafe_b64encode(b"[" * 5000).decode() + ".x",
    "a number without end": "eyJhbGciOiJSUzI1NiJ9." + urlsafe_b64encode(b"1" * 5000).decode() + ".x",
    "too much": "a" * 8193,
}


async def test_a_good_token_says_who_bears_it(bearers: OidcBearers, issuer: LocalIssuer) -> None:
    """Issuer, subject, address, name, times and id are read; organization and role have no standard place."""
    said = {
        "email": "ada@example.com",
        "email_verified": True,
        "name": "Ada",
        "jti": "t-1",
        "org_id": "x",
        "role": "owner",
    }

    claims = await bearers.verify(issuer.token(**said, auth_time=1_000_000_000))

    assert claims is not None
    assert (claims.issuer, claims.subject, claims.token_id) == (issuer.url, "user-1", "t-1")
    assert (claims.email, claims.email_verified, claims.name) == ("ada@example.com", True, "Ada")
    assert (claims.org, claims.role) == (None, None)
    assert claims.expires_at == issuer.clock.now().replace(microsecond=0) + timedelta(seconds=300)
    assert claims.authenticated_at is not None
    assert claims.authenticated_at.isoformat() == "2001-09-09T01:46:40+00:00"


async def test_a_bare_token_is_enough(bearers: OidcBearers, issuer: LocalIssuer) -> None:
    """What the issuer does not say is unknown, never guessed; the token's digest stands for its id."""
    token = issuer.token()

    claims = await bearers.verify(token)

    assert claims is not None
    assert (claims.email, claims.email_verified, claims.name, claims.authenticated_at) == (None, False, None, None)
    signed = token.rpartition(".")[0].encode()
    assert claims.token_id == f"sha256:{hashlib.sha256(signed).hexdigest()}"


@pytest.mark.parametrize(
    ("said", "verified"), [(True, True), ("true", True), ("yes", False), (["true"], False), (None, False)]
)
async def test_only_a_plain_yes_verifies_an_address(issuer: LocalIssuer, said: object, verified: object) -> None:
    """True, and the word that some issuers write instead."""
    claims = read_claims(issuer.claims(email="ada@example.com", email_verified=said), BELIEVED, "")

    assert claims.email_verified is verified


@pytest.mark.parametrize("kind", ["RSA", "EC", "OKP"])
async def test_keys_of_each_kind_verify(bearers: OidcBearers, issuer: LocalIssuer, kind: Kind) -> None:
    """RS256, ES256 and EdDSA are allowed from the start; a header that nobody knows is passed over."""
    key = make_key(kind, kind)
    issuer.keys.append(key)

    assert await bearers.verify(issuer.sign(issuer.claims(), key, {"cat": "unknown"})) is not None


@pytest.mark.parametrize("case", CHANGES)
async def test_a_token_with_wrong_claims_is_refused(refused: Refused, issuer: LocalIssuer, case: str) -> None:
    """Each claim is checked; the log says why, without the token."""
    changes, reason = CHANGES[case]
    now = int(issuer.clock.now().timestamp())
    token = issuer.token(**{n: now + v if type(v) is int and abs(v) < 100 else v for n, v in changes.items()})

    said = await refused(token)

    assert reason in said
    assert not any(part in said for part in token.split("."))


@pytest.mark.parametrize("case", HEADERS)
async def test_a_token_with_a_wrong_header_is_refused(refused: Refused, issuer: LocalIssuer, case: str) -> None:
    """Algorithm, key, type and extensions are checked before the signature."""
    header, reason = HEADERS[case]

    assert reason in await refused(issuer.sign(issuer.claims(), header=header))


@pytest.mark.parametrize("token", JUNK.values(), ids=JUNK)
async def test_junk_is_refused_without_asking_anybody(bearers: OidcBearers, issuer: LocalIssuer, token: str) -> None:
    """No form of junk raises, and none reaches the issuer."""
    assert await bearers.verify(token) is None
    assert not issuer.hits


@pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE"])
async def test_an_unsigned_token_is_refused(bearers: OidcBearers, issuer: LocalIssuer, name: str) -> None:
    """The algorithm `none` is no algorithm, however it is written."""
    header = {"alg": name, "kid": "first"}

    assert await bearers.verify(forge(header, issuer.claims(), lambda _: b"")) is None


@pytest.mark.parametrize("written", ["pem", "der", "jwk"])
async def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(
    bearers: OidcBearers, issuer: LocalIssuer, written: str
) -> None:
    """HS256 with what everybody can read: the algorithm of the token never decides what the key is."""
    key = issuer.keys[0]
    jwk = json.dumps(key.as_dict(private=False)).encode()
    secret = jwk if written == "jwk" else key.as_bytes(encoding="PEM" if written == "pem" else "DER", private=False)
    header = {"alg": "HS256", "kid": "first"}

    token = forge(header, issuer.claims(), lambda text: hmac.digest(secret, text, "sha256"))

    assert await bearers.verify(token) is None


async def test_a_changed_token_is_refused(bearers: OidcBearers, issuer: LocalIssuer) -> None:
    """The signature stands for this header and this payload, and another's key signs nothing."""
    head, _, signature = issuer.token().split(".")
    payload = issuer.token(sub="admin").split(".")[1]

    assert await bearers.verify(f"{head}.{payload}.{signature}") is None
    assert await bearers.verify(f"{head}.{payload}.") is None
    assert await bearers.verify(issuer.sign(issuer.claims(), make_key("RSA", "stranger"), {"kid": "first"})) is None


async def test_clocks_may_differ_by_a_minute(bearers: OidcBearers, issuer: LocalIssuer, clock: SettableClock) -> None:
    """59 seconds late or early pass; 60 seconds after its end a token has ended."""
    early, token = issuer.token(nbf=int(clock.now().timestamp()) + 59), issuer.token()

    clock.advance(timedelta(seconds=358))
    late = await bearers.verify(token)
    clock.advance(timedelta(seconds=3))

    assert late is not None
    assert await bearers.verify(token) is None
    assert await bearers.verify(early) is None


async def test_a_token_for_several_is_also_ours(trusting: Callable[..., OidcBearers], issuer: LocalIssuer) -> None:
    """One of the audiences of the token must be one of those configured."""
    bearers = trusting(audience=["ours", "also-ours"])

    assert await bearers.verify(issuer.token(aud=["theirs", "also-ours"])) is not None
    assert await bearers.verify(issuer.token(aud=["theirs"])) is None


async def test_parties_stand_in_for_an_audience(trusting: Callable[..., OidcBearers], issuer: LocalIssuer) -> None:
    """An issuer that names no audience names the party; a token that names one is not meant for us."""
    bearers = trusting(audience=[], parties="https://app.example.com")

    assert await bearers.verify(issuer.token(aud=None, azp="https://app.example.com")) is not None
    assert await bearers.verify(issuer.token(aud=None, azp="https://evil.example.com")) is None
    assert await bearers.verify(issuer.token(aud=None)) is None
    assert await bearers.verify(issuer.token(azp="https://app.example.com")) is None


async def test_the_allowed_algorithms_are_the_issuers_own(
    trusting: Callable[..., OidcBearers], issuer: LocalIssuer
) -> None:
    """A key that the issuer publishes signs nothing by an algorithm that is not on its list."""
    issuer.keys.append(make_key("EC", "EC"))
    bearers = trusting(algorithms=["ES256"])

    assert await bearers.verify(issuer.token()) is not None
    assert await bearers.verify(issuer.sign(issuer.claims(), issuer.keys[0])) is None


@pytest.fixture
def refused(bearers: OidcBearers, caplog: pytest.LogCaptureFixture) -> Refused:
    """Why a token is refused, as the log says it."""

    async def why(token: str) -> str:
        with caplog.at_level(logging.INFO, "portico"):
            assert await bearers.verify(token) is None
        return caplog.text

    return why

"""Sign-in at a provider: against oidc-provider-mock, and against one that lies when told to."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from portico.adapters.memory.clock import SettableClock
from portico.adapters.oidc.discovery import WELL_KNOWN
from portico.adapters.oidc.issuers import Provider
from portico.adapters.oidc.sign_in import OidcProviders
from portico.adapters.system import RandomIds
from portico.errors import NotFound, Unavailable
from portico.ports.tokens import Departure
from tests.integration.oidc.issuer import LocalIssuer, make_key
from tests.integration.oidc.mock import serve_mock, sign_in_at

pytestmark = pytest.mark.anyio
BACK = "http://127.0.0.1:8000/api/auth/oidc/example/callback"
ADA = {"sub": "ada", "email": "ada@example.com", "email_verified": True, "name": "Ada"}
Connect = Callable[..., OidcProviders]
LIES: dict[str, dict[str, object]] = {
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": 7},
    "another client's token": {"aud": "somebody-else"},
    "a token for several without a party": {"aud": ["portico-client", "other"]},
    "another party": {"azp": "somebody-else"},
    "another issuer": {"iss": "https://evil.example.com"},
    "an expired token": {"exp": 1_000_000_000},
    "a token of the future": {"nbf": 4_000_000_000},
    "another access token's half": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    "a half that is no text": {"at_hash": 1},
    "nobody": {"sub": ""},
}


async def test_a_user_signs_in_at_the_mock(connect: Connect, mock: str) -> None:
    """Authorization code, PKCE, token, keys and userinfo of a provider that others wrote."""
    providers = connect(url=mock, client_secret="hush")
    departure = await providers.begin("example", back=BACK)
    arrived = arrive(departure)

    claims = await providers.finish(departure, code=arrived["code"])

    assert arrived["state"] == departure.state
    assert claims is not None
    assert (claims.issuer, claims.subject, claims.name) == (mock, "ada", "Ada")
    assert (claims.email, claims.email_verified) == ("ada@example.com", True)


async def test_a_code_of_the_mock_is_good_once(connect: Connect, mock: str) -> None:
    """Whoever replays a code is refused by the provider, and learns nothing here."""
    providers = connect(url=mock, client_secret="hush")
    departure = await providers.begin("example", back=BACK)
    code = arrive(departure)["code"]

    first = await providers.finish(departure, code=code)

    assert first is not None
    assert await providers.finish(departure, code=code) is None


async def test_a_code_of_another_sign_in_is_refused(connect: Connect, mock: str) -> None:
    """A code slipped into somebody else's sign-in carries the wrong nonce."""
    providers = connect(url=mock, client_secret="hush")
    attackers, victims = [await providers.begin("example", back=BACK) for _ in range(2)]

    assert await providers.finish(victims, code=arrive(attackers)["code"]) is None


async def test_the_browser_is_sent_with_everything_that_protects_it(connect: Connect, issuer: LocalIssuer) -> None:
    """State, nonce and challenge are new each time; the verifier stays here."""
    providers = connect(scopes=["openid", "email"])

    first, second = [await providers.begin("example", back=BACK) for _ in range(2)]

    query = {name: values[0] for name, values in parse_qs(urlsplit(first.url).query).items()}
    assert first.url.startswith(f"{issuer.url}/authorize?")
    assert (query["response_type"], query["client_id"], query["redirect_uri"]) == ("code", "portico-client", BACK)
    assert (query["scope"], query["code_challenge_method"]) == ("openid email", "S256")
    assert (query["state"], query["nonce"]) == (first.state, first.nonce)
    assert first.verifier not in first.url
    assert len(first.verifier) >= 43
    assert not {first.state, first.nonce, first.verifier} & {second.state, second.nonce, second.verifier}


async def test_a_user_may_be_asked_to_prove_who_they_are_again(connect: Connect, issuer: LocalIssuer) -> None:
    """The provider is told so; when it was done stands in the claims."""
    providers = connect()
    issuer.extra = {"auth_time": 1_000_000_000}

    departure = await providers.begin("example", back=BACK, again=True)
    claims = await providers.finish(departure, code=issuer.admit(departure.url))

    assert "&prompt=login&max_age=0" in departure.url
    assert claims is not None
    assert claims.authenticated_at == datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)


async def test_a_stolen_code_is_worthless_without_its_verifier(connect: Connect, issuer: LocalIssuer) -> None:
    """The provider holds the verifier against the challenge of the same sign-in (PKCE), and the address too."""
    providers = connect()
    departure = await providers.begin("example", back=BACK)

    stolen = departure._replace(verifier="x" * 43)
    moved = departure._replace(back="https://evil.example.com")

    assert await providers.finish(stolen, code=issuer.admit(departure.url)) is None
    assert await providers.finish(moved, code=issuer.admit(departure.url)) is None
    assert await providers.finish(departure, code=issuer.admit(departure.url)) is not None


@pytest.mark.parametrize("lie", LIES)
async def test_an_id_token_that_is_not_for_this_sign_in_is_refused(
    connect: Connect, issuer: LocalIssuer, lie: str
) -> None:
    """Nonce, audience, party, issuer, times and the access token's half are checked."""
    providers = connect()
    departure = await providers.begin("example", back=BACK)
    issuer.extra = LIES[lie]

    assert await providers.finish(departure, code=issuer.admit(departure.url)) is None


async def test_an_id_token_for_several_names_us_as_its_party(connect: Connect, issuer: LocalIssuer) -> None:
    """`azp` says whom the token was given to; the half of the right access token passes."""
    providers = connect()
    departure = await providers.begin("example", back=BACK)
    issuer.extra = {"aud": ["portico-client", "other"], "azp": "portico-client", "at_hash": "bSKYhMEmi7CrMtjaMV0P5Q"}

    assert await providers.finish(departure, code=issuer.admit(departure.url)) is not None


async def test_a_browser_back_from_another_issuer_is_refused(connect: Connect, issuer: LocalIssuer) -> None:
    """The `iss` of the return is held against the provider, before the code is shown to anybody (RFC 9207)."""
    providers = connect()
    departure = await providers.begin("example", back=BACK)
    code = issuer.admit(departure.url)

    mixed_up = await providers.finish(departure, code=code, issuer="https://evil.example.com")
    asked = issuer.hits["/token"]

    assert (mixed_up, asked) == (None, 0)
    assert await providers.finish(departure, code=code, issuer=issuer.url) is not None


async def test_a_provider_that_always_names_itself_must(connect: Connect, issuer: LocalIssuer) -> None:
    """Where its document promises `iss`, a return without it is another's."""
    issuer.document = {"authorization_response_iss_parameter_supported": True}
    providers = connect()
    departure = await providers.begin("example", back=BACK)

    assert await providers.finish(departure, code=issuer.admit(departure.url)) is None


async def test_another_issuers_document_is_no_providers(connect: Connect, issuer: LocalIssuer) -> None:
    """A document that names another issuer sends no browser anywhere."""
    issuer.document = {"issuer": "https://evil.example.com"}

    with pytest.raises(Unavailable):
        await connect().begin("example", back=BACK)


async def test_the_document_is_kept(connect: Connect, issuer: LocalIssuer, clock: SettableClock) -> None:
    """Discovery is asked once in ten minutes, however many sign in."""
    providers = connect()
    for _ in range(3):
        departure = await providers.begin("example", back=BACK)
        await providers.finish(departure, code=issuer.admit(departure.url))
    asked = issuer.hits[WELL_KNOWN]
    clock.advance(timedelta(minutes=10))
    await providers.begin("example", back=BACK)

    assert (asked, issuer.hits[WELL_KNOWN]) == (1, 2)


@pytest.mark.parametrize(
    ("members", "document", "shown"),
    [
        ({}, {}, {"client_id": "portico-client"}),
        ({"client_secret": "h:u sh"}, {}, {"basic": "portico-client:h%3Au+sh"}),
        ({"client_secret": "hush", "authentication": "post"}, {}, {"client_secret": "hush"}),
        ({"client_secret": "hush"}, ["client_secret_post"], {"client_secret": "hush", "client_id": "portico-client"}),
        ({"client_secret": "hush"}, ["private_key_jwt"], {"basic": "portico-client:hush"}),
    ],
    ids=["no secret", "basic", "post", "post by the document", "basic for want of another"],
)
async def test_the_client_shows_its_secret_as_the_provider_asks(
    connect: Connect, issuer: LocalIssuer, *, members: dict[str, object], document: object, shown: dict[str, str]
) -> None:
    """Basic unless settings or document say otherwise; a public client has nothing to show."""
    issuer.document = {"token_endpoint_auth_methods_supported": document} if document else {}
    providers = connect(**members)
    departure = await providers.begin("example", back=BACK)

    claims = await providers.finish(departure, code=issuer.admit(departure.url))

    assert claims is not None
    assert shown.items() <= issuer.asked.items()
    assert ("client_secret" in issuer.asked) == ("client_secret" in shown)


async def test_a_thin_token_is_filled_from_userinfo(connect: Connect, issuer: LocalIssuer) -> None:
    """Address and name come from the userinfo endpoint, where it speaks of the same user; nothing is overwritten."""
    issuer.document = {"userinfo_endpoint": f"{issuer.url}/userinfo"}
    providers = connect()
    departure = await providers.begin("example", back=BACK)
    issuer.extra = {"name": "Ada of the token"}
    issuer.answers["/userinfo"] = (200, ADA | {"sub": "user-1"})
    claims = await providers.finish(departure, code=issuer.admit(departure.url))
    issuer.answers["/userinfo"] = (200, ADA)

    assert claims is not None
    assert (claims.email, claims.email_verified, claims.name) == ("ada@example.com", True, "Ada of the token")
    assert await providers.finish(departure, code=issuer.admit(departure.url)) is None


@pytest.mark.parametrize("answer", [{}, {"id_token": 1}, {"id_token": "a.b.c"}])
async def test_an_answer_without_a_token_proves_nothing(connect: Connect, issuer: LocalIssuer, answer: object) -> None:
    """An access token alone says nothing of who signed in."""
    issuer.answers["/token"] = (200, answer)
    providers = connect()

    assert await providers.finish(await providers.begin("example", back=BACK), code="x") is None


@pytest.mark.parametrize("answer", [(500, {}), (429, {}), (200, b"no JSON"), (302, {})])
async def test_a_provider_out_of_order_is_not_a_refusal(
    connect: Connect, issuer: LocalIssuer, answer: tuple[int, object]
) -> None:
    """The user may try again: 503, not a wrong sign-in."""
    issuer.answers["/token"] = answer
    providers = connect()

    with pytest.raises(Unavailable):
        await providers.finish(await providers.begin("example", back=BACK), code="x")


@pytest.mark.parametrize("missing", ["authorization_endpoint", "token_endpoint"])
async def test_a_provider_without_an_endpoint_is_out_of_order(
    connect: Connect, issuer: LocalIssuer, missing: str
) -> None:
    """What the document does not name cannot be used."""
    issuer.document = {missing: None}
    providers = connect()

    with pytest.raises(Unavailable):
        await providers.finish(await providers.begin("example", back=BACK), code="x")


async def test_providers_are_known_by_name(connect: Connect, issuer: LocalIssuer) -> None:
    """An unknown name is not found; the parameters of an endpoint's own address are kept."""
    issuer.document = {"authorization_endpoint": f"{issuer.url}/authorize?tenant=7"}
    providers = connect()

    departure = await providers.begin("example", back=BACK)

    assert providers.names == ("example",)
    assert departure.url.startswith(f"{issuer.url}/authorize?tenant=7&response_type=code")
    with pytest.raises(NotFound):
        await providers.begin("stranger", back=BACK)


async def test_a_key_that_the_provider_rotated_signs_people_in(connect: Connect, issuer: LocalIssuer) -> None:
    """Keys are renewed as for bearer tokens."""
    providers = connect()
    departure = await providers.begin("example", back=BACK)
    await providers.finish(departure, code=issuer.admit(departure.url))
    issuer.keys = [make_key("EC", "EC")]

    assert await providers.finish(departure, code=issuer.admit(departure.url)) is not None


def arrive(departure: Departure) -> dict[str, str]:
    """Sign in at the mock as a browser does: the query that it comes back with."""
    return sign_in_at(departure.url, "ada")


@pytest.fixture
async def connect(issuer: LocalIssuer, clock: SettableClock) -> AsyncIterator[Connect]:
    """Makes relying parties of the local issuer, or of another."""
    made: list[OidcProviders] = []

    def connect_to(**members: object) -> OidcProviders:
        members = {"name": "example", "url": issuer.url, "client_id": "portico-client", **members}
        made.append(OidcProviders((Provider.model_validate(members),), clock, RandomIds()))
        return made[-1]

    yield connect_to
    for providers in made:
        await providers.close()


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    """The address of oidc-provider-mock, in a process of its own."""
    with serve_mock(ADA) as address:
        yield address

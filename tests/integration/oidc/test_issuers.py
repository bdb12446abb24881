"""Claims of Supabase, Clerk and Auth0, and the settings that say whose are believed."""

import json
from collections.abc import Callable

import pytest

from portico.adapters.oidc.bearers import OidcBearers
from portico.adapters.oidc.issuers import read_issuers, read_providers
from portico.adapters.oidc.shapes import CLERK
from portico.errors import Misconfigured
from portico.ports.tokens import Claims
from tests.integration.oidc.issuer import LocalIssuer

pytestmark = pytest.mark.anyio
ROLES = {"owner": "owner", "admin": "admin", "basic_member": "member"}
SUPABASE = {
    "aud": "authenticated",
    "email": "ada@example.com",
    "role": "authenticated",
    "app_metadata": {"provider": "email", "org_id": "acme", "role": "admin"},
    "user_metadata": {"email_verified": True, "full_name": "Ada", "role": "owner", "org_id": "other"},
    "is_anonymous": False,
}
CLERK_1 = {
    "aud": None,
    "azp": "https://app.example.com",
    "org_id": "org_1",
    "org_role": "org:admin",
    "org_slug": "acme",
}
CLERK_2 = {"aud": None, "azp": "https://app.example.com", "v": 2, "o": {"id": "org_1", "rol": "admin", "slg": "acme"}}
AUTH0 = {
    "org_id": "org_1",
    "org_name": "acme",
    "https://example.com/roles": ["viewer", "basic_member", "admin"],
    "email": "ada@example.com",
    "email_verified": True,
}
ISSUER = {"url": "https://login.example.com", "audience": "portico"}
PROVIDER = {"name": "example", "url": "https://login.example.com", "client_id": "portico"}
MISTAKES = {
    "an unknown algorithm": ({"algorithms": ["HS256"]}, "0.algorithms.0"),
    "no signature": ({"algorithms": ["none"]}, "0.algorithms.0"),
    "no algorithm": ({"algorithms": []}, "0.algorithms"),
    "no audience": ({"audience": []}, "give an audience"),
    "an empty audience": ({"audience": ""}, "0.audience.0"),
    "an open address": ({"url": "http://login.example.com"}, "0.url: Value error, the address must begin with https"),
    "no address": ({"url": "login.example.com"}, "0.url"),
    "a password in the address": ({"url": "https://u:p@login.example.com"}, "0.url"),
    "an open address of keys": ({"jwks_url": "http://10.0.0.1/keys"}, "0.jwks_url"),
    "an unknown shape": ({"claims": "okta"}, "0.claims: Value error, no claim shape has this name"),
    "an unknown thing in a shape": ({"claims": {"like": "clerk", "rank": "x"}}, "no 'rank'"),
    "a shape that is a list": ({"claims": ["clerk"]}, "no claim shape has this name"),
    "a place that is none": ({"claims": {"role": 7}}, "the place of 'role'"),
    "an empty place": ({"claims": {"role": []}}, "the place of 'role'"),
    "a role that is none": ({"roles": {"admin": 1}}, "0.roles.admin"),
    "a member that is none": ({"audiences": "x"}, "0.audiences"),
}


async def read(
    trusting: Callable[..., OidcBearers], issuer: LocalIssuer, said: object, **members: object
) -> Claims | None:
    """What an adapter that trusts the issuer so makes of a token that says so."""
    assert isinstance(said, dict)
    return await trusting(roles=ROLES, **members).verify(issuer.token(**said))


async def test_supabase_users_are_read(trusting: Callable[..., OidcBearers], issuer: LocalIssuer) -> None:
    """Organization and role stand where only the project writes; what users write of themselves proves nothing."""
    claims = await read(trusting, issuer, SUPABASE, audience="authenticated", claims="supabase")

    assert claims is not None
    assert (claims.email, claims.email_verified, claims.name) == ("ada@example.com", False, "Ada")
    assert (claims.org, claims.role) == ("acme", "admin")


async def test_an_issuer_that_confirms_addresses_first_is_trusted_for_them(
    trusting: Callable[..., OidcBearers], issuer: LocalIssuer
) -> None:
    """The operator says so; a token without an address has none that is verified."""
    members = {"audience": "authenticated", "claims": "supabase", "trusts_email": True}

    known = await read(trusting, issuer, SUPABASE, **members)
    unknown = await read(trusting, issuer, SUPABASE | {"email": ""}, **members)

    assert known is not None
    assert known.email_verified
    assert unknown is not None
    assert not unknown.email_verified


async def test_anonymous_users_of_supabase_are_nobody(
    trusting: Callable[..., OidcBearers], issuer: LocalIssuer
) -> None:
    """An anonymous sign-in and the project's own keys are signed as users are, and are none."""
    anonymous = SUPABASE | {"is_anonymous": True}

    assert await read(trusting, issuer, anonymous, audience="authenticated", claims="supabase") is None
    assert await read(trusting, issuer, SUPABASE | {"sub": None}, audience="authenticated", claims="supabase") is None


@pytest.mark.parametrize("said", [CLERK_1, CLERK_2], ids=["version 1", "version 2"])
async def test_clerk_users_are_read(
    trusting: Callable[..., OidcBearers], issuer: LocalIssuer, said: dict[str, object]
) -> None:
    """Both versions of the session token say the same; a mapping need not know Clerk's prefix."""
    claims = await read(trusting, issuer, said, audience=[], parties="https://app.example.com", claims="clerk")

    assert claims is not None
    assert (claims.org, claims.role, claims.email) == ("org_1", "admin", None)


async def test_a_pending_session_of_clerk_is_nobody(trusting: Callable[..., OidcBearers], issuer: LocalIssuer) -> None:
    """Whoever has not finished signing in has not signed in."""
    members = {"audience": [], "parties": "https://app.example.com", "claims": "clerk"}

    assert await read(trusting, issuer, CLERK_2 | {"sts": "pending"}, **members) is None


async def test_auth0_users_are_read(trusting: Callable[..., OidcBearers], issuer: LocalIssuer) -> None:
    """Roles stand under the application's own namespace; of several, the mapping's first counts."""
    shape = {"like": "auth0", "role": "https://example.com/roles"}

    claims = await read(trusting, issuer, AUTH0, claims=shape)

    assert claims is not None
    assert (claims.email, claims.email_verified, claims.org, claims.role) == ("ada@example.com", True, "org_1", "admin")


@pytest.mark.parametrize("role", ["superuser", "Owner", "owner ", ["x"], {"owner": 1}, None, 1])
async def test_a_role_that_is_not_mapped_is_none(
    trusting: Callable[..., OidcBearers], issuer: LocalIssuer, role: object
) -> None:
    """An issuer's role is never taken as it stands."""
    claims = await read(trusting, issuer, {"role": role}, claims={"role": "role"})

    assert claims is not None
    assert claims.role is None


@pytest.mark.parametrize("odd", ["", "a\nb", "x" * 321, 7, ["Ada"], "\ud800"])
async def test_what_cannot_be_stored_is_not_read(
    trusting: Callable[..., OidcBearers], issuer: LocalIssuer, odd: object
) -> None:
    """Names, addresses and organizations are short printable text, or not there."""
    claims = await read(trusting, issuer, {"name": odd, "email": odd, "org": odd}, claims={"org": "org"})

    assert claims is not None
    assert (claims.name, claims.email, claims.org) == (None, None, None)


def test_issuers_are_read_from_settings() -> None:
    """One object for each; names of shapes and places of one's own; texts for lists of one."""
    text = [
        ISSUER,
        {
            "url": "https://clerk.example.com",
            "parties": ["https://a"],
            "claims": {"like": "clerk", "org": ["o", "slg"]},
        },
    ]

    standard, clerk = read_issuers(json.dumps(text))

    assert (standard.audience, standard.algorithms) == (("portico",), ("RS256", "ES256", "EdDSA"))
    assert (clerk.claims.org, clerk.claims.role) == ((("o", "slg"),), CLERK.role)


@pytest.mark.parametrize(("change", "named"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_the_settings_is_named(change: dict[str, object], named: str) -> None:
    """The start is refused with the setting and the member."""
    with pytest.raises(Misconfigured) as problem:
        read_issuers(json.dumps([ISSUER | change]))

    assert "PORTICO_ISSUERS" in str(problem.value)
    assert named in str(problem.value)


@pytest.mark.parametrize("text", ["", "{}", "[1]", json.dumps([ISSUER, ISSUER])])
def test_settings_that_are_no_list_of_issuers_are_refused(text: str) -> None:
    """JSON of another form, and the same issuer twice."""
    with pytest.raises(Misconfigured, match="PORTICO_ISSUERS"):
        read_issuers(text)


def test_providers_are_read_from_settings() -> None:
    """Their tokens are meant for the client; the secret shows nowhere."""
    (provider,) = read_providers(json.dumps([PROVIDER | {"client_secret": "hush", "audience": "other"}]))

    assert (provider.name, provider.audience, provider.scopes) == (
        "example",
        ("portico",),
        ("openid", "email", "profile"),
    )
    assert "hush" not in repr(provider)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "No Name"},
        {"client_id": ""},
        {"client_id": None},
        {"scopes": ["email"]},
        {"secret": "hush"},
        {"url": 1},
    ],
)
def test_a_mistake_in_a_provider_is_named(change: dict[str, object]) -> None:
    """The start is refused with setting and member, never with a secret."""
    with pytest.raises(Misconfigured, match=r"PORTICO_PROVIDERS") as problem:
        read_providers(json.dumps([PROVIDER | change]))

    assert next(iter(change)) in str(problem.value)
    assert "hush" not in str(problem.value)

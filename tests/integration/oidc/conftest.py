"""One issuer, a clock to move, and the adapter that believes that issuer."""

from collections.abc import AsyncIterator, Callable

import pytest

from portico.adapters.memory.clock import SettableClock
from portico.adapters.oidc.bearers import OidcBearers
from portico.adapters.oidc.issuers import Issuer
from tests.integration.oidc.issuer import LocalIssuer


@pytest.fixture
def clock() -> SettableClock:
    """A clock that the test moves."""
    return SettableClock()


@pytest.fixture
async def issuer(clock: SettableClock) -> AsyncIterator[LocalIssuer]:
    """A local issuer."""
    async with LocalIssuer(clock).serve() as serving:
        yield serving


@pytest.fixture
async def bearers(issuer: LocalIssuer, clock: SettableClock) -> AsyncIterator[OidcBearers]:
    """Trusts the local issuer's tokens for `portico`."""
    adapter = OidcBearers((Issuer(url=issuer.url, audience=("portico",)),), clock)
    yield adapter
    await adapter.close()


@pytest.fixture
async def trusting(issuer: LocalIssuer, clock: SettableClock) -> AsyncIterator[Callable[..., OidcBearers]]:
    """Makes adapters that trust the local issuer in a way of their own."""
    made: list[OidcBearers] = []

    def trust(**members: object) -> OidcBearers:
        members = {"url": issuer.url, "audience": "portico", **members}
        made.append(OidcBearers((Issuer.model_validate(members),), clock))
        return made[-1]

    yield trust
    for adapter in made:
        await adapter.close()

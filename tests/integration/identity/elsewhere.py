"""People who have their account at an issuer, whose word the office takes."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg

from portico import App
from portico.adapters.postgres.servers import Urls
from portico.testing import Harness, Reply, open_harness
from tests.integration.oidc.issuer import LocalIssuer

AUTH = "/api/auth"
EMAIL = "ada@example.com"
ADA: dict[str, object] = {"email": EMAIL, "email_verified": True, "name": "Ada"}
OUR_ROLES = {"boss": "admin", "staff": "member", "keeper": "archivist"}
ROLE = """
select m.role from portico.members m join portico.identities i on i.user_id = m.user_id where m.org_id = $1
"""
LINK = "insert into portico.linked_organizations (issuer, external_id, org_id) values ($1, $2, $3)"


def trust(issuer: LocalIssuer, **roles: str) -> str:
    """The setting that believes the issuer's tokens, its organizations and its roles."""
    shape = {"like": "auth0", "role": "role"}
    return json.dumps([{"url": issuer.url, "audience": "portico", "claims": shape, "roles": roles or OUR_ROLES}])


@asynccontextmanager
async def open_trusting(app: App, urls: Urls, issuer: LocalIssuer, **settings: object) -> AsyncIterator[Harness]:
    """The application on an empty database, in the issuer's time."""
    async with open_harness(app, urls, **settings) as harness:
        await harness.empty()
        issuer.clock = harness.clock
        yield harness


async def me(portico: Harness, token: str, *, ip: str = "127.0.0.1") -> Reply:
    """Who the token's bearer is."""
    return await portico.client(ip=ip).get(f"{AUTH}/me", {"authorization": f"Bearer {token}"})


async def sit(portico: Harness, token: str, org: UUID) -> tuple[int, str]:
    """Whether the token reads what members of an organization may, and the role that its bearer has there."""
    reply = await portico.client(org=org).get("/api/v1/papers", {"authorization": f"Bearer {token}"})
    roles = await portico.rows(ROLE, org)
    return reply.status, roles[0]["role"] if roles else ""


async def session(portico: Harness) -> asyncpg.Record:
    """The one session there is."""
    (found,) = await portico.rows("select * from portico.sessions")
    return found


async def counts(portico: Harness) -> tuple[int, int, int]:
    """How many users, identities and sessions there are."""
    sql = """select (select count(*) from portico.users), (select count(*) from portico.identities),
                    (select count(*) from portico.sessions)"""
    (found,) = await portico.rows(sql)
    return found[0], found[1], found[2]

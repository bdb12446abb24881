"""Who is in the database, each with a session for the wire."""

import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

from portico.app.application import App
from portico.core.principal import Org, User
from portico.testing.client import Client

USER = "insert into portico.users (email, email_verified_at, password_hash) values ($1, now(), $2) returning id"
MEMBER = """
insert into portico.members (org_id, user_id, role) values ($1, $2, $3)
on conflict (org_id, user_id) do update set role = excluded.role
"""
SESSION = """
insert into portico.sessions (token_hash, user_id, active_org, authenticated_at, expires_at)
values ($1, $2, $3, now(), now() + interval '1 day')
"""
FOUND = "insert into portico.organizations (name, slug, timezone, plan) values ($1, $2, $3, $4) returning id"


class People:
    """Makes organizations and their members, and speaks as them."""

    def __init__(self, app: App, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Nobody yet; `owner` is a connection as the role that owns the tables."""
        self.app = app
        self._owner = owner
        self._tokens: dict[UUID, str] = {}

    async def organization(self, name: str, *, timezone: str = "UTC", plan: str = "free") -> Org:
        """An organization, without members; a second one of a name has another slug."""
        same = await self._owner.fetchval("select count(*) from portico.organizations where name = $1", name)
        slug = name.lower().replace(" ", "-") + (f"-{same + 1}" if same else "")
        return Org(await self._owner.fetchval(FOUND, name, slug, timezone, plan), name, slug, plan, timezone)

    async def member(
        self, email: str, /, *, org: UUID | None = None, role: str = "member", password: str | None = None
    ) -> User:
        """A user whose address is confirmed, in an organization where one is given, with a session for the wire.

        Who is there already is given the role, and another session.
        """
        user_id = await self._owner.fetchval("select id from portico.users where email = $1", email)
        if user_id is None:
            hasher = self.app.running.pipeline.services.hasher
            user_id = await self._owner.fetchval(USER, email, await hasher.hash(password) if password else None)
        if org is not None:
            await self._owner.execute(MEMBER, org, user_id, role)
        token = secrets.token_urlsafe(24)
        await self._owner.execute(SESSION, sha256(token.encode()).digest(), user_id, org)
        self._tokens[user_id] = token
        return User(user_id, "user", email)

    def token(self, user: User) -> str:
        """The user's bearer token."""
        return self._tokens[user.id]

    def client(self, user: User | None = None, *, org: UUID | None = None, ip: str = "127.0.0.1") -> Client:
        """A client on the wire, as the user."""
        return Client(self.app, token=self._tokens[user.id] if user else None, org=org, ip=ip)

    async def request(
        self,
        method: str,
        path: str,
        /,
        *,
        as_: User | None = None,
        json: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Any]:
        """One request over the wire: its status and its JSON."""
        reply = await self.client(as_).send(method, path, json=json, headers=headers)
        return reply.status, reply.json

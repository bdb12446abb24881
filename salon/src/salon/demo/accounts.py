"""The demo's people: who signs in where, as what."""

import asyncio
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg
from argon2 import PasswordHasher

PASSWORD = "Scissors-and-9-combs"  # noqa: S105  # printed for everybody who tries the demo
SESSION = timedelta(days=30)
USER = """
    with made as (
      insert into portico.users (email, name, last_name, password_hash, email_verified_at)
      values ($1, $2, $3, $4, now())
      on conflict (lower(email)) do nothing returning id
    )
    select id from made union all select id from portico.users where lower(email) = lower($1)
"""
MEMBER = """
    insert into portico.members (org_id, user_id, role, custom_role)
    values ($1, $2, $3, (select r.name from portico.roles r where r.org_id = $1 and r.name = $3))
    on conflict (user_id, org_id) do nothing
"""
OPEN_SESSION = """
    insert into portico.sessions (token_hash, user_id, active_org, device, expires_at)
    values ($1, $2, $3, 'Script of the demo', now() + $4::interval)
"""


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in, with a session opened for scripts."""

    email: str
    password: str
    organization_id: UUID
    role: str
    token: str


@dataclass(frozen=True)
class Person:
    """Somebody of the demo, and their role in each business, by its domain."""

    email: str
    name: str
    roles: Mapping[str, str]


PEOPLE = (
    Person("owner@kastanie.example", "Klara Huber", {"kastanie.example": "owner"}),
    Person("admin@kastanie.example", "Mira Novak", {"kastanie.example": "admin"}),
    Person("member@kastanie.example", "Jonas Reiter", {"kastanie.example": "member"}),
    Person("desk@kastanie.example", "Lena Auer", {"kastanie.example": "front-desk"}),
    Person("owner@harbor.example", "Marcus Bell", {"harbor.example": "owner"}),
    Person("admin@harbor.example", "Dee Alvarez", {"harbor.example": "admin"}),
    Person("member@harbor.example", "Priya Nair", {"harbor.example": "member"}),
    Person("owner@hinata.example", "Haruka Mori", {"hinata.example": "owner"}),
    Person("member@hinata.example", "Ren Takahashi", {"hinata.example": "member"}),
    Person("both@salons.example", "Robin Lang", {"kastanie.example": "admin", "harbor.example": "member"}),
)


async def open_accounts(connection: asyncpg.Connection, organizations: Mapping[str, UUID]) -> list[Account]:
    """Everybody's account in each of their organizations, made where missing, each with a new session."""
    hashed = await asyncio.to_thread(PasswordHasher().hash, PASSWORD)
    return [
        await _open(connection, person, (organizations[domain], role), hashed)
        for person in PEOPLE
        for domain, role in person.roles.items()
    ]


async def _open(connection: asyncpg.Connection, person: Person, place: tuple[UUID, str], hashed: str) -> Account:
    org, role = place
    user = await connection.fetchval(USER, person.email, *person.name.split(maxsplit=1), hashed)
    await connection.execute(MEMBER, org, user, role)
    token = secrets.token_urlsafe(32)
    await connection.execute(OPEN_SESSION, hashlib.sha256(token.encode()).digest(), user, org, SESSION)
    return Account(person.email, PASSWORD, org, role, token)

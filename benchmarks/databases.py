"""The one PostgreSQL server of a run, and a seeded database for every server under test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from benchmarks.world import WORLD, Booking

SCHEMA = Path(__file__).with_name("apps") / "schema.sql"
TEMPLATE = "bench_template"
PASSWORD = "bench"
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
EXPIRES = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Dsn:
    """A connection string that can be pointed elsewhere."""

    url: str

    def to(self, database: str) -> Dsn:
        """The same server, another database."""
        return Dsn(urlunsplit(urlsplit(self.url)._replace(path=f"/{database}")))

    def by(self, user: str, password: str) -> Dsn:
        """The same database, another role."""
        parts = urlsplit(self.url)
        _, _, host = parts.netloc.rpartition("@")
        return Dsn(urlunsplit(parts._replace(netloc=f"{quote(user)}:{quote(password)}@{host}")))


async def check_durability(admin: Dsn) -> dict[str, str]:
    """The server's version and settings; refuses a server that may lose a commit."""
    connection = await asyncpg.connect(admin.url, timeout=10)
    try:
        settings = {name: str(await connection.fetchval(f"show {name}")) for name in (*DURABLE, "server_version")}
    finally:
        await connection.close()
    off = [name for name in DURABLE if settings[name] != "on"]
    if off:
        raise SystemExit(f"PostgreSQL runs with {', '.join(off)} off: switch it on, or the figures mean nothing.")
    return settings


async def prepare_template(admin: Dsn) -> None:
    """Makes the peers' database anew, with the whole world in it."""
    connection = await asyncpg.connect(admin.url, timeout=10)
    try:
        await connection.execute(f'drop database if exists "{TEMPLATE}" with (force)')
        for role in ("bench_owner", "bench_app"):
            if not await connection.fetchval("select 1 from pg_roles where rolname = $1", role):
                await connection.execute(f"create role {role} login nosuperuser nobypassrls password '{PASSWORD}'")
        await connection.execute(f'create database "{TEMPLATE}" owner bench_owner')
    finally:
        await connection.close()
    await _fill(admin.to(TEMPLATE))


async def clone(admin: Dsn, name: str) -> Dsn:
    """A fresh copy of the peers' database; gives the application role's DSN."""
    connection = await asyncpg.connect(admin.url, timeout=10)
    try:
        await connection.execute(f'drop database if exists "{name}" with (force)')
        await connection.execute(f'create database "{name}" template "{TEMPLATE}" owner bench_owner')
    finally:
        await connection.close()
    return admin.to(name).by("bench_app", PASSWORD)


async def drop(admin: Dsn, names: list[str]) -> None:
    """Removes what a run made."""
    connection = await asyncpg.connect(admin.url, timeout=10)
    try:
        for name in names:
            await connection.execute(f'drop database if exists "{name}" with (force)')
    finally:
        await connection.close()


async def settle(admin: Dsn, name: str) -> None:
    """Statistics and visibility as after a night's autovacuum, so that no server meets them half-way."""
    connection = await asyncpg.connect(admin.to(name).url, timeout=10)
    try:
        await connection.execute("vacuum analyze", timeout=300)
        await connection.execute("checkpoint", timeout=300)
    finally:
        await connection.close()


async def count(admin: Dsn, tables: dict[str, str]) -> dict[str, int]:
    """How many rows stand in each of the named tables, whatever row level security says."""
    connection = await asyncpg.connect(admin.url, timeout=10)
    try:
        return {name: await connection.fetchval(f"select count(*) from {table}") for name, table in tables.items()}
    finally:
        await connection.close()


async def _fill(database: Dsn) -> None:
    connection = await asyncpg.connect(database.url, timeout=10)
    try:
        await connection.execute(SCHEMA.read_text())
        for table, columns, records in _records():
            await connection.copy_records_to_table(table, columns=columns, records=records, timeout=300)
    finally:
        await connection.close()
    await settle(database, TEMPLATE)


def _records() -> list[tuple[str, list[str], list[tuple[object, ...]]]]:
    expires = datetime.now(UTC) + EXPIRES
    people = WORLD.members
    return [
        ("organizations", ["id", "name", "slug"], [(o.id, o.name, o.slug) for o in WORLD.organizations]),
        ("users", ["id", "email", "name"], [(m.id, m.email, m.name) for m in people]),
        ("sessions", ["token_hash", "user_id", "expires_at"], [(m.token_hash, m.id, expires) for m in people]),
        ("memberships", ["user_id", "org_id", "role"], [(m.id, m.org_id, m.role) for m in people]),
        ("customers", ["org_id", "id", "name", "email"], [(c.org_id, c.id, c.name, c.email) for c in WORLD.customers]),
        (
            "services",
            ["org_id", "id", "name", "minutes"],
            [(s.org_id, s.id, s.name, s.minutes) for s in WORLD.services],
        ),
        ("staff", ["org_id", "id", "number", "name"], [(s.org_id, s.id, s.number, s.name) for s in WORLD.staff]),
        ("appointments", BOOKED, [_appointment(b) for b in WORLD.bookings()]),
    ]


BOOKED = [
    "id",
    "org_id",
    "customer_id",
    "service_id",
    "staff_id",
    "scheduled_at",
    "ends_at",
    "slot",
    "notes",
    "created_by",
]


def _appointment(b: Booking) -> tuple[object, ...]:
    slot = asyncpg.Range(b.low, b.high)
    return (
        b.id, b.org_id, b.customer_id, b.service_id, b.staff_id, b.scheduled_at, b.ends_at, slot, b.notes, b.created_by,
    )  # fmt: skip

"""The world every server is seeded with: organizations, people with sessions, staff, services, customers, bookings.

All of it is computed, never random: the load generator, the seeds and the equivalence proof agree without talking.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from uuid import UUID

ORGANIZATIONS = 10
MEMBERS = 100
CUSTOMERS = 200
SERVICES = 20
BOOKINGS = 20_000
MINUTES = 30
"""Every service takes half an hour, so that slots half an hour apart never meet."""

PAST = datetime(2025, 1, 1, 8, tzinfo=UTC)
FUTURE = datetime(2030, 1, 1, tzinfo=UTC)
"""The first slot that the load books; nothing seeded lies behind it."""


@dataclass(frozen=True, slots=True)
class Organization:
    """A tenant."""

    id: UUID
    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Member:
    """A user with one session and one membership; `staff_id` is whom this one always books."""

    id: UUID
    org_id: UUID
    email: str
    name: str
    role: str
    token: str
    staff_id: UUID
    customer_id: UUID
    service_id: UUID

    @property
    def token_hash(self) -> bytes:
        """What a server stores of the session token: its SHA-256."""
        return sha256(self.token.encode()).digest()


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who can be booked; `number` is unique over all organizations."""

    id: UUID
    org_id: UUID
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Service:
    """What can be booked."""

    id: UUID
    org_id: UUID
    name: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Customer:
    """For whom it is booked."""

    id: UUID
    org_id: UUID
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Booking:
    """A seeded appointment; `low` and `high` are the bounds of its int8range (staff number << 32 + minutes)."""

    id: UUID
    org_id: UUID
    customer_id: UUID
    service_id: UUID
    staff_id: UUID
    scheduled_at: datetime
    ends_at: datetime
    notes: str
    created_by: UUID
    low: int
    high: int


class World:
    """Everything that stands in a database before the first request."""

    @cached_property
    def organizations(self) -> tuple[Organization, ...]:
        """The tenants."""
        return tuple(
            Organization(known_id("organization", n), f"Salon {n}", f"salon-{n}") for n in range(ORGANIZATIONS)
        )

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """The users; member n belongs to organization n % 10 and books staff n, which nobody else books."""
        return tuple(self._member(n) for n in range(ORGANIZATIONS * MEMBERS))

    @cached_property
    def staff(self) -> tuple[Staff, ...]:
        """As many as members."""
        return tuple(
            Staff(known_id("staff", n), self._org(n), n + 1, f"Staff {n}") for n in range(ORGANIZATIONS * MEMBERS)
        )

    @cached_property
    def services(self) -> tuple[Service, ...]:
        """The services of all organizations."""
        return tuple(
            Service(known_id("service", n), self._org(n), f"Service {n}", MINUTES)
            for n in range(ORGANIZATIONS * SERVICES)
        )

    @cached_property
    def customers(self) -> tuple[Customer, ...]:
        """The customers of all organizations."""
        return tuple(
            Customer(known_id("customer", n), self._org(n), f"Customer {n}", f"customer{n}@example.test")
            for n in range(ORGANIZATIONS * CUSTOMERS)
        )

    def bookings(self) -> Iterator[Booking]:
        """The seeded appointments, 20,000 an organization, 200 a staff member."""
        for n in range(ORGANIZATIONS * BOOKINGS):
            turn, who = divmod(n, ORGANIZATIONS * MEMBERS)
            member, staff = self.members[who], self.staff[who]
            start = PAST + timedelta(hours=turn, minutes=who % 2 * MINUTES)
            end = start + timedelta(minutes=MINUTES)
            yield Booking(
                known_id("booking", n), member.org_id, member.customer_id, member.service_id, staff.id,
                start, end, "Seeded.", member.id, bound(staff.number, start), bound(staff.number, end),
            )  # fmt: skip

    def _org(self, n: int) -> UUID:
        return self.organizations[n % ORGANIZATIONS].id

    def _member(self, n: int) -> Member:
        turn, org = divmod(n, ORGANIZATIONS)
        return Member(
            id=known_id("member", n),
            org_id=self._org(n),
            email=f"member{n}@example.test",
            name=f"Member {n}",
            role="member",
            token=sha256(f"benchmark session {n}".encode()).hexdigest(),
            staff_id=known_id("staff", n),
            customer_id=known_id("customer", turn % CUSTOMERS * ORGANIZATIONS + org),
            service_id=known_id("service", turn % SERVICES * ORGANIZATIONS + org),
        )


def known_id(kind: str, n: int) -> UUID:
    """A UUIDv7 that is always the same for the nth of its kind, and sorts by n."""
    noise = int.from_bytes(sha256(f"{kind} {n}".encode()).digest()[:10])
    milliseconds = int(PAST.timestamp() * 1000) + n
    return UUID(int=milliseconds << 80 | 7 << 76 | (noise >> 64 & 0xFFF) << 64 | 2 << 62 | noise & (1 << 62) - 1)


def bound(number: int, moment: datetime) -> int:
    """One end of a slot's int8range: ranges of two staff members can never meet."""
    return (number << 32) + int(moment.timestamp()) // 60


WORLD = World()

"""A business in the Salon, ready to take bookings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

from portico import Org, User
from portico.testing import Client, Harness, Reply

NUMBERS = count(1)
FIRST_SLOT = datetime(2031, 1, 6, tzinfo=UTC)
LENGTH = timedelta(minutes=30)


@dataclass
class Business:
    """An organization of the Salon with its owner, and one customer, service and member of staff."""

    org: Org
    owner: User
    client: Client
    customer: str = ""
    service: str = ""
    staff: str = ""
    _slots: "count[int]" = field(default_factory=count)

    def visit(self, **changes: object) -> dict[str, object]:
        """A booking for a slot that is free."""
        wanted: dict[str, object] = {
            "customer_id": self.customer,
            "service_id": self.service,
            "staff_id": self.staff,
            "scheduled_at": (FIRST_SLOT + LENGTH * next(self._slots)).isoformat(),
        }
        return wanted | changes

    async def book(self, key: str, visit: Mapping[str, object], client: Client | None = None) -> Reply:
        """Post a booking under a key."""
        return await (client or self.client).post("/api/v1/appointments", visit, headers={"idempotency-key": key})

    async def create(self, things: str, **fields: object) -> str:
        """Create a thing of the business; returns its id."""
        reply = await self.client.post(f"/api/v1/{things}", fields)
        assert reply.status == 201, reply.text
        return str(reply.json["data"]["id"])


async def open_business(portico: Harness, name: str) -> Business:
    """Found a business; its name is part of all that is its own."""
    number = next(NUMBERS)
    org = await portico.organization(f"{name} {number}", timezone="Europe/Vienna")
    owner = await portico.member(f"{name}-{number}@example.com".lower(), org=org.id, role="owner")
    business = Business(org, owner, portico.client(owner, org=org.id))
    business.customer = await business.create("customers", name=f"{name} customer")
    business.service = await business.create("services", name=f"{name} service", duration_minutes=30)
    business.staff = await business.create("staff", name=f"{name} staff")
    return business


async def colleague(portico: Harness, business: Business, email: str, *, role: str = "member") -> Client:
    """A client of another member of the business."""
    user = await portico.member(email, org=business.org.id, role=role)
    return portico.client(user, org=business.org.id)


async def left_behind(portico: Harness, org: UUID) -> dict[str, int]:
    """How many bookings an organization has, and how many rows tell of them."""
    found = await portico.rows(
        """
        select (select count(*) from appointments where org_id = $1) as bookings,
               (select count(*) from portico.audit where org_id = $1 and action = 'appointment.created') as audits,
               (select count(*) from portico.outbox where org_id = $1 and name = 'appointment.created') as events,
               (select count(*) from portico.idempotency) as answers
        """,
        org,
    )
    return dict(found[0])

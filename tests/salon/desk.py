"""The front desk of a business: somebody signed in, with a customer, a service and a member of staff to book."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from portico import Org, User
from portico.testing import Client, Harness, Reply

KEYS = count(1)
MINUTES = 45


@dataclass(frozen=True)
class Desk:
    """Books for its own business alone."""

    portico: Harness
    org: Org
    user: User
    customer: str
    service: str
    staff: str

    @property
    def client(self) -> Client:
        """The desk on the wire."""
        return self.portico.client(self.user)

    def visit(self, at: object) -> dict[str, object]:
        """A booking's input."""
        parties = {"customer_id": self.customer, "service_id": self.service, "staff_id": self.staff}
        return {**parties, "scheduled_at": at}

    async def book(
        self, at: object, changes: Mapping[str, object] | None = None, *, language: str = "en", key: str = ""
    ) -> Reply:
        """Send a booking, under a key of its own unless one is given."""
        headers = {"idempotency-key": key or f"key-{next(KEYS)}", "accept-language": language}
        visit = {**self.visit(at), **(changes or {})}
        return await self.client.post("/api/v1/appointments", visit, headers=headers)

    async def booked(self, at: str, **changes: object) -> dict[str, Any]:
        """A booking that must succeed."""
        return made(await self.book(at, changes))

    async def list(self, query: str = "") -> list[dict[str, Any]]:
        """What the list of appointments says."""
        reply = await self.client.get(f"/api/v1/appointments?{query}")
        data: list[dict[str, Any]] = reply.json["data"]
        return data

    async def add_staff(self, name: str, **changes: object) -> str:
        """One more member of staff."""
        return str(made(await self.client.post("/api/v1/staff", {"name": name, **changes}))["id"])


async def open_desk(portico: Harness, name: str, *, timezone: str = "UTC") -> Desk:
    """A new business and its owner at the desk."""
    org = await portico.organization(name, timezone=timezone)
    user = await portico.member(f"owner@{org.slug}.example", org=org.id, role="owner")
    client = portico.client(user)
    customer = made(await client.post("/api/v1/customers", {"name": "Amelie Brandner"}))
    service = made(await client.post("/api/v1/services", {"name": "Haircut", "duration_minutes": MINUTES}))
    staff = made(await client.post("/api/v1/staff", {"name": "Jonas Reiter"}))
    return Desk(portico, org, user, customer["id"], service["id"], staff["id"])


def made(reply: Reply) -> dict[str, Any]:
    """The data of an answer that must be 201."""
    assert reply.status == 201, reply.text
    data: dict[str, Any] = reply.json["data"]
    return data


def hidden(page: Reply) -> dict[str, str]:
    """The hidden members of a page's forms."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text))

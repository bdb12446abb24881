"""Every route of the Salon, and a request for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portico.core.plan import Plan
from portico.core.refusals import served_at
from portico.core.template import FIELD
from salon.app import app
from tests.promises.business import Business

SAMPLES: Mapping[str, object] = {
    "name": "Ada",
    "email": "ada@example.com",
    "password": "Correct-horse-7",
    "phone": "+43 1 234567",
    "notes": "none",
    "title": "Stylist",
    "slug": "ada-s",
    "timezone": "Europe/Vienna",
    "duration_minutes": 30,
    "reason": "ill",
    "status": "confirmed",
    "version": 1,
    "day": "2031-01-06",
    "role": "member",
    "permissions": ["customers:read"],
    "first_hour": 8,
    "show_cancelled": False,
    "clock": "12h",
}


@dataclass(frozen=True)
class Route:
    """One action on the wire."""

    name: str
    method: str
    path: str
    members: tuple[str, ...]
    query: tuple[str, ...]
    public: bool

    @classmethod
    def of(cls, plan: Plan) -> "Route":
        """The route of an action."""
        place, binder = plan.action.place, plan.binder
        page = plan.codec.page or (plan.codec.redirect and plan.read_only)
        members = tuple(m.name for m in binder.members if m.source == "body")
        query = tuple(m.name for m in binder.members if m.source == "query")
        return cls(plan.action.name, place.method, served_at(plan.action, page=page), members, query, plan.public)

    def at(self, id: object) -> str:
        """Its path, with an id wherever it wants one."""
        return FIELD.sub(lambda _: str(id), self.path)

    def right(self, business: Business) -> dict[str, Any]:
        """A body that is right."""
        known = {**SAMPLES, **business.visit()}
        return {name: known[name] for name in self.members if name in known}


ROUTES = {name: Route.of(plan) for name, plan in app.plans.items() if plan.action.kind != "job"}

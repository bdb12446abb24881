"""The Salon, assembled."""

from pathlib import Path

from portico import App, RateLimit
from portico.modules import identity, organizations
from salon.appointments.actions import module as appointments
from salon.customers.actions import module as customers
from salon.metadata import metadata
from salon.pages.actions import module as pages
from salon.services.actions import module as services
from salon.staff.actions import module as staff

HERE = Path(__file__).parent

ROLES = {
    "admin": ("organizations:*", "customers:*", "services:*", "staff:*", "appointments:*"),
    "member": (
        "organizations:read",
        "customers:read",
        "customers:create",
        "customers:update",
        "services:read",
        "staff:read",
        "appointments:*",
    ),
}

app = App(
    "salon",
    modules=[identity, organizations, customers, services, staff, appointments, pages],
    defaults=[RateLimit("100/m")],
    roles=ROLES,
    templates=HERE / "templates",
    static=HERE / "static",
    catalogs=HERE / "messages",
    migrations=HERE / "migrations",
    metadata=metadata,
    sign_in="/sign-in",
)

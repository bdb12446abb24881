"""The Salon, assembled."""

from pathlib import Path

from portico import App, RateLimit
from portico.modules import audit, experiments, flags, identity, jobs, organizations, usage, users, webhooks
from salon.account import account
from salon.appointments.batches import module as appointment_batches
from salon.appointments.live import module as appointments
from salon.appointments.notices import module as notices
from salon.availability.actions import module as availability
from salon.billing.inbox import module as billing
from salon.crm.inbox import module as crm
from salon.customers.actions import module as customers
from salon.customers.pages import pages as customer_pages
from salon.dashboard.actions import module as dashboard
from salon.diary.actions import module as diary
from salon.holidays.actions import module as holidays
from salon.holidays.actions import pages as holiday_pages
from salon.hours.actions import module as hours
from salon.metadata import metadata
from salon.onboarding.actions import onboarding
from salon.onboarding.pages import pages as onboarding_pages
from salon.operating import operating
from salon.pages.actions import module as pages
from salon.plans import QUOTAS
from salon.preferences.actions import module as preferences
from salon.rollouts import EXPERIMENTS, FLAGS
from salon.services.actions import module as services
from salon.staff.actions import module as staff
from salon.team import team

HERE = Path(__file__).parent

ROLES = {
    "admin": (
        "organizations:*",
        "members:*",
        "invitations:*",
        "roles:*",
        "keys:*",
        "audit:read",
        "customers:*",
        "services:*",
        "staff:*",
        "appointments:*",
        "hours:*",
        "holidays:*",
        "diary:*",
        "usage:*",
        "webhooks:*",
    ),
    "member": (
        "organizations:read",
        "members:read",
        "roles:read",
        "customers:read",
        "customers:create",
        "customers:update",
        "services:read",
        "staff:read",
        "appointments:*",
        "hours:read",
        "holidays:read",
        "diary:read",
        "usage:read",
    ),
}

app = App(
    "salon",
    modules=[
        identity,
        organizations,
        users,
        audit,
        usage,
        flags,
        experiments,
        jobs,
        webhooks,
        customers,
        customer_pages,
        services,
        staff,
        appointments,
        appointment_batches,
        hours,
        availability,
        holidays,
        holiday_pages,
        notices,
        billing,
        crm,
        diary,
        preferences,
        pages,
        dashboard,
        onboarding,
        onboarding_pages,
        account,
        team,
        operating,
    ],
    defaults=[RateLimit("api")],
    roles=ROLES,
    templates=HERE / "templates",
    static=HERE / "static",
    catalogs=HERE / "messages",
    migrations=HERE / "migrations",
    metadata=metadata,
    sign_in="/sign-in",
    confirm="/confirm",
    quotas=QUOTAS,
    flags=FLAGS,
    experiments=EXPERIMENTS,
)

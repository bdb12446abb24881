"""Organizations: the tenants, at `/api/v1/organizations`."""

from portico.modules.organizations.actions import create, find, get, organizations, update
from portico.modules.organizations.models import NewOrganization, Organization, OrganizationChanges

__all__ = [
    "NewOrganization",
    "Organization",
    "OrganizationChanges",
    "create",
    "find",
    "get",
    "organizations",
    "update",
]

"""What the tests of organizations share: addresses, and what is asked of them."""

from typing import Any
from uuid import UUID

from portico import User
from portico.testing import Reply
from tests.integration.office.people import Office

ORGANIZATIONS = "/api/v1/organizations"


async def ask(office: Office, user: User, route: str, /, **json: object) -> Reply:
    """Ask something of the office, as one of its people: `ask(alpha, alpha.owner, "DELETE /members/…")`."""
    method, _, path = route.partition(" ")
    url = f"{ORGANIZATIONS}/{office.org.id}{path}"
    return await office.harness.client(user).send(method, url, json=json or None)


async def role_of(office: Office, user: User) -> str | None:
    """Somebody's role, read as the database's owner; None where they do not belong."""
    sql = "select role from portico.members where org_id = $1 and user_id = $2"
    rows = await office.harness.rows(sql, office.org.id, user.id)
    return rows[0][0] if rows else None


async def promote(office: Office, user: User, role: str) -> None:
    """Put somebody into another of the application's roles, past all rules."""
    sql = "update portico.members set role = $3 where org_id = $1 and user_id = $2"
    await office.harness.rows(sql, office.org.id, user.id, role)


async def make_role(office: Office, name: str, *permissions: str) -> Any:
    """A role of the office's own, made by its owner."""
    made = await ask(office, office.owner, "POST /roles", name=name, permissions=permissions)
    assert made.status == 201, made.text
    return made.json["data"]


async def join(office: Office, user: User) -> None:
    """Make somebody a member, past all rules."""
    sql = "insert into portico.members (org_id, user_id, role) values ($1, $2, 'member')"
    await office.harness.rows(sql, office.org.id, user.id)


async def make_key(office: Office, name: str, *, org: UUID | None = None) -> str:
    """An API key for all that the office's owner may do; the office's own where it is named."""
    sql = """insert into portico.api_keys (key_hash, hint, name, user_id, org_id, scopes)
             values (sha256(convert_to($1, 'UTF8')), 'pk_', $1, $2, $3, '{*}')"""
    await office.harness.rows(sql, f"pk_{name}", office.owner.id, org)
    return f"pk_{name}"

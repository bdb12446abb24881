"""An application that is nothing but accounts and organizations, with one of every kind of caller."""

from dataclasses import dataclass
from uuid import UUID

from portico import App, User
from portico.modules import identity, jobs, organizations, users
from portico.testing import Client, Harness

app = App("registry", modules=[identity, jobs, organizations, users])
KEY = """
    insert into portico.api_keys (key_hash, hint, name, user_id, org_id, scopes, expires_at)
    values (sha256(convert_to($1, 'UTF8')), 'pk_', $1, $2, $3, $4, now() + interval '1 day')
"""
TIRED = "update portico.sessions set authenticated_at = now() - interval '11 minutes' where user_id = $1"


@dataclass(frozen=True)
class Callers:
    """An organization, and clients of all who may ask something of it."""

    org: UUID
    owner: User
    of: dict[str, Client]


async def key_of(portico: Harness, user: User, *scopes: str, org: UUID | None = None) -> Client:
    """A client with an API key of the user's, or of the organization's that acts as them."""
    token = f"pk_{user.email}_{'_'.join(scopes)}"
    await portico.rows(KEY, token, user.id, org, scopes)
    return Client(portico.app, token=token)


async def gather(portico: Harness) -> Callers:
    """One of every kind; the stranger and the operator belong elsewhere or nowhere.

    The tired one is owner and operator, and has shown no password for eleven minutes.
    """
    mine, theirs = await portico.organization("Mine"), await portico.organization("Theirs")
    people = {r: await portico.member(f"{r}@x.test", org=mine.id, role=r) for r in ("member", "admin", "owner")}
    people["stranger"] = await portico.member("stranger@x.test", org=theirs.id, role="owner")
    people["operator"] = await portico.member("operator@x.test")
    people["tired"] = await portico.member("tired@x.test", org=mine.id, role="owner")
    operators = [people["operator"].id, people["tired"].id]
    await portico.rows("update portico.users set operator = true where id = any($1)", operators)
    await portico.rows(TIRED, people["tired"].id)
    callers = {name: portico.client(user) for name, user in people.items()}
    callers["nobody"], callers["junk"] = portico.client(), Client(portico.app, token="junk" * 8)
    callers["narrow"] = await key_of(portico, people["owner"], "members:read")
    callers["wide"] = await key_of(portico, people["owner"], "*")
    return Callers(mine.id, people["owner"], callers)

"""The people of two offices."""

from dataclasses import dataclass

from portico import Org, User
from portico.testing import Client, Harness, Reply


@dataclass(frozen=True)
class Office:
    """An organization with its people, each with a client on the wire."""

    harness: Harness
    org: Org
    owner: User
    member: User
    other: User
    editor: User
    guest: User

    def wire(self, user: User, ip: str = "127.0.0.1") -> Client:
        """A client as one of them, in this office."""
        return self.harness.client(user, org=self.org.id, ip=ip)

    async def file(self, user: User, title: str) -> str:
        """File a paper; returns its id."""
        reply = await self.wire(user).post("/api/v1/papers", {"title": title})
        return str(reply.json["data"]["id"])

    async def titles(self) -> list[str]:
        """The titles of all papers, read as the database's owner."""
        rows = await self.harness.rows("select title from papers where org_id = $1 order by title", self.org.id)
        return [row[0] for row in rows]

    async def audit(self) -> list[tuple[str, str, str | None]]:
        """What the audit holds: event, outcome, target."""
        rows = await self.harness.rows("select action, outcome, target from portico.audit order by id")
        return [(row[0], row[1], row[2]) for row in rows]


async def open_office(harness: Harness, name: str) -> Office:
    """An organization with one person of each role, and two members."""
    org = await harness.organization(name, timezone="Europe/Vienna")
    slug = org.slug
    people = {
        person: await harness.member(f"{person}@{slug}.test", org=org.id, role=role)
        for person, role in (
            ("owner", "owner"),
            ("member", "member"),
            ("other", "member"),
            ("editor", "editor"),
            ("guest", "guest"),
        )
    }
    return Office(harness, org, **people)


def code(reply: Reply) -> tuple[int, str]:
    """Status and code of a refusal."""
    return reply.status, reply.json["code"]


def fields(reply: Reply) -> dict[str, list[str]]:
    """The codes of a refusal's findings, by path."""
    return {path: [f["code"] for f in found] for path, found in reply.json["errors"].items()}

"""Whatever is asked about an organization by a member of another one: nothing is there."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from portico.core.plan import Plan
from portico.core.refusals import served_at
from portico.core.template import FIELD
from portico.testing import Client, Harness, Reply
from tests.integration.office.app import app
from tests.integration.office.people import Office, code
from tests.integration.organizations.paths import ask, make_key, make_role

pytestmark = pytest.mark.anyio
SCOPED = {n: plan for n, plan in app.plans.items() if n.startswith("organizations.") and plan.needs.org}
INNER = [name for name, plan in SCOPED.items() if plan.action.place.path.count("{") == 2]
BODY = {
    "name": "stolen",
    "role": "guest",
    "email": "thief@x.test",
    "description": "stolen",
    "permissions": ["papers:read"],
    "scopes": ["papers:read"],
    "timezone": "Europe/Vienna",
    "version": 1,
}


@dataclass(frozen=True)
class Full:
    """An office with something of everything, and what is known of it."""

    office: Office
    invitation: str

    async def ask(self, plan: Plan, org: UUID, *, client: Client) -> Reply:
        """Ask about this office's things, in that organization."""
        things = {"id": org, "user_id": self.office.member.id, "name": "secretary", "invitation_id": self.invitation}
        path = FIELD.sub(lambda place: str(things.get(place[1], uuid4())), served_at(plan.action, page=False))
        members = {m.name: BODY[m.name] for m in plan.binder.members if m.source == "body" and m.name in BODY}
        return await client.send(plan.action.place.method, path, json=members or None)

    async def state(self) -> list[Any]:
        """All that there is of it."""
        sql = """select (select jsonb_agg(o order by o.id) from portico.organizations o where o.id = $1)::text,
                        (select jsonb_agg(m order by m.user_id) from portico.members m where m.org_id = $1)::text,
                        (select jsonb_agg(r order by r.name) from portico.roles r where r.org_id = $1)::text,
                        (select jsonb_agg(i order by i.id) from portico.invitations i where i.org_id = $1)::text"""
        return list((await self.office.harness.rows(sql, self.office.org.id))[0])


@pytest.fixture
async def full(alpha: Office) -> Full:
    """Alpha, with a role of its own and an open invitation."""
    await make_role(alpha, "secretary", "papers:read")
    invited = await ask(alpha, alpha.owner, "POST /invitations", email="carol@x.test", role="secretary")
    return Full(alpha, invited.json["data"]["id"])


@pytest.mark.parametrize("name", SCOPED)
async def test_to_others_an_organization_is_not_there(full: Full, beta: Office, name: str) -> None:
    """404 or 403, as for one that nobody has; no name of it is told, and nothing of it is changed."""
    before, theirs = await full.state(), full.office.org.id

    for header in (None, beta.org.id, theirs):
        client = beta.harness.client(beta.owner, org=header)
        reply = await full.ask(SCOPED[name], theirs, client=client)
        nobodys = await full.ask(SCOPED[name], uuid4(), client=client)

        assert reply.status in {403, 404}
        assert code(reply) == code(nobodys)
        assert [word for word in ("alpha", "carol", "secretary", str(theirs)) if word in reply.text.lower()] == []
    assert await full.state() == before


@pytest.mark.parametrize("name", INNER)
async def test_one_s_own_path_leads_to_nothing_of_others(full: Full, beta: Office, name: str) -> None:
    """Another's member, role and invitation are not there under the own organization."""
    before = await full.state()

    reply = await full.ask(SCOPED[name], beta.org.id, client=beta.wire(beta.owner))

    assert code(reply) == (404, "NOT_FOUND")
    assert await full.state() == before


@pytest.mark.parametrize("name", [n for n, p in SCOPED.items() if not p.read_only and n != "organizations.update"])
async def test_no_key_decides_who_belongs(full: Full, name: str) -> None:
    """However much an API key covers, this is for people: refused, and nothing is changed."""
    before, client = await full.state(), Client(app, token=await make_key(full.office, "all"))

    reply = await full.ask(SCOPED[name], full.office.org.id, client=client)

    assert code(reply) == (403, "AUTH_KEY_REFUSED")
    assert await full.state() == before


async def test_the_matrix_holds_every_action(portico: Harness) -> None:
    """All that name an organization are asked: the module has others only for those who are in none yet."""
    others = {n for n in portico.app.plans if n.startswith("organizations.")} - set(SCOPED)
    answers = {f"organizations.{how}_invitation" for how in ("preview", "accept", "decline")}

    assert others == {"organizations.create", "organizations.find", *answers}
    assert len(SCOPED) >= 16
    assert len(INNER) >= 5

"""An organization always has an owner: two last ones who go at once, in whichever ways, do not both get away."""

import asyncio
from itertools import combinations_with_replacement
from uuid import UUID

import pytest

from portico import User
from portico.testing import Harness, Reply

pytestmark = pytest.mark.anyio
ROUNDS = 2
WAYS = {
    "leave": "POST /api/v1/organizations/{org}/leave",
    "be demoted": "PATCH /api/v1/organizations/{org}/members/{user}",
    "be removed": "DELETE /api/v1/organizations/{org}/members/{user}",
    "delete the account": "DELETE /api/auth/me",
}
LEFT = """
    select count(*) filter (where m.role = 'owner') from portico.organizations o
      left join portico.members m on m.org_id = o.id where o.deleted_at is null group by o.id
"""


@pytest.mark.parametrize("ways", [*combinations_with_replacement(WAYS, 2)], ids=" and ".join)
async def test_two_last_owners_do_not_both_go(registry: Harness, ways: tuple[str, str]) -> None:
    """One goes, the other is told that nobody else would be left, or that they may no longer; twenty times over all."""
    for number in range(ROUNDS):
        org = (await registry.organization(f"Org {number}")).id
        owners = [await registry.member(f"{who}{number}@x.test", org=org, role="owner") for who in "ab"]

        replies = await asyncio.gather(
            go(registry, owners[0], owners[1], org=org, way=ways[0]),
            go(registry, owners[1], owners[0], org=org, way=ways[1]),
        )

        assert min(reply.status for reply in replies) == 200
        assert {reply.status for reply in replies} <= {200, 401, 403, 404, 409}
    assert {row[0] for row in await registry.rows(LEFT)} == {1}


async def test_an_organization_is_deleted_or_left_but_not_orphaned(registry: Harness) -> None:
    """One owner deletes it, the other leaves: whoever is first, what lives has an owner."""
    for number in range(10):
        org = (await registry.organization(f"Org {number}")).id
        owners = [await registry.member(f"{who}{number}@x.test", org=org, role="owner") for who in "ab"]

        replies = await asyncio.gather(
            registry.client(owners[0]).send("DELETE", f"/api/v1/organizations/{org}"),
            go(registry, owners[1], owners[0], org=org, way="leave"),
        )

        assert {reply.status for reply in replies} <= {200, 404, 409}
    assert 0 not in {row[0] for row in await registry.rows(LEFT)}


async def go(registry: Harness, who: User, other: User, *, org: UUID, way: str) -> Reply:
    """Go, or have the other one go."""
    method, _, path = WAYS[way].partition(" ")
    json = {"role": "member"} if way == "be demoted" else None
    return await registry.client(who).send(method, path.format(org=org, user=other.id), json=json)

"""Flag: what is hidden is not there, whoever asks and whichever way."""

import pytest

from portico import Rule
from portico.testing import Harness
from tests.integration.office.people import Office, code
from tests.integration.office.rollouts import desk

pytestmark = pytest.mark.anyio
DESK = "/api/v1/desk"


async def test_nobody_learns_of_it_who_is_not_signed_in(alpha: Office) -> None:
    """They are asked to sign in, as everywhere."""
    assert code(await alpha.harness.client().get(DESK)) == (401, "UNAUTHORIZED")


async def test_in_process_it_is_hidden_too(portico: Harness, alpha: Office) -> None:
    """The same answer, as a value."""
    caller = portico.app.as_(alpha.member, org=alpha.org.id)
    before = await caller.call(desk)
    await portico.flag(Rule("new-desk", "on"))
    after = await caller.call(desk)

    assert before.error is not None
    assert (before.error.code, after.data) == ("NOT_FOUND", "sat")


async def test_a_share_shows_it_to_some(portico: Harness, alpha: Office) -> None:
    """Always the same people; a larger share shows it to them still."""
    people = [await portico.member(f"p{n}@office.test", org=alpha.org.id) for n in range(20)]

    async def shown() -> set[int]:
        return {n for n, user in enumerate(people) if (await alpha.wire(user).get(DESK)).status == 200}

    await portico.flag(Rule("new-desk", "on", 40))
    some, again = await shown(), await shown()
    await portico.flag(Rule("new-desk", "on", 80))
    more = await shown()

    assert some == again
    assert some <= more
    assert 0 < len(some) < len(more) < 20 or more == some


async def test_an_organizations_share_is_all_of_it_or_none(portico: Harness, alpha: Office, beta: Office) -> None:
    """By the organization that the call is in."""
    await portico.flag(Rule("new-desk", "on", 50, "org"))

    for office in (alpha, beta):
        people = (office.owner, office.member, office.other, office.guest)
        assert len({(await office.wire(user).get(DESK)).status for user in people}) == 1


async def test_a_killed_flag_is_off_at_once(portico: Harness, alpha: Office) -> None:
    """For who is on a list, too."""
    await portico.flag(Rule("new-desk", "on", users=frozenset({alpha.member.id})))
    before = (await alpha.wire(alpha.member).get(DESK)).status
    await portico.flag(Rule("new-desk", "killed", users=frozenset({alpha.member.id})))

    assert (before, (await alpha.wire(alpha.member).get(DESK)).status) == (200, 404)


async def test_the_flag_is_part_of_what_the_action_says_of_itself(portico: Harness) -> None:
    """Errors that callers must know of, and the name that the start checks."""
    contract = next(p for p in portico.app.plans["rollouts.desk"].policies if type(p).__name__ == "Flag").contract()

    assert ([error.code for error in contract.errors], contract.flags) == (["NOT_FOUND"], ("new-desk",))

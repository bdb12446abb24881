"""Who may do what: every action of accounts and organizations, asked by everybody."""

from uuid import uuid4

import pytest

from portico.core.plan import Plan
from portico.core.refusals import served_at
from portico.core.template import FIELD
from portico.testing import Harness
from tests.promises.registry import Callers, app, gather

pytestmark = pytest.mark.anyio
ORDER = ("nobody", "junk", "stranger", "operator", "narrow", "wide", "member", "admin", "tired", "owner")
"""`narrow` and `wide` are API keys of the owner: for `members:read`, and for everything."""
SEEN = {401: "1", 403: "3", 404: "4"}
TABLE = {
    "..........": """
        identity.ask_for_passkey identity.come_back identity.confirm_email identity.depart
        identity.find_providers identity.forget_password identity.resend_verification identity.reset_password
        identity.show_second_factor identity.sign_in identity.sign_in_by_passkey identity.sign_up
        identity.verify_email organizations.preview_invitation""",
    "11..3.....": """
        identity.me organizations.find""",
    "11..33....": """
        identity.ask_for_own_passkey identity.change_password identity.confirm_by_passkey
        identity.confirm_password identity.confirm_totp identity.end_other_sessions identity.find_identities
        identity.find_keys identity.find_passkeys identity.find_sessions identity.rename_key
        identity.rename_passkey identity.second_factor identity.sign_out identity.sign_out_everywhere identity.update_me
        organizations.accept_invitation organizations.create organizations.decline_invitation""",
    "11..33..3.": """
        identity.add_passkey identity.begin_passkey identity.begin_totp identity.change_email
        identity.create_key identity.delete_me identity.unlink_identity""",
    "113.3333.3": """
        jobs.find users.create users.find""",
    "1134333333": """
        users.delete users.update""",
    "1134333343": """
        jobs.cancel jobs.get jobs.retry users.get""",
    "1144..3...": """
        organizations.find_members""",
    "11443.3...": """
        organizations.find_invitations organizations.find_permissions organizations.find_roles organizations.get
        organizations.update""",
    "114433....": """
        organizations.leave organizations.switch""",
    "1144333...": """
        organizations.change_role organizations.create_role organizations.find_keys organizations.invite
        organizations.rename_key""",
    "1144333.3.": """
        organizations.create_key""",
    "114433333.": """
        organizations.delete""",
    "1144333444": """
        organizations.delete_role organizations.remove_member organizations.revoke_invitation
        organizations.revoke_key organizations.update_role""",
    "1144334434": """
        identity.end_totp identity.find_totp_setup identity.link_identity identity.remove_passkey
        identity.renew_recovery_codes""",
    "1144334444": """
        identity.end_session identity.revoke_key""",
}
"""What each of them is answered: 401, 403, 404 (for an id that is not there, too), or what only those let in are."""
MAY = {name: answers for answers, names in TABLE.items() for name in names.split()}


async def test_every_action_lets_in_whom_the_table_names(registry: Harness) -> None:
    """Nobody else, however privileged elsewhere; an action that the table does not know fails here."""
    found, callers = {}, await gather(registry)
    called = {name: plan for name, plan in app.plans.items() if plan.action.kind != "job"}
    for name, plan in called.items():
        statuses = [await ask(callers, who, plan) for who in ORDER]
        found[name] = "".join(SEEN.get(status, ".") for status in statuses)
        assert {status for status in statuses if status == 429 or status >= 500} == set(), name
        if not plan.read_only and min(statuses) < 300:  # something was done
            await registry.empty()
            callers = await gather(registry)

    assert found == MAY


async def ask(callers: Callers, who: str, plan: Plan) -> int:
    """The status of a request that says no more than it must to be let in."""
    known = {"id": callers.org} if plan.action.name.startswith("organizations.") else {}
    path = FIELD.sub(lambda place: str(known.get(place[1], uuid4())), served_at(plan.action, page=False))
    reply = await callers.of[who].send(plan.action.place.method, path, json=None if plan.read_only else {})
    return reply.status

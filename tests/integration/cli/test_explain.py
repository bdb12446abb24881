"""`portico explain` says what would be decided, by the very policies that decide."""

import re
from collections.abc import Mapping

import pytest
from click.testing import CliRunner, Result

from portico.cli import portico
from portico.core.lifecycle import LIFE

SALON, SHOP = "salon.app:app", "tests.integration.cli.shop:app"


def test_the_life_of_the_call_is_told_in_its_order() -> None:
    """The steps are those that the code runs."""
    said = explain("appointments.create", "member").stdout

    assert re.findall(r"^\d+ +([a-z]+)", said, re.MULTILINE) == [step.name for step in LIFE]


def test_the_pattern_that_grants_a_permission_is_named() -> None:
    """A member may book by the pattern that the application gave to members; an owner may do everything."""
    assert (
        "✓  Allow appointments:create: member holds appointments:*" in explain("appointments.create", "member").stdout
    )
    assert "✓  Allow appointments:create: owner holds *" in explain("appointments.create", "owner").stdout


@pytest.mark.parametrize(("role", "may"), [("owner", True), ("admin", True), ("member", False), ("nobody", False)])
def test_a_role_that_lacks_the_permission_may_not(role: str, *, may: bool) -> None:
    """The verdict stands at the end, and the refusal where it happens."""
    said = explain("services.create", role).stdout

    assert f"{role} {'may' if may else 'may not'} call services.create." in said
    assert ("✗" in said) is not may


def test_whether_a_password_was_just_shown_only_a_call_can_tell() -> None:
    """It is neither granted nor refused to a role."""
    said = explain("organizations.delete", "owner").stdout

    assert re.search(r"· +Sudo +403 AUTH_SUDO_REQUIRED", said)
    assert "owner may call organizations.delete." in said


def test_nobody_is_asked_for_a_credential() -> None:
    """Who is not signed in learns that, and no more."""
    said = explain("appointments.find", "nobody").stdout

    assert re.search(r"✗ +a session or a bearer token must be shown, and nobody has none +401 UNAUTHORIZED", said)


def test_anybody_may_call_what_is_public() -> None:
    """A public action asks for nothing."""
    assert "nobody may call identity.sign_in." in explain("identity.sign_in", "nobody").stdout


def test_a_user_of_no_organization_is_refused_by_its_actions() -> None:
    """An account of one's own is enough for one's own profile alone."""
    assert "user may call identity.me." in explain("identity.me", "user").stdout
    assert "user may not call appointments.find." in explain("appointments.find", "user").stdout


@pytest.mark.parametrize(
    ("job", "behalf"),
    [("portico.send_mail", "for nobody"), ("notices.remind", "for the organization that enqueued it")],
)
def test_a_job_is_said_to_be_called_by_nobody(job: str, behalf: str) -> None:
    """What belongs to a wire, its refusals among them, is left out."""
    said = " ".join(explain(job, "member").stdout.split())

    assert f"Nobody calls {job}: workers run it, {behalf}." in said
    assert "An attempt can fail with 404 NOT_FOUND" in said
    assert [word for word in ("route", "origin", "anybody may", "AUTH_CROSS_SITE", "413", "415") if word in said] == []


def test_limits_are_told_with_the_numbers_of_the_settings() -> None:
    """What an operator set is what counts."""
    usual = explain("appointments.create", "member").stdout
    raised = explain("appointments.create", "member", {"PORTICO_RATE_LIMIT_FACTOR": "10"}).stdout

    assert "RateLimit writes: 30 attempts in any minute, counted by user" in usual
    assert "RateLimit writes: 300 attempts in any minute, counted by user" in raised


def test_a_required_key_and_an_audit_event_are_told() -> None:
    """What a caller must send, and what is left behind."""
    said = explain("appointments.create", "member").stdout

    assert re.search(r"Idempotent required +.*400 IDEMPOTENCY_KEY_MISSING", said, re.DOTALL)
    assert "Audit appointment.created" in said


def test_the_errors_are_told_with_their_statuses() -> None:
    """Its policies' and its own, by status."""
    said = " ".join(explain("appointments.create", "member").stdout.split())

    for error in ("401 UNAUTHORIZED", "403 FORBIDDEN", "409 BIZ_SLOT_TAKEN", "422 VALIDATION_ERROR"):
        assert error in said.partition("It can answer ")[2]


def test_an_owned_row_is_decided_twice() -> None:
    """One's own and somebody else's; who holds the exception has both."""
    member, admin = explain("shop.remove", "member", app=SHOP).stdout, explain("shop.remove", "admin", app=SHOP).stdout

    assert "✓  Owns orders unless orders:any; one's own" in member
    assert "✗  Owns orders unless orders:any; somebody else's" in member
    assert "member may call shop.remove." in member
    assert "✓  Owns orders unless orders:any; somebody else's: admin holds orders:*" in admin
    assert "RateLimit 5/15m by ip: 5 attempts in any 15 minutes, counted by ip" in member


def test_a_policy_that_must_see_the_call_is_left_open() -> None:
    """What only the input can tell is not guessed."""
    said = explain("shop.order", "owner", app=SHOP).stdout

    assert "·  Weekday (depends on the call)" in said
    assert "Refine name rule free" in said


def test_an_unknown_action_is_answered_with_its_neighbors() -> None:
    """A slip of the finger costs one look."""
    done = explain("appointment.create", "member")

    assert done.exit_code == 1
    assert done.stderr.startswith("Error: salon has no action appointment.create: did you mean appointments.create")


def test_an_action_like_no_other_is_answered_with_the_list() -> None:
    """Where nothing is near, the way to the list is."""
    assert "`portico actions` lists them all." in explain("qqqqq", "member").stderr


def test_an_unknown_role_is_answered_with_those_there_are() -> None:
    """Roles are the application's."""
    done = explain("appointments.create", "barber")

    assert done.exit_code == 1
    assert (
        "salon has no role 'barber': there is admin, member, owner, user (in no organization) and nobody" in done.stderr
    )


def explain(action: str, role: str, settings: Mapping[str, str] | None = None, *, app: str = SALON) -> Result:
    """What the command says."""
    return CliRunner().invoke(portico, ["explain", action, app, "--as", role], env=settings)

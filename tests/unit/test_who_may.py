"""Sudo, Interactive, Operator, scopes and own roles: pure decisions over what the gate has found."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from portico import Allow, Call, Error, In, Interactive, KeyRefused, Misconfigured, Operator, Policy, Sudo
from portico.core.addresses import prefix_of
from portico.core.call import holds
from portico.core.entering import place
from portico.ports.database import Facts
from portico.testing import Harness

NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
KEY, SESSION, ALICE = UUID(int=1), UUID(int=2), UUID(int=3)


def refusal(policy: Policy, **facts: object) -> type[Error] | None:
    """What the policy answers to somebody with those facts."""
    error = policy.decide(Harness.policy_call(now=NOW, facts=Facts(user_id=ALICE, **facts)))  # type: ignore[arg-type]  # a row of any facts
    return type(error) if error else None


@pytest.mark.parametrize(("minutes", "passes"), [(0, True), (9, True), (10, True), (11, False), (None, False)])
def test_sudo_wants_a_password_of_the_last_ten_minutes(minutes: int | None, *, passes: bool) -> None:
    """A session that never saw one, or long ago, is asked for it."""
    shown = None if minutes is None else NOW - timedelta(minutes=minutes)

    error = refusal(Sudo(), session_id=SESSION, authenticated_at=shown)

    assert (error is None) == passes


@pytest.mark.parametrize("policy", [Sudo(), Interactive(), Operator()])
def test_api_keys_never_pass_what_is_for_people(policy: Policy) -> None:
    """Not even an operator's key that may do everything else."""
    assert refusal(policy, key_id=KEY, key_scopes=["*"], operator=True) is KeyRefused


def test_the_application_vouches_for_callers_in_process() -> None:
    """They have no session, and no key."""
    assert refusal(Sudo()) is None


@pytest.mark.parametrize(("operator", "passes"), [(True, True), (False, False), (None, False)])
def test_only_operators_see_every_account(*, operator: bool | None, passes: bool) -> None:
    """Being the owner of an organization is not enough."""
    assert (refusal(Operator(), operator=operator, org_role="owner") is None) == passes


@pytest.mark.parametrize(
    ("role", "own", "scopes", "passes"),
    [
        ("owner", None, None, True),
        ("owner", None, ["things:read"], True),
        ("owner", None, ["things:*"], True),
        ("owner", None, ["*"], True),
        ("owner", None, ["notes:*"], False),
        ("owner", None, [], False),
        ("member", None, ["*"], False),
        ("stylist", ["things:read"], None, True),
        ("stylist", ["notes:read"], None, False),
        ("owner", ["notes:read"], None, False),
        ("stylist", ["things:read"], ["notes:*"], False),
    ],
)
def test_a_permission_must_be_the_roles_and_within_the_keys_scopes(
    role: str, own: list[str] | None, scopes: list[str] | None, *, passes: bool
) -> None:
    """What a role of the organization's own making may do comes from the gate; a scope never adds to it."""
    error = refusal(Allow("things:read"), org_role=role, permissions=own, key_scopes=scopes)

    assert (error is None) == passes


def test_a_wildcard_covers_its_own_things_alone() -> None:
    """`things:*` is not `thing:read`, nor everything that begins alike."""
    assert holds(["things:*"], "things:read")
    assert not holds(["things:*"], "thingsandmore:read")


@pytest.mark.parametrize("written", [{}, {"org": "{slug}", "id": "{id}"}, {"id": "org-{id}"}, {"id": "{a}{b}"}])
def test_in_names_the_organization_one_way(written: dict[str, str]) -> None:
    """By slug or by id, and the id is a member alone."""
    with pytest.raises(Misconfigured, match=r"write In\("):
        In(**written)


@pytest.mark.parametrize(
    ("header", "named", "code"),
    [
        (None, str(ALICE), None),
        (ALICE, str(ALICE), None),
        (ALICE, ALICE, None),
        (KEY, str(ALICE), "FORBIDDEN"),
        (None, "junk", "NOT_FOUND"),
    ],
)
def test_the_path_and_the_header_name_the_same_organization(
    header: UUID | None, named: object, code: str | None
) -> None:
    """Another in the header is refused, and what is no id is not found."""
    call: Call = Harness.policy_call()
    call.wanted_org = header

    error = place(call, named)

    assert (error.code if error else None) == code


@pytest.mark.parametrize(
    ("ip", "prefix"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:0db8:0001:0002::/64"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("unix", None),
        (None, None),
    ],
)
def test_an_address_is_kept_by_its_network(ip: str | None, prefix: str | None) -> None:
    """A place for a list of one's devices, not where somebody lives."""
    assert prefix_of(ip) == prefix

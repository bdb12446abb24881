"""Decisions without a database: a value in, an error out."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import ClassVar
from urllib.parse import unquote
from uuid import UUID

import pytest

from portico import (
    Allow,
    Anyone,
    Audit,
    BadCredentials,
    Call,
    Created,
    Duplicate,
    Err,
    Error,
    Event,
    Forbidden,
    Idempotent,
    InProgress,
    Invalid,
    Invalidates,
    KeyMalformed,
    KeyMissing,
    KeyReused,
    Misconfigured,
    NotFound,
    Ok,
    Org,
    OrgContext,
    Owns,
    RateLimited,
    Redirect,
    Request,
    Stale,
    Unauthorized,
    Versioned,
)
from portico.core.recall import MOST, Recall
from portico.core.tags import spelled
from portico.ports.counters import Rule, Taken
from portico.ports.database import Facts
from portico.testing import Harness

ALICE, BOB = UUID(int=1), UUID(int=2)
CREDENTIAL = b"c" * 32


class Roles:
    """Who may do what in these tests."""

    HELD: ClassVar = {
        "owner": frozenset({"*"}),
        "member": frozenset({"things:read", "notes:*"}),
    }


def call(facts: Facts | None = None, ip: str | None = None, **input: object) -> Call:
    """A call with those facts."""
    made = Harness.policy_call(facts=facts, input=input)
    made.request = Request(ip=ip, id="test")
    return made


def as_role(role: str | None) -> Call:
    """A call of a member with that role."""
    made = call(Facts(user_id=ALICE, org_role=role))
    object.__setattr__(made.services, "roles", Roles.HELD)
    return made


@pytest.mark.parametrize(
    ("role", "permission", "passes"),
    [
        ("owner", "anything:at-all", True),
        ("member", "things:read", True),
        ("member", "things:write", False),
        ("member", "notes:write", True),
        ("member", "notes", True),
        ("member", "things", False),
        ("unheard-of", "things:read", False),
        (None, "things:read", False),
    ],
)
def test_a_permission_is_held_by_the_role(role: str | None, permission: str, *, passes: bool) -> None:
    """Exactly, by a wildcard over a thing, or over everything; an unknown role holds nothing."""
    refusal = Allow(permission).decide(as_role(role))

    assert (refusal is None) is passes
    assert passes or isinstance(refusal, Forbidden)


@pytest.mark.parametrize(
    ("owner", "found", "unless", "passes"),
    [
        (str(ALICE), True, "", True),
        (str(BOB), True, "", False),
        (None, True, "", False),
        (str(BOB), True, "notes:write", True),
        (str(BOB), True, "things:write", False),
        (None, False, "", True),
    ],
)
def test_a_row_is_its_owner_s(owner: str | None, *, found: bool, unless: str, passes: bool) -> None:
    """Or of whoever holds the permission `unless`; that a row is missing is told later, as NOT_FOUND."""
    made = as_role("member")
    made.pass_gate(made.facts._replace(row_owner=owner, row_found=found))

    assert (Owns("things", unless=unless).decide(made) is None) is passes


@pytest.mark.parametrize(
    ("sent", "header", "error"),
    [
        (3, None, None),
        (2, None, Stale),
        ("3", None, None),
        (None, '"3"', None),
        (None, 'W/"3"', None),
        (None, '"2"', Stale),
        (None, "3", None),
        (None, '"2", "3"', None),
        (None, '"1", "2"', Stale),
        (None, "*", None),
        ("*", None, Stale),
        (None, "", Invalid),
        (None, None, Invalid),
        (3, '"2"', None),
    ],
)
def test_a_stale_write_is_refused(sent: object, header: str | None, error: type[Error] | None) -> None:
    """By the input's version, else by If-Match; without either it says which member is missing."""
    made = call(Facts(row_version="3", row_found=True), version=sent)
    made.request = Request(headers={} if header is None else {"if-match": header})

    assert type(Versioned("things").decide(made)) is (error or type(None))


@pytest.mark.parametrize(
    ("key", "facts", "error"),
    [
        (None, Facts(), KeyMissing),
        ("", Facts(), KeyMissing),
        ("with space", Facts(), KeyMalformed),
        ("k", Facts(idem_running=True), InProgress),
        ("k", Facts(idem_fingerprint=b"other"), KeyReused),
        ("k", Facts(idem_fingerprint=b"mine"), None),
        ("k", Facts(), None),
    ],
)
def test_a_key_is_refused_where_it_must_be(key: str | None, facts: Facts, error: type[Error] | None) -> None:
    """Missing, malformed, in use, or used for something else."""
    made = call(facts)
    made.key, made.fingerprint = key, b"mine"

    assert type(Idempotent(required=True).decide(made)) is (error or type(None))


def test_a_key_may_be_left_away_where_it_is_not_required() -> None:
    """Then nothing is promised."""
    assert Idempotent().decide(call()) is None
    assert KeyMissing not in Idempotent().contract().errors
    assert KeyMissing in Idempotent(required=True).contract().errors


# -- what is recorded --------------------------------------------------------------------------------------------------
THING = SimpleNamespace(id=7, gone=None)


def test_a_created_thing_has_an_address() -> None:
    """201 and Location below the module's prefix; a refusal has neither."""
    made, refused = call(), call()
    made.prefix = "/api/v1"

    Created("/things/{result.id}").record(made, Ok(THING))
    Created("/things/{result.id}").record(refused, Err(NotFound()))
    Created("/things/{result.gone}").record(nowhere := call(), Ok(THING))

    assert (made.answer.status, made.answer.headers) == (201, [("Location", "/api/v1/things/7")])
    assert (refused.answer.status, refused.answer.headers) == (200, [])
    assert (nowhere.answer.status, nowhere.answer.headers) == (201, [])


def test_a_success_makes_tags_stale() -> None:
    """A tag whose place has nothing to say is left out; a refusal makes nothing stale."""
    made, refused = call(id=5), call(id=5)

    Invalidates("things", "thing:{id}", "owner:{result.gone}").record(made, Ok(THING))
    Invalidates("things").record(refused, Err(NotFound()))

    assert made.notes.tags == ["things", "thing:5"]
    assert spelled([*made.notes.tags, "things"]) == "things, thing:5"
    assert refused.notes.tags == []


@pytest.mark.parametrize("word", ["Zo\u00eb", "a, b", "a\r\nSet-Cookie: x", "100%"])
def test_whatever_a_caller_wrote_can_stand_in_a_header(word: str) -> None:
    """Percent-encoded: neither a failure after the work nor a header of the caller's own."""
    made = call(word=word)

    Created("/things/{word}").record(made, Ok(THING))
    Invalidates("thing:{word}").record(made, Ok(THING))

    sent = dict(made.answer.headers)
    assert unquote(sent["Location"]).partition("/things/")[2] == word
    assert unquote(spelled(made.notes.tags)) == f"thing:{word}"
    assert "," not in spelled(made.notes.tags)
    assert made.notes.tags == [f"thing:{word}"]


def test_tags_are_part_of_the_policy_s_value() -> None:
    """Two that say the same are the same."""
    assert Invalidates("a", "b") == Invalidates("a", "b") != Invalidates("a")
    with pytest.raises(Misconfigured):
        Invalidates("{not a member}")


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Forbidden(), "denied"),
        (NotFound(), "denied"),
        (Duplicate(), "failed"),
        (Error(), "failed"),
        (BadCredentials(), "failed"),
        (Invalid(), None),
        (RateLimited(), None),
        (Unauthorized(), None),
    ],
)
def test_a_refusal_is_on_record_unless_it_is_everyday(error: Error, outcome: str | None) -> None:
    """Denied or failed; mistyped forms, limits and missing sign-ins would drown the rest."""
    made = call(Facts(user_id=ALICE, org_id=BOB), "192.0.2.1", id=5)

    Audit("thing.changed", target="{id}").record(made, Err(error))

    assert [b.outcome for b in made.notes.blamed] == ([outcome] if outcome else [])
    if outcome:
        row = made.notes.blamed[0]
        assert (row.user, row.org, row.target, row.ip) == (ALICE, BOB, "5", "192.0.2.1")
        assert row.metadata == f'{{"code":"{error.code}"}}'


# -- the call itself ---------------------------------------------------------------------------------------------------
def test_a_call_s_input_is_asked_by_its_type() -> None:
    """A policy that expects something else is told so, not a caller."""
    made = call(email="a@x")

    assert made.input("email", str) == "a@x"
    with pytest.raises(TypeError, match="email is a str, not a int"):
        made.input("email", int)


def test_now_is_one_moment_all_through_a_call() -> None:
    """Two rows of one call have the same time."""
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    made = Harness.policy_call(now=noon)
    first = made.now
    made.services.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]  # the tests' clock

    assert (first, made.now) == (noon, noon)


def test_a_call_says_who_and_where_only_once_the_gate_is_passed() -> None:
    """Nobody, nowhere, until then; the time zone of an organization is UTC where it has none."""
    made = call()
    assert (made.user, made.org, made.principal.kind) == (None, None, "nobody")

    made.pass_gate(Facts(user_id=ALICE, user_email="a@x", org_id=BOB, org_name="Alpha"))

    assert made.principal.id == ALICE
    assert made.org == Org(BOB, "Alpha", plan="")
    assert Harness.policy_call(org=Org(BOB, "Beta", timezone="Europe/Vienna")).facts.org_timezone == "Europe/Vienna"


async def handled() -> str:
    """What a handler gives."""
    return "handled"


@pytest.mark.anyio
async def test_a_hook_that_is_not_overridden_does_nothing() -> None:
    """Whoever calls them by hand gets no surprise."""
    plain = Allow("a:b")

    assert await plain.check(call()) is None
    assert plain.refine(call()) is None
    assert await plain.wrap(call(), handled) == "handled"
    plain.record(made := call(), Ok(1))
    assert (made.notes.audits, Anyone("why").decide(made)) == ([], None)


@pytest.mark.parametrize("name", ["Booked", "a b", "*", "thing.", "x\ny", "ä", "a" * 201])
def test_the_name_of_an_event_can_be_asked_for(name: str) -> None:
    """By an endpoint's filter; and a line of a stream holds it."""
    with pytest.raises(Misconfigured, match=r'write it such as "thing\.happened", of lower-case letters'):

        class Odd(Event, name=name):
            """Has a name that nobody can ask for."""


def test_an_event_has_a_name() -> None:
    """Nobody could ask for one without."""
    with pytest.raises(Misconfigured, match=r'Nameless has no name; write class Nameless\(Event, name="thing'):

        class Nameless(Event):
            """Forgets its name."""


@pytest.mark.anyio
async def test_a_savepoint_needs_a_transaction() -> None:
    """A context without one says so."""
    with pytest.raises(Misconfigured, match="a savepoint needs the call's transaction, and none is open"):
        await OrgContext(call()).transaction().__aenter__()


def test_a_call_without_a_database_says_what_to_use_instead() -> None:
    """A pure hook that touches the database is no pure hook."""
    with pytest.raises(Misconfigured, match=r"test it with `portico\.context"):
        call().services.database.db  # noqa: B018  # the access is what is refused
    with pytest.raises(Misconfigured, match=r"ctx\.orm needs the call's transaction"):
        call().orm  # noqa: B018  # as above


@pytest.mark.parametrize(
    ("name", "value"), [("", "x"), ("X Y", "x"), ("Ä", "x"), ("X-A", "a\r\nSet-Cookie: b=c"), ("X-A", "ä"), ("X:", "x")]
)
def test_a_header_that_could_not_stand_is_refused(name: str, value: str) -> None:
    """No caller's text can end one header and begin another."""
    answer = call().answer
    with pytest.raises(ValueError, match="header"):
        answer.header(name, value)


@pytest.mark.parametrize("to", ["https://elsewhere.example", "//elsewhere.example", "/a\r\nX: y"])
def test_a_redirect_leaves_our_own_paths_only_where_it_says_so(to: str) -> None:
    """An open redirect lends our name to a stranger's page."""
    assert Redirect("/here").to == "/here"
    assert Redirect(to, external=True).external


# -- whoever was just told to wait -------------------------------------------------------------------------------------
def waiting(credential: bytes | None = CREDENTIAL, org: UUID | None = None, user: UUID | None = ALICE) -> Call:
    """A call under a credential, of the user whom the gate knows by it."""
    made = call(Facts(user_id=user))
    made.credential, made.wanted_org = credential, org
    made.answer.limits = Taken((Rule(1, 60.0, name="app"),), [(0, 9.0)], (0,))
    return made


def test_a_refused_caller_is_refused_again_without_the_database() -> None:
    """Until the limit frees a place; with the headers of the limit, and the time that is left."""
    told = waiting()
    recall, clock = Recall(told.services.clock), told.services.clock
    recall.remember("things.read", told, RateLimited(retry_after=10))
    clock.advance(timedelta(seconds=4))  # type: ignore[attr-defined]  # the tests' clock

    again = waiting()
    with pytest.raises(RateLimited) as refused:
        recall.check("things.read", again)

    assert refused.value.retry_after == pytest.approx(6)
    assert again.answer.limits == told.answer.limits
    clock.advance(timedelta(seconds=7))  # type: ignore[attr-defined]  # the tests' clock
    recall.check("things.read", waiting())
    recall.check("things.read", waiting())


def test_a_refusal_is_remembered_for_its_caller_action_and_organization_alone() -> None:
    """Another caller, action or organization has limits of its own."""
    told = waiting(org=ALICE)
    recall = Recall(told.services.clock)
    recall.remember("things.read", told, RateLimited(retry_after=10))

    recall.check("things.write", waiting(org=ALICE))
    recall.check("things.read", waiting(org=BOB))
    recall.check("things.read", waiting(b"d" * 32, org=ALICE))
    recall.check("things.read", waiting(None, org=ALICE))
    with pytest.raises(RateLimited):
        recall.check("things.read", waiting(org=ALICE))


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        (waiting(None), RateLimited(retry_after=9)),
        (waiting(user=None), RateLimited(retry_after=9)),
        (waiting(), RateLimited(retry_after=9, by_input=True)),
        (waiting(), RateLimited()),
    ],
)
def test_a_refusal_that_another_call_might_pass_is_not_remembered(told: Call, refusal: RateLimited) -> None:
    """Nor one of nobody, whose address counts, nor one without an end."""
    recall = Recall(told.services.clock)

    recall.remember("things.read", told, refusal)

    recall.check("things.read", waiting())


def test_so_many_refusals_are_remembered_and_no_more() -> None:
    """A flood of credentials forgets the oldest, and grows no memory."""
    recall = Recall(waiting().services.clock)
    for n in range(MOST + 1):
        recall.remember("a", waiting(n.to_bytes(32, "big")), RateLimited(retry_after=9))

    recall.check("a", waiting((0).to_bytes(32, "big")))
    with pytest.raises(RateLimited):
        recall.check("a", waiting((1).to_bytes(32, "big")))


def test_an_audit_without_an_event_is_refused() -> None:
    """Nobody could look for what has no name."""
    for nothing in ("", " "):
        with pytest.raises(Misconfigured, match=r'write what has happened, such as "appointment\.cancelled"'):
            Audit(nothing)

"""Calls in-process: every policy runs, and a refusal is a value."""

from uuid import UUID, uuid4

import pytest

from portico import (
    App,
    Err,
    Error,
    Forbidden,
    Invalid,
    KeyMissing,
    Keyset,
    Misconfigured,
    NotFound,
    Ok,
    RateLimited,
    Stale,
    Unauthorized,
    User,
)
from portico.app.caller import proof_of
from portico.testing import Harness
from tests.integration.office.papers import Filed, Filter, NewPaper, Paper, TitleTaken, create, find, get, rename
from tests.integration.office.people import Office
from tests.integration.office.samples import anybody, counted, echo, limited, raises, signed_in, wrong

pytestmark = pytest.mark.anyio
GATE = """
    select coalesce((portico.gate_v5(
        :credential, :org, null, null, null, null, null, null, null, null, null, null, null, null, null
    )::text::portico.facts_v1).user_id::text, 'nobody')
"""


async def test_a_call_gives_typed_data(portico: Harness, alpha: Office) -> None:
    """The model itself, committed, audited and announced."""
    caller = portico.app.as_(alpha.member, org=alpha.org.id)

    filed = (await caller.call(create, data=NewPaper(title="One"))).unwrap()
    read = await caller.call(get, id=filed.id)

    assert read == Ok(filed)
    assert isinstance(filed, Paper)
    assert filed.created_by == alpha.member.id
    assert [event.event_name for event in await portico.emitted()] == ["paper.filed"]
    assert await alpha.audit() == [("paper.filed", "done", str(filed.id))]
    assert isinstance((await portico.emitted())[0], Filed)


async def test_a_refusal_is_a_value(portico: Harness, alpha: Office, beta: Office) -> None:
    """The error itself, with its type; `unwrap` raises it."""
    app = portico.app
    paper = await alpha.file(alpha.member, "One")
    member = app.as_(alpha.member, org=alpha.org.id)

    refusals = [
        await app.as_(None).call(signed_in),
        await app.as_(alpha.guest, org=alpha.org.id).call(create, data=NewPaper(title="x")),
        await app.as_(alpha.member, org=beta.org.id).call(create, data=NewPaper(title="x")),
        await app.as_(User(uuid4()), org=alpha.org.id).call(create, data=NewPaper(title="x")),
        await member.call(get, id=uuid4()),
        await member.call(rename, id=UUID(paper), title="Two", version=9),
        await member.call(create, data=NewPaper(title="One")),
        await member.call(counted, id=uuid4()),
        await member.call(rename, id="x", title="Two"),  # type: ignore[arg-type]  # the mistake under test
        await member.send(create, {"pages": "many"}),
    ]

    kinds = [
        Unauthorized,
        Forbidden,
        Forbidden,
        Unauthorized,
        NotFound,
        Stale,
        TitleTaken,
        KeyMissing,
        Invalid,
        Invalid,
    ]
    assert [type(refusal.error) for refusal in refusals] == kinds
    with pytest.raises(TitleTaken):
        refusals[6].unwrap()


async def test_raw_input_is_validated_as_a_wire_s(portico: Harness, alpha: Office) -> None:
    """Flat, from strings; all findings at once."""
    caller = portico.app.as_(alpha.member, org=alpha.org.id)

    sent = await caller.send(create, {"title": "One", "pages": "3"})
    wrong_input = await caller.send(create, {"pages": "many"})

    assert sent.unwrap().pages == 3
    assert isinstance(wrong_input.error, Invalid)
    assert set(wrong_input.error.errors or {}) == {"title", "pages"}


async def test_a_name_that_the_action_does_not_take_is_refused(portico: Harness, alpha: Office) -> None:
    """Or a member that was renamed would be lost without a word; what is shown of it names the member and why."""
    caller = portico.app.as_(alpha.member, org=alpha.org.id)

    refused = await caller.call(get, id=uuid4(), edition=3)  # type: ignore[call-arg]  # that is the test

    assert "{'edition': [FieldError('VAL_UNKNOWN_FIELD')]}" in repr(refused)


async def test_a_key_replays_the_value(portico: Harness, alpha: Office) -> None:
    """The same model, made once."""
    caller = portico.app.as_(alpha.member, org=alpha.org.id, key="k1")

    first, again = [await caller.call(create, data=NewPaper(title="One")) for _ in range(2)]
    other = await caller.call(create, data=NewPaper(title="Two"))

    assert first == again
    assert other.error is not None
    assert other.error.code == "IDEMPOTENCY_KEY_REUSED"
    assert await alpha.titles() == ["One"]


async def test_what_a_wire_would_bring_is_given_beside(portico: Harness, alpha: Office) -> None:
    """Headers, such as If-Match."""
    paper = UUID(await alpha.file(alpha.member, "One"))
    caller = portico.app.as_(alpha.member, org=alpha.org.id, extra={"if-match": '"1"'})

    assert (await caller.call(rename, id=paper, title="Two")).unwrap().version == 2
    assert isinstance((await caller.call(rename, id=paper, title="Three")).error, Stale)
    assert (await portico.app.as_(None).call(echo, words=["a"])).unwrap()[0] == "a"


async def test_limits_count_in_process_too(portico: Harness, alpha: Office) -> None:
    """With the wire's, for they are the same."""
    caller = portico.app.as_(alpha.member, org=alpha.org.id)
    await alpha.wire(alpha.member).post("/api/v1/limited")

    results = [await caller.call(limited) for _ in range(3)]

    assert [type(r.error) for r in results] == [type(None), type(None), RateLimited]


async def test_an_undeclared_error_is_masked_in_process_too(portico: Harness, alpha: Office) -> None:
    """A caller need not know what a handler forgot to say."""
    caller = portico.app.as_(alpha.member, org=alpha.org.id)

    for kind in ("undeclared", "broken"):
        result = await caller.call(raises, kind)
        assert type(result.error) is Error


async def test_a_list_comes_as_a_slice(portico: Harness, alpha: Office) -> None:
    """With its cursor."""
    for title in ("One", "Two", "Three"):
        await alpha.file(alpha.member, title)

    page = (await portico.app.as_(alpha.member, org=alpha.org.id).call(find, Filter(), Keyset(limit=2))).unwrap()

    assert [paper.title for paper in page.data] == ["One", "Three"]
    assert page.after


async def test_what_is_not_the_declared_type_is_not_checked_where_nothing_is_encoded(portico: Harness) -> None:
    """In-process the value is the handler's own; over the wire it is a failure."""
    result = await portico.app.as_(None).call(wrong)
    over_the_wire = [await portico.client().get(f"/api/v1/wrong?none={none}") for none in ("true", "false")]

    assert isinstance(result, Ok)
    assert [(r.status, r.json["code"]) for r in over_the_wire] == [(500, "INTERNAL_ERROR")] * 2
    assert "half" not in over_the_wire[1].text


async def test_nobody_is_somebody_by_saying_so(portico: Harness, alpha: Office) -> None:
    """A user's id is vouched for by the process's own key: a token made of an id is none."""
    forged = proof_of(alpha.owner.id, b"x" * 32)

    known = await portico.app.running.database.db.one(GATE, str, credential=forged, org=alpha.org.id)

    assert known == "nobody"
    assert (await portico.app.as_(alpha.owner, org=alpha.org.id).call(anybody)).unwrap().user == alpha.owner.email


async def test_an_application_that_is_not_running_says_so(portico_app: App) -> None:
    """Whoever mounts it enters its lifespan first."""
    assert portico_app._running is None
    with pytest.raises(Misconfigured, match=r"office is not running: the host enters `async with app\.lifespan\(\):`"):
        await portico_app.as_(None).call(anybody)


def test_results_are_values() -> None:
    """Equal by what they hold."""
    error = NotFound()

    assert Ok(1) == Ok(1) != Ok(2)
    assert Err(error) == Err(error)
    assert (Ok(1).error, Err(error).data) == (None, None)

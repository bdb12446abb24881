"""Actions that call actions: one caller, one transaction, one record."""

from datetime import timedelta

import pytest

from portico import Forbidden, Misconfigured, OrgContext
from portico.testing import Harness, Reply
from tests.integration.office.nested import nested
from tests.integration.office.papers import Filed, NewPaper, create
from tests.integration.office.people import Office, code

pytestmark = pytest.mark.anyio


async def post(office: Office, path: str, **json: object) -> Reply:
    """Post as a member."""
    return await office.wire(office.member).post(f"/api/v1{path}", json)


async def test_two_actions_share_a_transaction(portico: Harness, alpha: Office) -> None:
    """Rows, events and audit rows of both are committed together, in the order of the calls."""
    reply = await post(alpha, "/pairs", first="One", second="Two")

    assert [paper["title"] for paper in reply.json["data"]] == ["One", "Two"]
    assert [event for event, _, _ in await alpha.audit()] == ["paper.filed", "paper.filed", "pair.filed"]
    assert [e.paper.title for e in await portico.emitted() if isinstance(e, Filed)] == ["One", "Two"]
    assert len({row[0] for row in await portico.rows("select xmin::text from papers")}) == 1


async def test_what_the_inner_action_refuses_rolls_both_back(portico: Harness, alpha: Office) -> None:
    """With its own error, declared where it was raised."""
    await alpha.file(alpha.member, "Taken")

    reply = await post(alpha, "/pairs", first="New", second="Taken")

    assert reply.status == 409
    assert await alpha.titles() == ["Taken"]
    assert len(await portico.emitted()) == 1


async def test_a_savepoint_undoes_a_part_alone(alpha: Office) -> None:
    """The transaction goes on after what failed inside `ctx.transaction()`."""
    await alpha.file(alpha.member, "Taken")

    refused = await post(alpha, "/attempts", first="New", second="Taken")
    done = await post(alpha, "/attempts", first="Newer", second="Newest")

    assert (refused.status, done.json) == (200, {"data": "both"})
    assert await alpha.titles() == ["New", "Newer", "Newest", "Taken"]


async def test_what_a_savepoint_undid_is_not_announced(portico: Harness, alpha: Office) -> None:
    """The event and the audit row of a part that failed go with it."""
    await alpha.file(alpha.member, "Taken")

    await post(alpha, "/attempts", first="New", second="Taken")

    titles = [e.paper.title for e in await portico.emitted() if isinstance(e, Filed)]
    assert titles == ["Taken", "New"]


async def test_going_on_after_a_failed_statement_is_a_failure(alpha: Office, caplog: pytest.LogCaptureFixture) -> None:
    """PostgreSQL answers COMMIT with ROLLBACK: no success is told of what was not done."""
    reply = await post(alpha, "/swallowed")

    assert code(reply) == (500, "INTERNAL_ERROR")
    assert await alpha.titles() == []
    assert "wrap it in ctx.transaction()" in caplog.text


async def test_the_inner_action_s_authorization_decides(alpha: Office) -> None:
    """The outer one opens no door for it."""
    paper = await alpha.file(alpha.member, "Mine")

    path = f"/api/v1/renames/{paper}"
    body = {"title": "Theirs", "version": 1}
    refused = await alpha.wire(alpha.other).post(path, body)
    stale = await alpha.wire(alpha.member).post(path, {**body, "version": 7})
    done = await alpha.wire(alpha.member).post(path, body)

    assert code(refused) == (403, "FORBIDDEN")
    assert code(stale) == (409, "BIZ_STALE_VERSION")
    assert done.json["data"]["title"] == "Theirs"


async def test_a_row_that_is_not_there_is_not_found_inside_either(alpha: Office, beta: Office) -> None:
    """Another organization's is not there."""
    paper = await beta.file(beta.member, "Theirs")

    reply = await post(alpha, f"/renames/{paper}", title="Mine", version=1)

    assert code(reply) == (404, "NOT_FOUND")


async def test_inner_limits_are_not_charged(alpha: Office) -> None:
    """Five calls inside of an action that allows three a minute; called from outside it counts."""
    assert (await post(alpha, "/limited-inside")).status == 200

    statuses = [(await post(alpha, "/limited")).status for _ in range(4)]

    assert statuses == [200, 200, 200, 429]


async def test_invalid_input_inside_is_told_by_its_member(alpha: Office) -> None:
    """The caller of the outer action learns what was wrong."""
    reply = await post(alpha, "/invalid-inside")

    assert code(reply) == (422, "VALIDATION_ERROR")
    assert set(reply.json["errors"]) == {"id"}


async def test_a_query_may_call_a_query(alpha: Office) -> None:
    """And its authorization, too, decides."""
    paper = await alpha.file(alpha.member, "One")

    read = await alpha.wire(alpha.member).get(f"/api/v1/reading?id={paper}")
    refused = await alpha.wire(alpha.guest).get(f"/api/v1/reading?id={paper}")

    assert read.json["data"]["title"] == "One"
    assert code(refused) == (403, "FORBIDDEN")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/writing", "nested.writing is a query and calls the mutation papers.create; a query may not write"),
        ("/writing-itself", "if this is a query, declare a mutation"),
    ],
)
async def test_a_query_may_not_write(alpha: Office, caplog: pytest.LogCaptureFixture, path: str, *, said: str) -> None:
    """Neither by another action nor by a statement: a programmer's mistake, named in the log."""
    reply = await alpha.wire(alpha.member).get(f"/api/v1{path}")

    assert code(reply) == (500, "INTERNAL_ERROR")
    assert said in caplog.text
    assert await alpha.titles() == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/direct", "papers.create called directly skips its policies; write await ctx.call(create"),
        ("/checked-inside", "whose checks want no transaction open; call it from outside"),
        ("/orm-commit", "ctx.orm cannot commit"),
    ],
)
async def test_a_handler_s_mistake_is_a_failure_that_says_how_to_mend_it(
    alpha: Office, caplog: pytest.LogCaptureFixture, path: str, *, said: str
) -> None:
    """In the log; the caller is told one sentence."""
    reply = await alpha.wire(alpha.editor).post(f"/api/v1{path}", {})

    assert code(reply) == (500, "INTERNAL_ERROR")
    assert said in caplog.text
    assert said not in reply.text


# -- bare functions ----------------------------------------------------------------------------------------------------
async def test_an_action_is_a_function_to_its_unit_tests(portico: Harness, alpha: Office) -> None:
    """On a real transaction, with no policy, rolled back at the end."""
    async with portico.context(OrgContext, user=alpha.guest, org=alpha.org.id) as ctx:
        paper = await create(ctx, data=NewPaper(title="One"))
        inside = await ctx.db.one("select count(*) from papers", int)

    assert (paper.title, paper.created_by, inside) == ("One", alpha.guest.id, 1)
    assert await alpha.titles() == []


async def test_a_context_knows_its_call(portico: Harness, alpha: Office) -> None:
    """Who, where, when, and the small things that a handler needs."""
    async with portico.context(OrgContext, user=alpha.member, org=alpha.org.id) as ctx:
        assert (ctx.user.email, ctx.org.slug, ctx.org.timezone) == ("member@alpha.test", "alpha", "Europe/Vienna")
        assert (ctx.principal.kind, ctx.session_id, ctx.credential) == ("user", None, None)
        assert ctx.now == portico.clock.now()
        assert ctx.session_age == timedelta(days=14)
        assert ctx.new_id().version == 7
        assert ctx.new_token() != ctx.new_token()
        assert ctx.request.headers == {}
        assert ctx.may("papers:write")
        assert not ctx.may("papers:edit")


async def test_a_context_outside_of_a_call_runs_no_other_action(portico: Harness, alpha: Office) -> None:
    """It has no pipeline: a unit test calls the function."""
    async with portico.context(OrgContext, user=alpha.member, org=alpha.org.id) as ctx:
        with pytest.raises(Misconfigured, match=r"papers\.create cannot be called from a context"):
            await ctx.call(create, data=NewPaper(title="One"))


async def test_an_action_of_no_application_is_not_called(portico: Harness, alpha: Office) -> None:
    """The message says which module is missing."""

    @nested.mutation("POST /later")
    async def later(_ctx: OrgContext) -> None: ...

    nested.actions.remove(later)
    with pytest.raises(Misconfigured, match=r"nested\.later is not in this application; add its module"):
        await portico.app.as_(alpha.member, org=alpha.org.id).call(later)
    result = await portico.app.as_(alpha.guest, org=alpha.org.id).call(create, data=NewPaper(title="x"))
    assert isinstance(result.error, Forbidden)

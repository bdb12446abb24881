"""What an application needs to be tested, tested."""

from datetime import timedelta

import pytest

from portico import Misconfigured, OrgContext, PublicContext, UserContext
from portico.testing import Harness
from tests.integration.office.papers import Filed
from tests.integration.office.people import Office

pytestmark = pytest.mark.anyio
pytest_plugins = ("pytester",)


async def test_every_test_begins_on_an_empty_database(portico: Harness) -> None:
    """Nothing of another test is left; the schema is."""
    tables = ("portico.users", "portico.audit", "papers")

    assert [(await portico.rows(f"select count(*) from {table}"))[0][0] for table in tables] == [0, 0, 0]
    assert (await portico.rows("select count(*) from portico.proof_key"))[0][0] == 1


async def test_a_member_may_belong_to_several_organizations(portico: Harness) -> None:
    """By one address; each has a session of its own."""
    first, second = await portico.organization("First One"), await portico.organization("Second", plan="pro")

    alice = await portico.member("alice@x.test", org=first.id, role="owner")
    again = await portico.member("alice@x.test", org=second.id)

    assert (first.slug, second.plan, alice) == ("first-one", "pro", again)
    assert len({row[0] for row in await portico.rows("select role from portico.members")}) == 2
    assert len(await portico.rows("select 1 from portico.sessions")) == 2


async def test_organizations_may_have_one_name(portico: Harness) -> None:
    """A story that is told twice founds two."""
    halls = [await portico.organization("Town Hall") for _ in range(3)]

    assert [hall.slug for hall in halls] == ["town-hall", "town-hall-2", "town-hall-3"]
    assert {hall.name for hall in halls} == {"Town Hall"}


async def test_a_member_made_again_has_the_role_said_last(portico: Harness) -> None:
    """A story may promote somebody; the session of before stays."""
    hall = await portico.organization("Hall")

    before = await portico.member("alice@x.test", org=hall.id)
    after = await portico.member("alice@x.test", org=hall.id, role="owner")

    assert before == after
    assert [row[0] for row in await portico.rows("select role from portico.members")] == ["owner"]
    assert len(await portico.rows("select 1 from portico.sessions")) == 2


async def test_a_request_is_a_line(portico: Harness, alpha: Office) -> None:
    """Status and JSON, as somebody."""
    assert await portico.request("GET", "/api/v1/untouched") == (200, {"data": "quiet"})
    assert (await portico.request("GET", "/api/v1/signed-in", as_=alpha.member))[1]["data"]["org"] == "alpha"
    status, body = await portico.request("POST", "/api/v1/papers", as_=alpha.member, json={}, headers={"X-Y": "z"})
    assert (status, set(body["errors"])) == (422, {"title"})


async def test_a_client_keeps_its_cookies(portico: Harness) -> None:
    """And drops the ones that are cleared."""
    client = portico.client()

    first = await client.get("/api/v1/echo")

    assert (first.cookies, client.cookies) == ({"seen": "yes"}, {"seen": "yes"})


async def test_emitted_events_come_as_they_were(portico: Harness, alpha: Office) -> None:
    """Their own classes, oldest first."""
    for title in ("One", "Two"):
        await alpha.file(alpha.member, title)

    events = await portico.emitted()

    assert [(type(e), e.paper.title) for e in events if isinstance(e, Filed)] == [(Filed, "One"), (Filed, "Two")]


async def test_the_clock_stands_until_it_is_moved(portico: Harness, alpha: Office) -> None:
    """A handler reads the same time."""
    portico.clock.advance(timedelta(days=400))

    async with portico.context(UserContext, user=alpha.member) as ctx:
        assert ctx.now == portico.clock.now()


async def test_a_context_is_what_it_promises(portico: Harness, alpha: Office) -> None:
    """Nobody, a user, a member; another's organization is none."""
    async with portico.context(PublicContext) as nobody:
        assert (nobody.user, nobody.org) == (None, None)
    async with portico.context(OrgContext, user=alpha.member, org=alpha.org.id) as member:
        assert (member.user.id, member.org.id) == (alpha.member.id, alpha.org.id)
        assert member.found == {}


def test_the_fixture_needs_an_application(pytester: pytest.Pytester) -> None:
    """Without one it says what to write."""
    pytester.makepyfile("def test_it(portico_app): pass")

    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")

    result.stdout.fnmatch_lines(['*set portico_app = "package.module:app"*'])


def test_a_pure_hook_has_a_call_without_an_application() -> None:
    """With the facts that it is given; what it lacks it says."""
    call = Harness.policy_call(input={"email": "a@x"})

    assert call.input("email", str) == "a@x"
    with pytest.raises(Misconfigured, match="has no database"):
        _ = call.services.database.ping


def test_asynchronous_tests_run_on_asyncio_in_one_loop(pytester: pytest.Pytester) -> None:
    """Without a line in the project's conftest; the whole session shares what is opened once."""
    pytester.makepyfile(
        """
        import pytest

        pytestmark = pytest.mark.anyio

        @pytest.fixture(scope="session")
        async def opened(): return 1

        async def test_it(opened, anyio_backend_name): assert (opened, anyio_backend_name) == (1, "asyncio")
        """
    )

    named = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-W", "error", "-o", "portico_app=shop:app")
    other = pytester.runpytest_inprocess("-p", "no:cacheprovider")

    named.assert_outcomes(passed=1)
    assert "passed" not in other.parseoutcomes()


def test_the_application_under_test_may_be_a_setting(pytester: pytest.Pytester) -> None:
    """Named as module and attribute; what is no App is refused."""
    pytester.makepyfile(
        shop="""
        from portico import App, Module, Public, PublicContext
        module = Module("shop")
        @module.query("GET /hello", Public("a test"))
        async def hello(ctx: PublicContext) -> str: return "hello"
        app, other = App("shop", modules=[module]), 1
        """,
        test_it="def test_it(portico_app): assert portico_app.name == 'shop'",
    )
    pytester.syspathinsert()

    found = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-o", "portico_app=shop:app")
    wrong = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-o", "portico_app=shop:other")

    found.assert_outcomes(passed=1)
    wrong.stdout.fnmatch_lines(["*'shop:other' is no App*"])

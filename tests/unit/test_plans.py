"""An action's policies from three layers, merged once; and what is undecided refuses the start."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import FunctionType
from typing import Any, cast
from uuid import UUID

import pytest
from pydantic import BaseModel
from sqlalchemy import Column, MetaData, Table, Text, Uuid

from portico import (
    Action,
    Allow,
    Allowance,
    Anyone,
    App,
    Audit,
    Call,
    Conflict,
    Created,
    Error,
    External,
    Html,
    Idempotent,
    In,
    Invalidates,
    Misconfigured,
    Module,
    OrgContext,
    Owns,
    Policy,
    Public,
    PublicContext,
    Quota,
    Quotas,
    Raises,
    RateLimit,
    Redirect,
    Refine,
    Stage,
    TenantContext,
    Timeout,
    UserContext,
    Versioned,
)
from portico.core.action import AnyAction
from portico.core.plan import Plan
from portico.tables import open_table, tenant_table, user_table

Handler = Callable[..., object]


class Seen(Policy):
    """Replaces the outer layer's."""

    by: str = "app"


class Steep(Error, code="TEST_STEEP", status=402):
    """Too steep."""

    price: int


async def read(_ctx: OrgContext, *, id: UUID, note: str = "") -> str:
    """Read it."""
    return f"{id} {note}"


async def visit(_ctx: PublicContext) -> str:
    """Come in."""
    return ""


async def browse(_ctx: TenantContext, slug: str) -> str:
    """Look around."""
    return slug


async def mine(_ctx: UserContext) -> str:
    """See one's own."""
    return ""


async def rule(_ctx: OrgContext, _value: str) -> None:
    """Lets everything pass."""


def plan_of(handler: Handler, *policies: Policy, defaults: tuple[Policy, ...] = (), route: str = "") -> Plan:
    """The plan of one action in an application."""
    return next(iter(app_of(handler, *policies, defaults=defaults, route=route).plans.values()))


def app_of(handler: Handler, *policies: Policy, defaults: tuple[Policy, ...] = (), route: str = "") -> App:
    """An application of one action."""
    module = Module("things", Seen("module"), RateLimit("50/m"))
    route = route or ("GET /things/{id}" if handler is read else "GET /things")
    kind = module.query if route.startswith("GET") else module.mutation
    kind(route, *policies)(handler)  # type: ignore[arg-type]  # any handler of the tests
    return App("test", modules=[module], defaults=defaults)


def refusal(handler: Handler, *policies: Policy, route: str = "") -> str:
    """Why an application with that action does not start."""
    with pytest.raises(Misconfigured) as refused:
        app_of(handler, *policies, route=route)
    return str(refused.value)


def test_an_inner_policy_of_a_class_replaces_the_outer_s() -> None:
    """App < Module < action."""
    inner = plan_of(read, Allow("things:read"), Seen("action"), defaults=(Seen("app"), Anyone("all")))
    outer = plan_of(read, Allow("things:read"), defaults=(Seen("app"),))

    assert [p for p in inner.policies if isinstance(p, Seen)] == [Seen("action")]
    assert [p for p in outer.policies if isinstance(p, Seen)] == [Seen("module")]
    assert any(isinstance(p, Anyone) for p in inner.policies)


def test_limits_of_all_layers_stand_and_count_for_themselves() -> None:
    """The application's over all actions, a module's over its own, an action's alone."""
    plan = plan_of(read, Allow("things:read"), RateLimit("5/m"), defaults=(RateLimit("200/m"),))

    limits = {(p.rate, p.scope) for p in plan.policies if isinstance(p, RateLimit)}

    assert limits == {("200/m", "app"), ("50/m", "things"), ("5/m", "things.read")}


def test_an_application_without_a_limit_is_given_one() -> None:
    """A hundred a minute, by the preset that an operator may change."""
    given, own = plan_of(read, Allow("x:y")), plan_of(read, Allow("x:y"), defaults=(RateLimit("1/d"),))

    assert {p.rate for p in given.policies if isinstance(p, RateLimit)} == {"api", "50/m"}
    assert {p.rate for p in own.policies if isinstance(p, RateLimit)} == {"1/d", "50/m"}


def test_the_order_is_the_framework_s() -> None:
    """However an author writes them, limits by address come first, and a stale version is told last."""
    plan = plan_of(
        read, Versioned("things"), Idempotent(), RateLimit("5/m"), Owns("things"), RateLimit("9/m", by="ip"),
        route="POST /things/{id}",
    )  # fmt: skip

    deciding = [*plan.caller_limits, *plan.access, *plan.limits, *plan.input, *plan.replay, *plan.state]

    assert [p.stage for p in deciding] == sorted(p.stage for p in deciding)
    assert [type(p) for p in plan.caller_limits] == [RateLimit]
    assert [type(p) for p in plan.state] == [Versioned]


def test_an_action_pays_only_for_the_hooks_it_declares() -> None:
    """A policy without a hook of its own is not called there."""
    plan = plan_of(read, Allow("x:y"), Audit("thing.read"))

    assert plan.access == (Allow("x:y"),)
    assert (plan.checks, plan.refinements, plan.wraps, plan.replay, plan.state) == ((), (), (), (), ())
    assert Audit("thing.read") in plan.records
    assert Allow("x:y") not in plan.records


def test_what_the_gate_is_asked_is_merged_once() -> None:
    """Owner and version of one row are one question."""
    plan = plan_of(read, Owns("things", by="made_by"), Versioned("things"), Idempotent(), route="POST /things/{id}")

    assert (plan.ask.table, plan.ask.owner, plan.ask.version, plan.ask.key) == ("things", "made_by", "version", True)
    assert plan.row is not None
    assert plan.row.text == "{id}"


def test_the_errors_of_an_action_are_those_of_its_policies() -> None:
    """What callers may meet is known before the first call."""
    plan = plan_of(read, Allow("x:y"), Raises(Steep), Idempotent(required=True), route="POST /things/{id}")

    codes = {error.code for error in plan.errors}

    assert {"FORBIDDEN", "TEST_STEEP", "IDEMPOTENCY_KEY_MISSING", "RATE_LIMIT_EXCEEDED"} <= codes


def test_a_query_s_transaction_is_read_only() -> None:
    """By its kind, not by its method's name."""
    assert plan_of(read, Allow("x:y")).read_only
    assert not plan_of(read, Allow("x:y"), route="DELETE /things/{id}").read_only


# -- what is undecided refuses the start -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("handler", "policies", "route", "mend"),
    [
        (read, (), "", 'makes no authorization decision; write Allow("things:do"), Owns("things"), or Anyone("why'),
        (read, (), "POST /things/{id}", "makes no authorization decision"),
        (visit, (), "", 'its context PublicContext lets anybody in; write Public("why anybody may"), or'),
        (mine, (Public("x"),), "", "it is public, but UserContext promises a user; write ctx: PublicContext"),
        (browse, (Public("x"),), "GET /{slug}", 'which organization it is in; write In("{slug}")'),
        (visit, (Public("x"),), "POST /things", 'needs a limit of its own; write RateLimit("5/m", by="ip")'),
        (visit, (Public("x"), Allow("x:y")), "", "holds a permission who is not signed in; leave Public or"),
        (visit, (Public(" "),), "", "Public needs its reason; write Public('why')"),
        (read, (Anyone(""),), "", "Anyone needs its reason; write Anyone('why')"),
        (read, (Allow("x:y"), External("bank"), Quota("things")), "POST /things/{id}", "Quota on an action of its own"),
        (read, (Allow("x:y"), External("bank"), Timeout(5)), "", 'External("bank", timeout=…), and leave Timeout'),
        (read, (Owns("things"), Versioned("others")), "POST /things/{id}", "ask about two rows, of things and others"),
        (mine, (Versioned("things"),), "POST /things", "Versioned('{id}') names {id}, which is no member of its input"),
        (read, (Owns("things", id="{thing}"),), "", "names {thing}, which is no member of its input; it has id, note"),
        (read, (Allow("x:y"), RateLimit("1/m", by="ip+{mail}")), "", "names {mail}, which is no member"),
        (read, (Allow("x:y"), Invalidates("things", "thing:{it}")), "", "names {it}, which is no member"),
        (read, (Allow("x:y"), Refine("headline", rule)), "", "Refine is about headline, which is no member"),
    ],
)  # fmt: skip
def test_a_missing_decision_refuses_the_start(
    handler: FunctionType, policies: tuple[Policy, ...], route: str, *, mend: str
) -> None:
    """The refusal names the action, its file and line, and what to write."""
    said = refusal(handler, *policies, route=route)

    assert said.startswith("The application does not start.\n- things.")
    assert f"tests/unit/test_plans.py:{handler.__code__.co_firstlineno})" in said
    assert mend in said


def test_a_timeout_for_all_says_nothing_of_what_calls_another_service() -> None:
    """That has the time of External: an application may declare both."""
    module = Module("things", Timeout(5))
    module.query("GET /a", Allow("x:y"), External("bank"))(mine)

    app = App("test", modules=[module], defaults=[Timeout(5)])

    assert "things.mine" in app.plans


def test_everything_undecided_is_told_at_once() -> None:
    """Not one mistake a start."""
    module = Module("things")
    module.query("GET /a")(read)
    module.query("GET /b")(visit)

    with pytest.raises(Misconfigured) as refused:
        App("test", modules=[module, Module("empty")])

    assert str(refused.value).count("\n- ") >= 3
    assert "The module empty has no action: import the file that declares them" in str(refused.value)


def test_one_path_has_one_action() -> None:
    """`/things/{id}` and `/things/{name}` are the same path."""
    module = Module("things")
    module.query("GET /things/{id}", Allow("x:y"))(read)

    @module.query("GET /things/{name}", Allow("x:y"))
    async def by_name(_ctx: OrgContext, name: str) -> str:
        return name

    with pytest.raises(Misconfigured, match=r"GET /api/v1/things/\{name\} is things.read's already; choose another"):
        App("test", modules=[module])


def test_one_name_is_one_action() -> None:
    """The registry has one entry a name."""
    module = Module("things")
    for path in ("/a", "/b"):
        module.query(f"GET {path}", Public("a test"))(visit)

    with pytest.raises(Misconfigured, match=r"things\.visit .* is declared twice; rename one"):
        App("test", modules=[module])


@pytest.mark.parametrize("route", ["/things", "POST /things", "GET things", "get /things", "GET", ""])
def test_a_route_that_is_none_is_refused_where_it_is_written(route: str) -> None:
    """With an example of the right kind."""
    with pytest.raises(Misconfigured, match=r'things\.visit .*: write the route of a query as "GET /things"'):
        Module("things").query(route)(visit)


@pytest.mark.parametrize(
    "path", ["/a b", "/a?x=1", "/a#b", "/a/{id", "/a/id}", "/a/{id:int}", "/a/{}", "/{id}/{id}", "//a", "/a//b"]
)
def test_a_path_that_nobody_could_ask_for_is_refused(path: str) -> None:
    """A place is a name in braces, each another; the rest is what stands in an address."""
    with pytest.raises(Misconfigured, match=r'write the route of a query as "GET /things"'):
        Module("things").query(f"GET {path}")(visit)
    with pytest.raises(Misconfigured, match="a form is posted to a path such as /things"):
        Module("things").form(path, cast("AnyAction", None), page=cast("Action[Any, ..., Html]", None))


@pytest.mark.parametrize("prefix", ["api", "/api/", "/api/{version}", "/a b", "/"])
def test_a_prefix_that_leads_nowhere_is_refused(prefix: str) -> None:
    """Paths begin behind it."""
    with pytest.raises(Misconfigured, match=r'write its prefix as "/api/v1"'):
        Module("things", prefix=prefix)


def test_a_handler_that_is_not_async_is_refused() -> None:
    """It would block everybody."""

    def slow(_ctx: PublicContext) -> str:
        return ""

    with pytest.raises(Misconfigured, match=r"an action is an async function; write async def slow"):
        Module("things").query("GET /things")(slow)  # type: ignore[arg-type]  # the mistake under test


def test_a_query_that_yields_is_told_what_it_is() -> None:
    """It is a stream, which answers more than once."""

    async def days(_ctx: PublicContext) -> AsyncIterator[str]:
        yield ""

    with pytest.raises(Misconfigured, match=r"it yields, and a query answers once; declare it with @module.sub"):
        Module("things").query("GET /things")(days)  # type: ignore[arg-type]  # the mistake under test


@pytest.mark.parametrize("stray", ["Allow", Allow, None])
def test_what_is_no_policy_is_refused(stray: object) -> None:
    """A class or a word stands where a value should."""
    with pytest.raises(Misconfigured, match=r"is no policy; a policy is a value such as Allow"):
        Module("things").query("GET /things", stray)(visit)  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(Misconfigured, match=r"Module\('things'\): .* is no policy"):
        Module("things", stray)  # type: ignore[arg-type]  # as above
    with pytest.raises(Misconfigured, match=r"App\('test', defaults=…\): .* is no policy"):
        App("test", modules=[], defaults=[stray])  # type: ignore[list-item]  # as above


@pytest.mark.parametrize("permission", ["", " "])
def test_a_permission_that_says_nothing_is_refused(permission: str) -> None:
    """Only owners would hold it."""
    with pytest.raises(Misconfigured, match="Allow needs the permission it asks for"):
        Allow(permission)


def test_what_a_role_may_do_is_a_list() -> None:
    """The letters of one text would each be a permission."""
    with pytest.raises(Misconfigured, match=r'what "member" may do is a list; write \["things:read"\]'):
        App("test", modules=[], roles={"member": "things:read"})


@pytest.mark.parametrize("stray", ["Conflict", Conflict(), ValueError])
def test_what_is_raised_is_a_class_of_errors(stray: object) -> None:
    """Which has a code and a status."""
    with pytest.raises(Misconfigured, match="write a subclass of Error"):
        Raises(stray)  # type: ignore[arg-type]  # the mistake under test


class Thing(BaseModel):
    """What is returned."""

    name: str

    @property
    def word(self) -> str:
        """Made of another."""
        return self.name


class Odd:
    """What Pydantic does not know."""


@pytest.mark.parametrize(
    ("policy", "returns", "said"),
    [
        (
            Created("/things/{result.id}"),
            Thing,
            "Created('/things/{result.id}') names {result.id}, but it returns Thing",
        ),
        (Audit("a.b", target="{result.x.y}"), Thing, "names {result.x.y}, but it returns Thing, which has name."),
        (Quota("things", "{result.n}"), None, "Quota('{result.n}') names {result.n}, but it returns None."),
        (Created("/things/{result.name}"), Thing, ""),
        (Created("/things/{result.word}"), Thing, ""),
        (Audit("a.b"), Thing, ""),
        (Audit("a.b"), None, ""),
        (Audit("a.b", target="{result.id}"), Thing | None, ""),
        (Anyone("a test"), Odd, "it returns <class 'tests.unit.test_plans.Odd'>, which no answer can be made of"),
    ],
)
def test_a_policy_names_what_the_action_returns(policy: Policy, returns: object, said: str) -> None:
    """What could never be filled is found before the first call; where nobody wrote the place, nothing is promised."""

    async def make(_ctx: UserContext) -> None: ...

    make.__annotations__["return"] = returns
    module = Module("things")
    module.mutation("POST /things", policy)(make)
    quotas = Quotas({"free": Allowance({"things": 1})}, counted={"things": "select 0"})
    if said:
        with pytest.raises(Misconfigured) as refused:
            App("test", modules=[module], quotas=quotas)
        assert said in str(refused.value)
    else:
        assert App("test", modules=[module], quotas=quotas).actions


@pytest.mark.parametrize("name", ["", "Things", "my things", "a-b", "ä!"])
def test_a_module_is_named_with_a_lower_case_word(name: str) -> None:
    """Its name is part of action names, which are seen in logs and limits."""
    with pytest.raises(Misconfigured, match="lower-case letters"):
        Module(name)


def test_an_error_with_required_data_cannot_mean_a_constraint() -> None:
    """No constraint knows the price."""
    with pytest.raises(Misconfigured, match=r"Raises\(Steep, on='things_key'\): its required data no constraint knows"):
        Raises(Steep, on="things_key")
    assert Raises(Steep).meanings() == {}


def test_a_table_that_decides_nothing_refuses_the_start() -> None:
    """Whether a table belongs to organizations is a decision, too."""
    metadata = MetaData()
    Table("plain", metadata, Column("x", Text))
    module = Module("things")
    module.query("GET /things", Public("a test"))(visit)

    with pytest.raises(Misconfigured, match="plain"):
        App("test", modules=[module], metadata=metadata)


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (Owns("nowhere"), 'asks about rows of "nowhere", which is no tenant table and no user table of App(me'),
        (Owns("countries"), 'asks about rows of "countries", which is no tenant table'),
        (Owns("moods"), 'asks who owns a row of "moods", whose rows are each user\'s own already; leave Owns out'),
        (Versioned("moods"), "asks about moods.version, which is no column; it has user_id, id"),
        (Owns("things", by="maker"), "asks about things.maker, which is no column; it has org_id, id, created_by"),
        (Versioned("things"), "asks about things.version, which is no column"),
        (Owns("things"), ""),
    ],
)
def test_a_policy_about_a_row_that_cannot_be_there_refuses_the_start(policy: Policy, *, said: str) -> None:
    """A misspelled table or column is found before the first call, where the tables are known."""
    metadata = MetaData()
    tenant_table("things", metadata, Column("created_by", Uuid))
    user_table("moods", metadata)
    open_table("countries", metadata, Column("code", Text), why="a test")
    module = Module("things")
    module.mutation("DELETE /things/{id}", policy, Anyone("a test"))(read)

    if said:
        with pytest.raises(Misconfigured, match=r"things\.read \(tests/unit/test_plans\.py:\d+\) asks") as refused:
            App("test", modules=[module], metadata=metadata)
        assert said in str(refused.value)
    else:
        assert App("test", modules=[module], metadata=metadata).plans["things.read"].ask.table == "things"


# -- forms -------------------------------------------------------------------------------------------------------------
async def page(_ctx: PublicContext) -> Html:
    """A page."""
    return Html("x.html", {})


def test_a_form_s_path_is_no_route() -> None:
    """Its method is POST in any case."""
    module = Module("things")
    shown = module.query("GET /page", Public("a test"))(page)

    with pytest.raises(Misconfigured, match=r"a form is posted to a path such as /things, not 'POST /things'"):
        module.form("POST /things", shown, page=shown, then="/")


# -- the registry ------------------------------------------------------------------------------------------------------
def test_the_registry_knows_every_action() -> None:
    """Name, kind, place and purpose: what generators and `explain` read."""
    action = app_of(read, Allow("x:y"), Audit("thing.read")).actions["things.read"]

    assert (action.name, action.kind, action.purpose) == ("things.read", "query", "Read it.")
    assert (action.place.method, action.place.path, action.place.prefix) == ("GET", "/things/{id}", "/api/v1")
    assert action.place.import_path == f"{__name__}.read"
    assert action.policies == (Allow("x:y"), Audit("thing.read"))
    assert action.defaults == (Seen("module"), RateLimit("50/m"))
    assert Path(action.place.file).name == "test_plans.py"


def test_a_policy_is_a_value() -> None:
    """Equal by what it says, frozen, hashable."""
    assert Allow("a:b") == Allow("a:b") != Allow("a:c")
    assert len({Created("/x"), Created("/x")}) == 1
    with pytest.raises(AttributeError):
        Allow("a:b").permission = "a:c"  # type: ignore[misc]  # the mistake under test


def test_a_policy_without_hooks_decides_nothing() -> None:
    """Its defaults are no-ops."""
    plain = Seen("x")

    assert plain.stage == Stage.ACCESS
    assert (plain.ask().table, plain.meanings(), plain.contract().errors) == ("", {}, ())
    assert plain.placed("app", "things.read") is plain


def test_a_policy_that_only_checks_stands_where_the_input_is_judged() -> None:
    """Nobody need write a stage for it; one that decides as well says where."""

    class Checks(Policy):
        async def check(self, call: Call) -> Error | None:
            return None

    class Both(Checks):
        def decide(self, call: Call) -> Error | None:
            return None

    assert (Checks().stage, Both().stage) == (Stage.INPUT, Stage.ACCESS)


def test_a_page_and_a_redirect_have_no_envelope() -> None:
    """What they answer is no JSON."""

    async def away(_ctx: PublicContext) -> Redirect:
        return Redirect("/x")

    assert plan_of(page, Public("a test")).codec.page
    assert plan_of(away, Public("a test")).codec.redirect
    assert plan_of(browse, Public("a test"), In("{slug}"), route="GET /{slug}").slug is not None

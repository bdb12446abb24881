"""Random input, right and wrong, on the whole surface: refused or served, and never a 5xx."""

import json
from typing import Any, TypeAlias
from urllib.parse import quote
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from portico.testing import Harness
from tests.promises.business import Business
from tests.promises.envelope import flaw
from tests.promises.surface import ROUTES, Route

pytestmark = pytest.mark.anyio
NASTY: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    2**31,
    2**63,
    -(2**200),
    1e308,
    float("nan"),
    float("inf"),
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",
    "😀" * 100,
    "e\u0301\u202e",
    "x" * 5_000,
    "0001-01-01",
    "0001-01-01T00:00:00Z",
    "9999-12-31",
    "9999-12-31T23:59:00-23:59",
    "2031-02-30",
    "2031-01-06T10:00:00",
    "2031-01-06T10:00:00+99:00",
    "00000000-0000-0000-0000-000000000000",
    "'; drop table customers; --",
    ":name $1 %s {id}",
    "../../etc/passwd",
    [],
    {},
    [[[[]]]],
    {"a": {"b": [1]}},
)
WORDS = st.one_of(
    st.sampled_from(NASTY),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.datetimes().map(str),
    st.uuids().map(str),
)
PLAIN = st.one_of(
    st.sampled_from([str(word) for word in NASTY if "\ud800" not in str(word)]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        name: st.one_of(HEADER, st.just("application/json"), st.just(str(uuid4())))
        for name in ("if-match", "accept-language", "x-request-id", "cookie", "user-agent", "x-forwarded-for")
    },
)


Asked: TypeAlias = tuple[Route, dict[str, Any], bytes, dict[str, str], str, bool]


ENDING = {f"identity.{name}" for name in ("sign_in", "sign_out", "sign_out_everywhere", "delete_me")}
"""What ends the session in hand."""


@st.composite
def requests(draw: st.DrawFn) -> Asked:
    """A route, which members to change to what, a body instead of them or none, headers, and a query."""
    route = draw(st.sampled_from(list(ROUTES.values())))
    changes = draw(st.dictionaries(st.sampled_from([*route.members, "unknown"]), WORDS, max_size=3))
    body = draw(
        st.sampled_from((b"", b"", b"", b"\xff\xfe", b"{", b"7", b'"text"', b"[]", b"[" * 9_000, b'{"name": 1e999}'))
    )
    query = draw(
        st.dictionaries(st.sampled_from([*route.query, "limit", "page", "after", "unknown"]), PLAIN, max_size=3)
    )
    asked = "&".join(f"{name}={quote(value)}" for name, value in query.items())
    return route, changes, body, draw(HEADERS), asked, draw(st.sampled_from([True] * 7 + [False]))


@pytest.fixture
async def booking(alpha: Business) -> str:
    """An appointment that is there."""
    return str((await alpha.book("first", alpha.visit())).json["data"]["id"])


@settings(
    max_examples=700,
    deadline=None,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=(HealthCheck.function_scoped_fixture, HealthCheck.too_slow),
)
@given(
    asked=requests(),
    id=st.one_of(st.sampled_from(("customer", "service", "staff", "org", "booking")), PLAIN),
)
async def test_no_input_brings_the_server_down(
    salon: Harness, alpha: Business, booking: str, *, asked: Asked, id: str
) -> None:
    """NUL bytes, lone surrogates, huge numbers, NaN, far dates, emojis, nesting: an envelope, and no 5xx."""
    route, changes, body, headers, query, somebody = asked
    known = {**vars(alpha), "org": alpha.org.id, "booking": booking}.get(id, id)
    stays = route.name not in ENDING
    client = salon.client(alpha.owner, org=alpha.org.id) if somebody and stays else salon.client()
    content = body or json.dumps(route.right(alpha) | changes).encode()

    reply = await client.send(
        route.method,
        route.at(known).replace("?", "").replace("#", "") + (f"?{query}" if query else ""),
        content=content,
        headers={"content-type": "application/json", "idempotency-key": str(uuid4()), **headers},
    )

    event(str(reply.status))
    assert reply.status < 500, reply.text
    assert flaw(reply) == ""


@settings(max_examples=100, deadline=None, database=None, suppress_health_check=(HealthCheck.function_scoped_fixture,))
@given(
    fields=st.dictionaries(st.sampled_from(["customer_id", "service_id", "staff_id", "scheduled_at", "notes"]), PLAIN),
    path=st.sampled_from(["/sign-in", "/sign-out", "/appointments"]),
    day=PLAIN,
)
async def test_no_form_brings_the_server_down(
    salon: Harness, alpha: Business, *, fields: dict[str, str], path: str, day: str
) -> None:
    """Forms and pages: a page that says what is wrong, and no 5xx."""
    browser = salon.client(alpha.owner, org=alpha.org.id)
    shown = await browser.get(f"/appointments?day={quote(day)}")

    reply = await browser.submit(path, fields | {"_csrf": "forged", "email": day, "password": day})

    assert shown.status < 500, shown.text
    assert reply.status < 500, reply.text
    assert flaw(shown) == flaw(reply) == ""


@settings(max_examples=150, deadline=None, database=None, suppress_health_check=(HealthCheck.function_scoped_fixture,))
@given(path=st.one_of(PLAIN, PLAIN.map(lambda p: f"static/{p}"), PLAIN.map(lambda p: f"api/v1/{p}")))
async def test_no_path_brings_the_server_down(salon: Harness, path: str) -> None:
    """Any path at all."""
    reply = await salon.client().get("/" + path.lstrip("/").replace("?", "").replace("#", ""))

    assert reply.status < 500, reply.text

"""What leaves: envelopes, problem details, headers, cookies, pages."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from jinja2 import UndefinedError
from pydantic import BaseModel, SecretStr
from pydantic_core import PydanticSerializationError, from_json

from portico import (
    Error,
    FieldError,
    Html,
    Invalid,
    KeyMissing,
    MethodNotAllowed,
    NotFound,
    RateLimited,
    Redirect,
    Request,
    Slice,
    Stale,
    Unauthorized,
    Unavailable,
)
from portico.core.answer import Answer
from portico.core.encoding import Codec
from portico.errors.catalogs import Catalogs
from portico.ports.counters import Rule, Taken
from portico.transports.answers import headers_of, refusal_headers
from portico.transports.pages import FormState, Pages, Sent, plain_error
from portico.transports.problems import problem

CATALOGS = Catalogs()
REQUEST = Request(id="r-1")


class Thing(BaseModel):
    """A result."""

    id: UUID
    price: Decimal
    at: datetime


class Costly(Error, code="TEST_COSTLY", status=402):
    """Too costly."""

    price: Decimal
    until: datetime


THING = Thing(id=UUID(int=1), price=Decimal("1.50"), at=datetime(2026, 1, 1, tzinfo=UTC))


# -- envelopes ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("returns", "value"),
    [
        (Thing, THING),
        (list[Thing], [THING, THING]),
        (Thing | None, None),
        (int, 0),
        (dict[str, int], {"a": 1}),
        (Slice[Thing], Slice[Thing](data=[THING], limit=20, after="x")),
        (Slice[Thing], Slice[Thing](data=[], limit=20, page=1, total=0)),
    ],
)
def test_a_stored_answer_comes_back_as_what_it_was(returns: Any, value: object) -> None:
    """A replay gives an in-process caller the same value, and the wire the same bytes."""
    codec = Codec(returns)

    body = codec.encode(value)

    assert codec.decode(body) == value
    assert codec.encode(codec.decode(body)) == body
    assert set(from_json(body)) <= {"data", "meta"}


def test_nothing_is_a_success_too() -> None:
    """An action that returns None answers `success`."""
    codec = Codec(None)

    assert from_json(codec.encode(None)) == {"data": {"success": True}}
    assert codec.decode(codec.encode(None)) is None


@pytest.mark.parametrize(
    ("page", "meta"),
    [
        (Slice[int](data=[1], limit=20, page=2, total=41), {"page": 2, "limit": 20, "total": 41, "total_pages": 3}),
        (Slice[int](data=[], limit=20, page=1, total=0), {"page": 1, "limit": 20, "total": 0, "total_pages": 0}),
        (Slice[int](data=[1], limit=20, after="c"), {"limit": 20, "after": "c"}),
        (Slice[int](data=[1], limit=20), {"limit": 20, "after": None}),
    ],
)
def test_a_page_says_where_it_stands(page: Slice[int], meta: dict[str, object]) -> None:
    """Totals where they are counted, a cursor where it goes on."""
    assert from_json(Codec(Slice[int]).encode(page))["meta"] == meta
    assert Slice[int](data=[]).total_pages is None


@pytest.mark.parametrize(("returns", "value"), [(Thing, "text"), (int, "1"), (list[int], 1), (Thing, None)])
def test_what_is_not_the_declared_type_is_not_sent(returns: Any, value: object) -> None:
    """Not even half of it: the contract is the type."""
    with pytest.raises((PydanticSerializationError, TypeError)):
        Codec(returns).encode(value)


def test_a_secret_in_a_result_leaves_as_stars() -> None:
    """A model that holds a secret by mistake does not tell it."""

    class Account(BaseModel):
        password: SecretStr

    assert b"hunter2" not in Codec(Account).encode(Account(password=SecretStr("hunter2")))


# -- problem details ---------------------------------------------------------------------------------------------------
def told(error: Error, language: str = "en") -> dict[str, Any]:
    """The problem's members."""
    found: dict[str, Any] = from_json(problem(error, Request(id="r-1", locale=language), CATALOGS))
    return found


def test_every_problem_has_the_same_members() -> None:
    """One shape for all refusals; `data` where the error has some."""
    members = {"type", "title", "status", "detail", "code", "errors", "retryable", "retry_after", "request_id"}

    assert set(told(NotFound())) == members
    assert told(NotFound()) == {
        "type": "urn:portico:error:NOT_FOUND",
        "title": "Not Found",
        "status": 404,
        "detail": "There is no such thing.",
        "code": "NOT_FOUND",
        "errors": {},
        "retryable": False,
        "retry_after": None,
        "request_id": "r-1",
    }


def german(code: str, **params: object) -> str:
    """What a finding says in German."""
    return CATALOGS.finding(FieldError(code, params), "de")


def test_findings_are_told_by_path_in_the_caller_s_language() -> None:
    """Code and message, a list each."""
    error = Invalid(errors={"a.0": [FieldError("VAL_TOO_LONG", {"limit": 3})], "b": [FieldError("VAL_REQUIRED_FIELD")]})

    assert told(error, "de")["errors"] == {
        "a.0": [{"code": "VAL_TOO_LONG", "message": german("VAL_TOO_LONG", limit=3)}],
        "b": [{"code": "VAL_REQUIRED_FIELD", "message": german("VAL_REQUIRED_FIELD")}],
    }
    assert told(error, "de")["detail"] == CATALOGS.error(Invalid(), "de")


def test_an_error_that_names_its_member_is_told_beside_it() -> None:
    """With its own code; a bare Invalid with that of a refused value."""
    assert told(Stale(at="version"))["errors"]["version"][0]["code"] == "BIZ_STALE_VERSION"
    assert told(Invalid(at="a"))["errors"]["a"][0]["code"] == "VAL_INVALID_VALUE"


def test_an_error_s_own_data_is_told_and_nothing_else_of_it() -> None:
    """What every error has is no data; dates and amounts are strings."""
    error = Costly(price=Decimal("1.50"), until=datetime(2026, 1, 1, tzinfo=UTC), at="plan", retry_after=1.2)

    assert told(error)["data"] == {"price": "1.50", "until": "2026-01-01T00:00:00Z"}
    assert told(error)["retry_after"] == 2
    assert "data" not in told(RateLimited(by_input=True))
    assert "data" not in told(MethodNotAllowed(allow="GET"))


def test_a_limit_s_problem_has_the_registered_type() -> None:
    """Clients of other servers know it."""
    assert told(RateLimited(retry_after=7))["type"].endswith("#quota-exceeded")


@pytest.mark.parametrize(
    ("error", "header", "value"),
    [
        (Unauthorized(), "www-authenticate", 'Bearer realm="portico"'),
        (MethodNotAllowed(allow="GET, OPTIONS"), "allow", "GET, OPTIONS"),
        (RateLimited(retry_after=6.1), "retry-after", "7"),
        (Unavailable(retry_after=0.0), "retry-after", "1"),
        (KeyMissing(), "content-language", "de"),
        (NotFound(), "retry-after", None),
    ],
)
def test_a_refusal_has_the_headers_of_its_kind(error: Error, header: str, value: str | None) -> None:
    """How to sign in, when to come back, what else the address takes, in which language it speaks."""
    assert dict(refusal_headers(error, "de")).get(header) == value


# -- headers and cookies -----------------------------------------------------------------------------------------------
def answered(answer: Answer) -> list[tuple[str, str]]:
    """The headers of an answer."""
    return headers_of(answer, REQUEST, "application/json")


def test_every_answer_has_its_request_id_and_is_kept_by_no_cache() -> None:
    """And is what it says it is."""
    assert dict(answered(Answer())) == {
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        "content-type": "application/json",
        "x-request-id": "r-1",
    }


def test_limits_are_told_as_structured_fields_and_as_the_older_trio() -> None:
    """All of them, and the tightest for those who read only one."""
    answer = Answer()
    rules = (Rule(100, 60.0, name="app"), Rule(30, 60.0, name="things.create"))
    answer.limits = Taken(rules, [(40, 29.1), (2, 12.0)], ())

    found = dict(answered(answer))

    assert found["ratelimit-policy"] == '"app";q=100;w=60, "things.create";q=30;w=60'
    assert found["ratelimit"] == '"app";r=40;t=30, "things.create";r=2;t=12'
    trio = [found[f"x-ratelimit-{n}"] for n in ("limit", "remaining", "reset")]
    assert trio == ["30", "2", "12"]


def test_of_limits_that_are_equally_tight_the_first_is_told() -> None:
    """To those who read only one, whichever frees sooner."""
    answer = Answer()
    rules = (Rule(9, 60.0, name="a"), Rule(8, 3600.0, name="b"), Rule(7, 60.0, name="c"))
    answer.limits = Taken(rules, [(6, 1.0), (5, 50.2), (5, 9.0)], ())

    found = dict(answered(answer))

    assert found["ratelimit"] == '"a";r=6;t=1, "b";r=5;t=51, "c";r=5;t=9'
    assert [found[f"x-ratelimit-{n}"] for n in ("limit", "remaining", "reset")] == ["8", "5", "51"]


def test_of_a_refused_call_the_limit_that_refuses_it_is_told() -> None:
    """With Retry-After beside it, which is of the one that frees last."""
    answer = Answer()
    rules = (Rule(10, 60.0, name="a"), Rule(9, 900.0, name="b"), Rule(8, 3600.0, name="c"), Rule(7, 60.0, name="d"))
    answer.limits = Taken(rules, [(0, 60.0), (0, 908.0), (0, 3600.0), (0, 9.0)], (1, 3))

    found = dict(answered(answer))

    assert [found[f"x-ratelimit-{n}"] for n in ("limit", "remaining", "reset")] == ["9", "0", "908"]


def test_a_limit_s_name_is_told_as_it_is_written() -> None:
    """A per cent sign in it stands for itself."""
    answer = Answer()
    answer.limits = Taken((Rule(9, 60.0, name="100%s"),), [(8, 1.0)], ())

    assert ("ratelimit", '"100%s";r=8;t=1') in answered(answer)


@pytest.mark.parametrize(
    ("cookie", "written"),
    [
        ({"name": "a", "value": "b"}, "a=b; Path=/; Secure; SameSite=Lax; HttpOnly"),
        ({"name": "a", "value": "b", "readable": True}, "a=b; Path=/; Secure; SameSite=Lax"),
        (
            {"name": "a", "value": "b", "max_age": timedelta(days=1)},
            "a=b; Path=/; Secure; SameSite=Lax; Max-Age=86400; HttpOnly",
        ),
        ({"name": "a", "value": None}, "a=; Path=/; Secure; SameSite=Lax; Max-Age=0; HttpOnly"),
        (
            {"name": "a", "value": "b", "max_age": timedelta(0)},
            "a=b; Path=/; Secure; SameSite=Lax; Max-Age=0; HttpOnly",
        ),
    ],
)
def test_a_cookie_is_as_closed_as_it_can_be(cookie: dict[str, Any], written: str) -> None:
    """Every cookie keeps the `__Host-` rules."""
    answer = Answer()
    answer.cookie(**cookie)

    assert ("set-cookie", written) in answered(answer)


@pytest.mark.parametrize(
    ("name", "value"), [("a", "b; Domain=x"), ("a;b", "c"), ("a", "b\r\nX: y"), ("", "b"), ("a", "ä")]
)
def test_a_cookie_cannot_smuggle_another_attribute(name: str, value: str) -> None:
    """What a caller sent may be in the value."""
    with pytest.raises(ValueError, match="cookie"):
        Answer().cookie(name, value)


def test_a_replay_is_marked() -> None:
    """A client can tell that nothing was done again."""
    answer = Answer()
    answer.replayed = True

    assert ("idempotent-replayed", "true") in answered(answer)


# -- pages -------------------------------------------------------------------------------------------------------------
def test_a_page_is_rendered_with_everything_escaped(tmp_path: Path) -> None:
    """What somebody entered is never markup; the hidden members are."""
    (tmp_path / "x.html").write_text("{{ name }}|{{ form.value('name') }}|{{ form.hidden() }}|{{ language }}")
    form = FormState('t"', "k", Sent({"name": "<i>"}))

    page = Pages(tmp_path).render(Html("x.html", {"name": "<b>"}), form, "de").decode()

    assert page.startswith("&lt;b&gt;|&lt;i&gt;|<input")
    assert 'value="t&#34;"' in page
    assert page.endswith("|de")


def test_a_template_that_names_what_is_not_there_fails(tmp_path: Path) -> None:
    """A hole in a page is a mistake."""
    (tmp_path / "x.html").write_text("{{ nobody }}")

    with pytest.raises(UndefinedError):
        Pages(tmp_path).render(Html("x.html", {}), FormState("", "", Sent()), "en")


def test_a_form_gives_what_was_entered_or_a_default() -> None:
    """On a first view there is nothing yet."""
    form = FormState("", "", Sent())

    assert (form.value("a"), form.value("a", "x"), form.errors, form.message) == ("", "x", {}, "")


def test_a_refusal_without_a_template_is_a_page_too() -> None:
    """Escaped, and in the caller's language."""
    page = plain_error("Not Found", "<script>", "de").decode()

    assert "<script>" not in page
    assert 'lang="de"' in page


def test_values_and_refusals_unwrap() -> None:
    """A redirect is a value like any other."""
    assert Redirect("/x") == Redirect("/x", external=False)


@pytest.mark.parametrize(
    ("location", "told"),
    [("/things/1", "/office/things/1"), ("https://elsewhere.example/1", "https://elsewhere.example/1")],
)
def test_a_location_stands_below_where_a_host_has_put_the_application(location: str, told: str) -> None:
    """One of another server stays as it is."""
    answer = Answer()
    answer.header("Location", location)

    headers = headers_of(answer, Request(id="r-1", root="/office"), "application/json")

    assert dict(headers)["location"] == told

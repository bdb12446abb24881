"""Which errors an action can answer follows from its context, its policies and its input."""

from uuid import UUID

import pytest

from portico import (
    Anyone,
    App,
    In,
    Interactive,
    Module,
    OrgContext,
    Public,
    PublicContext,
    RateLimit,
    TenantContext,
    UserContext,
)
from portico.core.outcomes import errors_of
from portico.generate.openapi.security import security_of

things = Module("things")
FRAMEWORK = {"VALIDATION_ERROR", "INTERNAL_ERROR", "EXTERNAL_SERVICE_ERROR", "SYS_TIMEOUT", "RATE_LIMIT_EXCEEDED"}
SIGNED_IN = {"UNAUTHORIZED", "AUTH_SIGN_IN_AGAIN"}
WRITTEN = {"CONFLICT", "BIZ_DUPLICATE_ENTRY", "NOT_FOUND", "AUTH_CROSS_SITE"}


@things.query("GET /open", Public("why"))
async def open_to_all(ctx: PublicContext) -> str:
    """Take nothing, from anybody."""
    raise NotImplementedError


@things.query("GET /asked", Public("why"))
async def asked(ctx: PublicContext, word: str) -> str:
    """Take a word, from anybody."""
    raise NotImplementedError


@things.query("GET /own")
async def own(ctx: UserContext) -> str:
    """Need somebody."""
    raise NotImplementedError


@things.query("GET /people", Interactive())
async def people(ctx: UserContext) -> str:
    """Need a person."""
    raise NotImplementedError


@things.query("GET /ours", Anyone("why"))
async def ours(ctx: OrgContext) -> str:
    """Need a member."""
    raise NotImplementedError


@things.query("GET /orgs/{id}", In(id="{id}"), Anyone("why"))
async def named(ctx: OrgContext, id: UUID) -> str:
    """Need a member of that organization."""
    raise NotImplementedError


@things.query("GET /public/{slug}", Public("why"), In("{slug}"))
async def shown(ctx: TenantContext, slug: str) -> str:
    """Need an organization."""
    raise NotImplementedError


@things.mutation("POST /said", Public("why"), RateLimit("5/m", by="ip"))
async def said(ctx: PublicContext, word: str) -> str:
    """Write a word."""
    raise NotImplementedError


@things.mutation("DELETE /said", Public("why"), RateLimit("5/m", by="ip", fail="closed"))
async def unsaid(ctx: PublicContext) -> None:
    """Write, with no body."""
    raise NotImplementedError


app = App("things", modules=[things])
CASES: dict[str, set[str]] = {
    "open_to_all": set(),
    "asked": {"PAYLOAD_TOO_LARGE", "NOT_FOUND"},
    "own": {*SIGNED_IN, "AUTH_SCOPE_MISSING"},
    "people": {*SIGNED_IN, "AUTH_KEY_REFUSED"},
    "ours": {*SIGNED_IN, "AUTH_SCOPE_MISSING", "FORBIDDEN", "AUTH_NO_ORGANIZATION", "NOT_FOUND"},
    "named": {*SIGNED_IN, "AUTH_SCOPE_MISSING", "FORBIDDEN", "NOT_FOUND", "PAYLOAD_TOO_LARGE"},
    "shown": {"NOT_FOUND", "PAYLOAD_TOO_LARGE"},
    "said": {*WRITTEN, "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"},
    "unsaid": WRITTEN,
}


@pytest.mark.parametrize("name", CASES)
def test_an_action_can_answer_what_it_is_exposed_to(name: str) -> None:
    """No more, or clients handle what never comes; no less, or they meet what nobody told."""
    found = {error.code for error in errors_of(app.plans[f"things.{name}"])}

    assert found - FRAMEWORK == CASES[name]
    assert found >= FRAMEWORK


def test_errors_come_in_the_order_of_their_status() -> None:
    """So that a document reads the same every time."""
    found = errors_of(app.plans["things.ours"])

    assert list(found) == sorted(found, key=lambda error: (error.status, error.code, error.__qualname__))


@pytest.mark.parametrize(
    ("name", "ways"), [("open_to_all", []), ("own", ["session", "bearer", "apiKey"]), ("people", ["session", "bearer"])]
)
def test_how_one_may_sign_in_follows_too(name: str, ways: list[str]) -> None:
    """A key is no way in where keys are refused."""
    assert security_of(app.plans[f"things.{name}"]) == [{way: []} for way in ways]


def test_every_case_is_an_action() -> None:
    """None is forgotten."""
    own = {name.removeprefix("things.") for name in app.plans if name.startswith("things.")}

    assert own == set(CASES)

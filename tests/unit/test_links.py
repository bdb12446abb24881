"""Mutations that a browser reaches by a link: only where somebody has said why that does no harm."""

import pytest

from portico import App, ByLink, Misconfigured, Module, Public, PublicContext, RateLimit, Redirect
from portico.policies.by_link import ByLink as Policy
from portico.transports.routes import Router

PUBLIC, LIMIT = Public("a test"), RateLimit("5/m", by="ip")


def test_a_mutation_at_get_must_say_why_it_is_safe() -> None:
    """The start is refused with what to write."""
    links = Module("links")

    @links.mutation("GET /confirm", PUBLIC, LIMIT)
    async def confirm(_ctx: PublicContext) -> Redirect:
        """Confirm."""
        return Redirect("/")

    with pytest.raises(Misconfigured, match=r'links\.confirm .* write ByLink\("why that does no harm"\)'):
        App("links", modules=[links])


def test_a_mutation_at_get_must_send_the_browser_on() -> None:
    """JSON is no page to end on, and a page that is loaded again would do it again."""
    links = Module("links")

    @links.mutation("GET /confirm", PUBLIC, LIMIT, ByLink("a test"))
    async def confirm(_ctx: PublicContext) -> str:
        """Confirm."""
        return ""

    with pytest.raises(Misconfigured, match="must be sent on; write -> Redirect"):
        App("links", modules=[links])


def test_a_link_that_says_why_is_served() -> None:
    """Under its module's prefix, by a transaction that may write."""
    links = Module("links", prefix="/api/x")

    @links.mutation("GET /confirm", PUBLIC, LIMIT, ByLink("its token is good once"))
    async def confirm(_ctx: PublicContext) -> Redirect:
        """Confirm."""
        return Redirect("/")

    plan = App("links", modules=[links]).plans["links.confirm"]
    assert (plan.read_only, plan.linked, Policy.by_link) == (False, True, True)


def test_what_writes_is_not_looked_at() -> None:
    """HEAD finds nothing where GET writes."""
    router: Router[str] = Router()
    router.add("GET", "/confirm", "confirm", head=False)

    assert router.methods("/confirm") == "GET, OPTIONS"

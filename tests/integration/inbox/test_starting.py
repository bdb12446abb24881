"""What is declared wrongly does not start: the message names the webhook, its file and what to write."""

from collections.abc import Callable

import pytest
from pydantic import BaseModel

from portico import (
    App,
    Audit,
    Idempotent,
    Misconfigured,
    Module,
    OrgContext,
    Public,
    RateLimit,
    Signature,
    SystemContext,
)
from portico.testing import Harness, open_harness
from tests.integration.inbox.till import stripe

pytestmark = pytest.mark.anyio
PROOF = Signature("hmac", secret="SHOP_SECRET")


class Thing(BaseModel):
    """A thing."""

    id: str


async def take(ctx: SystemContext, thing: Thing) -> None:
    """Take it."""


async def take_as_member(ctx: OrgContext, thing: Thing) -> None:
    """Take it as somebody."""


async def take_text(ctx: SystemContext, id: str) -> None:
    """Take a part of it."""


def no_signature(shop: Module) -> None:
    """A webhook for anybody."""
    shop.webhook("POST /webhooks/shop", Public("anybody may tell us"), RateLimit("5/m", by="ip"))


def another_member(shop: Module) -> None:
    """A handler that runs as somebody."""
    shop.webhook("POST /webhooks/shop", PROOF).on("a")(take_as_member)  # type: ignore[arg-type]  # refused by mypy, too


def a_text(shop: Module) -> None:
    """A handler that takes no event."""
    shop.webhook("POST /webhooks/shop", PROOF).on("a")(take_text)


def a_key(shop: Module) -> None:
    """A webhook that wants an idempotency key."""
    shop.webhook("POST /webhooks/shop", PROOF, Idempotent())


def taken(shop: Module) -> None:
    """Two handlers of one kind."""
    inbox = shop.webhook("POST /webhooks/shop", PROOF)
    inbox.on("a")(take)
    inbox.on("b", "a")(take_text)


def no_kind(shop: Module) -> None:
    """A handler of nothing."""
    shop.webhook("POST /webhooks/shop", PROOF).on()(take)


def no_parentheses(shop: Module) -> None:
    """What handles nothing, and would be lost."""

    async def paid(ctx: SystemContext, event: Thing) -> None:
        """Take it."""

    shop.webhook("POST /webhooks/shop", PROOF).on(paid)  # type: ignore[arg-type]  # refused by mypy, too


def another_method(shop: Module) -> None:
    """A webhook that is got."""
    shop.webhook("GET /webhooks/shop", PROOF)


def no_value(shop: Module) -> None:
    """Nothing where the proof should stand."""
    shop.webhook("POST /webhooks/shop", None)  # type: ignore[arg-type]  # refused by mypy, too


def unknown_scheme(_shop: Module) -> None:
    """A way of signing that there is not."""
    Signature("github", secret="SHOP_SECRET")  # type: ignore[arg-type]  # refused by mypy, too


def a_secret_itself(_shop: Module) -> None:
    """The secret in the code."""
    Signature("stripe", secret="whsec_abc")


def built(wrong: Callable[[Module], None]) -> App:
    """An application with it."""
    shop = Module("shop", Audit("shop.told"))
    wrong(shop)
    return App("shop", modules=[shop])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (
            no_signature,
            r"shop.shop \(tests/.*test_starting.py:\d+\): an incoming webhook needs a verifier; write Sig",
        ),
        (another_member, r"write \(ctx: SystemContext, event: Model\)"),
        (a_text, r"write \(ctx: SystemContext, event: Model\)"),
        (a_key, "leave Idempotent out"),
        (taken, r"shop.take_text \(.*\): 'a' of shop.shop is handled by shop.take already"),
        (
            no_parentheses,
            r'no_parentheses.<locals>.paid \(.*test_starting.py:\d+\): .* write @shop.on\("thing.happened"\)',
        ),
        (no_kind, r'write on\("thing.happened"\)'),
        (another_method, 'write the route of a webhook as "POST /things"'),
        (no_value, r"test_starting.py:\d+: None is no policy"),
        (unknown_scheme, r"Signature\(scheme='github'\): write 'stripe', 'standard', 'hmac' or 'supabase'"),
        (a_secret_itself, r"secret= names the setting that holds it, such as STRIPE_WEBHOOK_SECRET"),
    ],
)
def test_what_is_wrong_is_refused(wrong: Callable[[Module], None], words: str) -> None:
    """At the declaration, or when the application is built."""
    with pytest.raises(Misconfigured, match=words):
        built(wrong)


async def test_a_secret_that_is_missing_stops_the_start(portico: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that are, each with the webhook that wants it; one that is malformed is not told."""
    monkeypatch.setenv("TILL_ORDERS_SECRET", "whsec_hidden")

    with pytest.raises(Misconfigured, match=r"TILL_STRIPE_SECRET is not set: till\.stripe proves by it") as refused:
        async with open_harness(portico.app, portico.urls, portico_derive_webhook_secrets=False):
            pass

    assert "TILL_ORDERS_SECRET is no secret of the scheme standard: it is no Base64" in str(refused.value)
    assert "hidden" not in str(refused.value)
    assert "TILL_CLOSED_SECRET" not in str(refused.value)


def test_the_registry_knows_webhooks(portico_app: App) -> None:
    """Under the path's last word, as a kind of its own; what handles their events are jobs."""
    assert portico_app.actions["till.stripe"] is stripe.action
    assert (stripe.action.kind, stripe.action.place.path) == ("webhook", "/webhooks/stripe")
    assert portico_app.actions["till.invoice_paid"].kind == "job"

"""What the contract says of a subscription."""

from collections.abc import AsyncIterator

from portico import Anyone, App, Event, Module, OrgContext
from portico.app.contract import document


class Landed(Event, name="plane.landed"):
    """A plane landed."""

    flight: str


module = Module("airport")


@module.subscription("GET /landings", Anyone("a test"))
async def landings(ctx: OrgContext, runway: int | None = None) -> AsyncIterator[Landed]:
    """Tell what lands."""
    async for landed in ctx.events(Landed):
        yield landed


app = App("small", modules=[module])


def test_a_subscription_is_told_as_an_event_stream() -> None:
    """Its values' shape, where it goes on, and what refuses it; a browser's own header is no member of it."""
    path = document(app, "v1")["paths"]["/api/v1/landings"]["get"]

    stream = path["responses"]["200"]["content"]["text/event-stream"]["schema"]
    assert stream["x-row"] == {"$ref": "#/components/schemas/Landed"}
    assert {(p["name"], p["in"], p["required"]) for p in path["parameters"]} == {
        ("runway", "query", False),
        ("last_event_id", "query", False),
        ("X-Org-Id", "header", False),
    }
    assert {"401", "403", "408", "426", "429", "503"} <= path["responses"].keys()


def test_what_a_subscription_tells_is_among_the_shapes() -> None:
    """With its members."""
    shapes = document(app, "v1")["components"]["schemas"]

    assert shapes["Landed"]["properties"]["flight"]["type"] == "string"

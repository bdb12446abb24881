"""Paths of the framework's own, which no action may take."""

import pytest

from portico import App, Html, Misconfigured, Module, Public, PublicContext, RateLimit

WHY = Public("a test")


def with_query(path: str, prefix: str = "/api") -> Module:
    """A module whose one query stands there."""
    module = Module("clinic", WHY, prefix=prefix)

    @module.query(f"GET {path}")
    async def health(ctx: PublicContext) -> int:
        """Count."""
        return 1

    return module


@pytest.mark.parametrize(
    "path",
    [
        "/health",
        "/health/live",
        "/health/ready",
        "/graphql",
        "/docs",
        "/changelog",
        "/v1/openapi.json",
        "/v12/openapi.json",
    ],
)
def test_an_action_at_a_path_of_the_framework_s_is_refused(path: str) -> None:
    """By name, with its file and the mend: it would hide health, or be hidden itself."""
    message = rf"- clinic\.health \(.*test_reserved\.py:\d+\) at /api{path} stands at a path .* choose another path\."

    with pytest.raises(Misconfigured, match=message):
        App("clinic", modules=[with_query(path)])


@pytest.mark.parametrize("path", ["/llms.txt", "/mailbox", "/mailbox/{number}", "/_portico/{file}"])
def test_a_page_at_one_is_refused(path: str) -> None:
    """At the bare path, too."""
    module = Module("clinic", WHY)

    @module.query(f"GET {path}")
    async def page(ctx: PublicContext, number: int = 1, file: str = "") -> Html:
        """Show."""
        return Html("page.html", {})

    with pytest.raises(Misconfigured, match="choose another path"):
        App("clinic", modules=[module])


def test_a_form_at_one_is_refused() -> None:
    """It would be posted to what is not there in production."""
    module = Module("clinic", WHY)

    @module.query("GET /desk")
    async def desk(ctx: PublicContext) -> Html:
        """Show."""
        return Html("desk.html", {})

    @module.mutation("POST /desk", RateLimit("5/m", by="ip"))
    async def write(ctx: PublicContext) -> None:
        """Write."""

    module.form("/mailbox", write, page=desk, then="/desk")

    with pytest.raises(Misconfigured, match="the form at /mailbox stands"):
        App("clinic", modules=[module])


@pytest.mark.parametrize("path", ["/healthy", "/health/mine", "/docs/one", "/v1/health", "/openapi.json"])
def test_others_are_free(path: str) -> None:
    """However near."""
    assert "clinic.health" in App("clinic", modules=[with_query(path)]).plans

"""An application whose parts can be made ill."""

from typing import ClassVar

from portico import App, HealthCheck, Module, Public, PublicContext, RateLimit, breaker
from portico.modules import identity

clinic = Module("clinic")
ANYBODY = (Public("a test"), RateLimit("1000/s"))


class Archive:
    """A part that the application checks itself."""

    problem: ClassVar[str] = ""


async def look_into_archive() -> None:
    """Raise what is wrong with it."""
    if Archive.problem:
        raise RuntimeError(Archive.problem)


@clinic.mutation("POST /treat", *ANYBODY)
async def treat(ctx: PublicContext, *, well: bool) -> str:
    """Treat somebody, or fail at it."""
    if not well:
        raise RuntimeError("the scalpel slipped")
    return "treated"


@clinic.mutation("POST /letters", *ANYBODY)
async def write_letter(ctx: PublicContext) -> str:
    """Have a letter written."""
    ctx.enqueue(letter)
    return "soon"


@clinic.mutation("POST /laboratory", *ANYBODY)
async def ask_laboratory(ctx: PublicContext) -> None:
    """Call a laboratory that never answers."""
    async with breaker("laboratory"):
        raise ConnectionError("laboratory.internal:4711 refused")


@clinic.job()
async def letter(ctx: PublicContext) -> None:
    """Write it."""


app = App("clinic", modules=[identity, clinic], checks=[HealthCheck("archive", look_into_archive)])

"""What holds of every place that flags are kept in."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import pytest

from portico import Rule
from portico.adapters.memory.flags import MemoryFlags
from portico.adapters.postgres.flags import PostgresFlags
from portico.ports.flags import Flags
from portico.testing import Harness

pytestmark = pytest.mark.anyio
FULL = Rule("new-desk", "on", 12.5, "org", frozenset({UUID(int=1)}), frozenset({UUID(int=2), UUID(int=3)}))


@dataclass
class Kept:
    """An adapter, and how an operator sets what it is to see."""

    flags: Flags
    put: Callable[[Rule], Awaitable[None]]
    drop: Callable[[str], Awaitable[object]]


@pytest.fixture(params=["memory", "postgres"])
async def kept(request: pytest.FixtureRequest, portico: Harness) -> AsyncIterator[Kept]:
    """Each adapter in turn."""
    if request.param == "memory":
        memory = MemoryFlags()
        yield Kept(memory, memory.put, memory.drop)
        return
    services = portico.app.running.pipeline.services
    flags = PostgresFlags(services.database.db, services.prove)
    yield Kept(flags, portico.flag, lambda name: portico.rows("delete from portico.flags where name = $1", name))


async def test_nothing_is_set_at_first(kept: Kept) -> None:
    """The application's defaults hold."""
    await kept.flags.refresh()

    assert dict(kept.flags.rules) == {}


async def test_what_is_set_is_there_as_it_was_set(kept: Kept) -> None:
    """State, share, who is counted, and both lists."""
    await kept.put(FULL)
    await kept.flags.refresh()

    assert dict(kept.flags.rules) == {"new-desk": FULL}


async def test_what_changes_is_seen_at_the_next_look_and_not_before(kept: Kept) -> None:
    """Changed, and set back; a look that finds nothing new keeps what there is."""
    await kept.put(FULL)
    await kept.flags.refresh()
    await kept.put(Rule("new-desk", "killed"))
    before = kept.flags.rules["new-desk"].state
    await kept.flags.refresh()
    await kept.flags.refresh()
    after = kept.flags.rules["new-desk"].state
    await kept.drop("new-desk")
    await kept.flags.refresh()

    assert (before, after, dict(kept.flags.rules)) == ("on", "killed", {})

"""What every adapter of the cache promises."""

import asyncio

import pytest

from portico.ports.cache import Cache, Kept, Life, Look, Mark, Told

pytestmark = pytest.mark.anyio
ONE, TWO = Kept(b'{"data":1}', "one"), Kept(b'{"data":"\xc3\xa9\\u0000"}', "two")
LONG = Life(60, 60)
TAGS = ("org:a", "org:b")


async def keep(
    cache: Cache, kept: Kept = ONE, *, key: str = "k", tags: tuple[str, ...] = TAGS, life: Life = LONG
) -> Mark:
    """Read and keep, as a query does; returns the mark that it was read under."""
    mark = (await cache.look(key, tags)).mark
    await cache.keep(key, kept, mark=mark, life=life)
    return mark


async def done(told: Told) -> None:
    """Wait for what is not done at once."""
    if told is not None:
        await told


async def gone(cache: Cache, tags: tuple[str, ...] = TAGS) -> None:
    """Wait until nothing is found."""
    async with asyncio.timeout(5):
        while True:
            if (await cache.look("k", tags)).kept is None:
                return
            await asyncio.sleep(0.005)


async def stale(cache: Cache) -> Look:
    """Wait until what is found is stale."""
    async with asyncio.timeout(5):
        while True:
            look = await cache.look("k", TAGS)
            if not look.fresh:
                return look
            await asyncio.sleep(0.005)


async def test_what_is_kept_is_found(cache: Cache) -> None:
    """Byte for byte, under its key alone; the newest counts."""
    await keep(cache)
    await keep(cache, TWO)

    look = await cache.look("k", TAGS)
    other = await cache.look("other", TAGS)

    assert (look.kept, look.fresh, look.mark.tags) == (TWO, True, TAGS)
    assert (other.kept, other.mark) == (None, look.mark)


async def test_an_answer_may_have_no_tags(cache: Cache) -> None:
    """It lasts for its time."""
    await keep(cache, tags=())

    assert (await cache.look("k", ())).kept == ONE


@pytest.mark.parametrize("tag", TAGS)
async def test_dropping_one_of_its_tags_makes_an_answer_void(cache: Cache, tag: str) -> None:
    """At once; and it can be kept anew."""
    await keep(cache)

    await done(cache.drop([tag, "org:c"]))
    void = await cache.look("k", TAGS)
    await keep(cache, TWO)

    assert void.kept is None
    assert (await cache.look("k", TAGS)).kept == TWO


async def test_dropping_another_tag_does_nothing(cache: Cache) -> None:
    """Tags are what they are, and no patterns."""
    await keep(cache)

    await done(cache.drop(["org:*", "org:", "org:ab", "ORG:A"]))

    assert (await cache.look("k", TAGS)).fresh


async def test_what_was_read_before_a_drop_is_not_kept(cache: Cache) -> None:
    """Nor where the tag was never seen before, or was dropped twice."""
    early = (await cache.look("k", TAGS)).mark
    await done(cache.drop(["org:a"]))
    await cache.keep("k", ONE, mark=early, life=LONG)
    first = await cache.look("k", TAGS)
    await done(cache.drop(["org:a"]))
    await cache.keep("k", ONE, mark=first.mark, life=LONG)

    assert first.kept is None
    assert (await cache.look("k", TAGS)).kept is None


async def test_what_was_read_after_a_drop_outlives_a_late_writer(cache: Cache) -> None:
    """A reader from before does not write over it."""
    early = (await cache.look("k", TAGS)).mark
    await done(cache.drop(["org:b"]))
    await keep(cache, TWO)
    await cache.keep("k", ONE, mark=early, life=LONG)

    assert (await cache.look("k", TAGS)).kept == TWO


async def test_a_doubted_tag_makes_an_answer_stale(cache: Cache) -> None:
    """It is given out, and a new one counts from then on; what was read before is stale from the beginning."""
    early = await keep(cache)

    await done(cache.doubt(["org:b"]))
    doubted = await cache.look("k", TAGS)
    await cache.keep("k", TWO, mark=early, life=LONG)
    before = await cache.look("k", TAGS)
    await keep(cache, TWO)

    assert (doubted.kept, doubted.fresh) == (ONE, False)
    assert (before.kept, before.fresh) == (TWO, False)
    assert (await cache.look("k", TAGS)).fresh


async def test_doubting_does_not_bring_back_what_was_dropped(cache: Cache) -> None:
    """In either order."""
    await keep(cache)

    await done(cache.doubt(["org:a"]))
    await done(cache.drop(["org:a"]))
    await done(cache.doubt(["org:a"]))

    assert (await cache.look("k", TAGS)).kept is None


async def test_an_answer_ends_with_its_time(cache: Cache) -> None:
    """A void one is not found."""
    await keep(cache, life=Life(0.03))

    await gone(cache)


async def test_an_answer_is_stale_before_it_ends(cache: Cache) -> None:
    """For as long as was said."""
    await keep(cache, life=Life(0.03, 60))

    assert (await stale(cache)).kept == ONE


async def test_one_leads_after_another(cache: Cache) -> None:
    """Who resigns lets the next one lead; another key has a lead of its own."""
    assert await cache.lead("k")
    assert await cache.lead("other")
    await cache.resign("k")

    assert await cache.lead("k")

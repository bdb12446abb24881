"""Jobs: committed with the call or not at all, run as who enqueued them, at their time, once under a key."""

from datetime import timedelta

import pytest

from portico import Invalid, Misconfigured, OrgContext
from tests.integration.jobs import bakery
from tests.integration.jobs.conftest import Shop

pytestmark = pytest.mark.anyio


async def test_a_job_runs_as_who_enqueued_it(shop: Shop) -> None:
    """Through the gate: the user, the organization, its row level security; what it audits and emits is theirs."""
    portico = shop.portico
    await shop.order("rye")

    assert [(job.name, job.input) for job in await portico.enqueued()] == [("bakery.bake", {"loaf": "rye"})]
    await portico.run_jobs()

    assert ("bake", "rye", shop.ann.id, shop.org.id) in shop.seen
    audits = await portico.rows("select user_id, org_id from portico.audit where action = 'loaf.baked'")
    assert [tuple(row) for row in audits] == [(shop.ann.id, shop.org.id)]
    assert bakery.Baked(loaf="rye") in await portico.emitted()
    assert await portico.enqueued() == []


async def test_a_refused_call_enqueues_nothing(shop: Shop) -> None:
    """Neither job nor event survives the roll-back."""
    result = await shop.caller.call(bakery.order, loaf="rye", refused=True)

    assert isinstance(result.error, bakery.Closed)
    assert await shop.portico.enqueued() == []
    assert await shop.portico.run_jobs() == 0
    assert shop.seen == []


async def test_a_key_makes_one_of_several(shop: Shop) -> None:
    """The last one says when; it is not run before its time, and not at all once it is called off."""
    for minutes in (10, 30):
        (await shop.caller.call(bakery.order_later, loaf="rye", minutes=minutes)).unwrap()
    (await shop.caller.call(bakery.order_later, loaf="spelt", minutes=10)).unwrap()
    (await shop.caller.call(bakery.order_later, loaf="spelt", minutes=0, cancelled=True)).unwrap()

    shop.portico.clock.advance(timedelta(minutes=20))
    assert await shop.portico.run_jobs() == 0
    shop.portico.clock.advance(timedelta(minutes=20))
    assert await shop.portico.run_jobs() == 1

    assert shop.seen == [("bake", "rye", shop.ann.id, shop.org.id)]


async def test_the_urgent_goes_first(shop: Shop) -> None:
    """Then the rest in the order in which it came; a template makes the key of a job's own."""
    (await shop.caller.call(bakery.order_several)).unwrap()

    await shop.portico.run_jobs()

    assert [entry[0] for entry in shop.seen] == ["fire", "bake", "knead", "sweep"]


async def test_a_secret_is_kept_sealed(shop: Shop) -> None:
    """The table shows a sealed text; the job sees the secret."""
    (await shop.caller.send(bakery.confide, {"secret": "yeast"})).unwrap()

    (job,) = await shop.portico.enqueued()
    assert isinstance(job.input, str)
    assert "yeast" not in job.input
    await shop.portico.run_jobs()

    assert shop.seen == [("keep", "yeast")]


async def test_whoever_left_is_let_in_no_more(shop: Shop) -> None:
    """A job for a member is refused when they are none any more, and is not tried again."""
    await shop.order("rye")
    await shop.portico.rows("delete from portico.members where user_id = $1", shop.ann.id)

    await shop.portico.run_jobs()

    assert sorted(str(entry[0]) for entry in shop.seen) == ["count", "observe"]
    assert await shop.dead() == [("bakery.bake", "AUTH_NO_ORGANIZATION")]


async def test_what_cannot_be_enqueued_is_refused_at_once(shop: Shop) -> None:
    """Input that is wrong, an action that is no job, a time without a zone."""
    async with shop.portico.context(OrgContext, user=shop.ann, org=shop.org.id) as ctx:
        with pytest.raises(Invalid):
            ctx.enqueue(bakery.bake, loaf=7)  # type: ignore[arg-type]  # wrong on purpose
        with pytest.raises(Misconfigured, match=r"enqueues bakery\.bake without loaf, with lof; the job takes loaf"):
            ctx.enqueue(bakery.bake, lof="rye")  # type: ignore[call-arg]  # wrong on purpose
        with pytest.raises(Misconfigured, match=r"enqueues bakery\.bake with too much; the job takes loaf"):
            ctx.enqueue(bakery.bake, "rye", *["rye"] * 9)
        with pytest.raises(Misconfigured, match="is a mutation and no job"):
            ctx.enqueue(bakery.order, loaf="rye")  # type: ignore[arg-type]  # wrong on purpose
        with pytest.raises(Misconfigured, match="only a job runs later"):
            bakery.order.later()
        with pytest.raises(Misconfigured, match="says no time zone"):
            bakery.bake.later(at=ctx.now.replace(tzinfo=None))


async def test_a_job_that_enters_an_organization_makes_its_kept_answers_stale(shop: Shop) -> None:
    """Those of that one alone, and only once it is committed."""
    other = await shop.portico.organization("Other")
    ben = shop.portico.app.as_(await shop.portico.member("ben@example.com", org=other.id), org=other.id)
    before = [(await caller.call(bakery.price)).unwrap() for caller in (shop.caller, ben)]

    seen = []
    for refused in (True, False):
        (await shop.caller.call(bakery.reprice, refused=refused)).unwrap()
        await shop.portico.run_jobs()
        seen.append([(await caller.call(bakery.price)).unwrap() for caller in (shop.caller, ben)])

    assert seen[0] == before
    assert seen[1][0] > max(before)
    assert seen[1][1] == before[1]

"""Proves that every server does the same work: same statuses, same headers, same rows written.

`python -m benchmarks` begins with it; `prove` is also what a test calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import httpx2

from benchmarks.databases import Dsn, count
from benchmarks.world import FUTURE, WORLD, Member

PATH = "/api/v1/appointments"
FAR = FUTURE + timedelta(days=365 * 20)
"""Behind every slot that the load books."""

LIMIT_HEADERS = {"ratelimit", "ratelimit-policy"}
ONE_OF_EACH = {"appointments": 1, "audit": 1, "outbox": 1, "idempotency": 1}
FIELDS = {
    *("id", "customer_id", "service_id", "staff_id", "scheduled_at", "ends_at", "status", "notes", "version"),
    "created_at",
}


class Different(Exception):
    """A server does not do what the others do."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A server on trial: where it answers, where it writes."""

    name: str
    client: httpx2.AsyncClient
    database: Dsn
    tables: Mapping[str, str]
    path: str = PATH

    def expect(self, what: str, seen: object, wanted: object) -> None:
        """Refuses anything but the wanted."""
        if seen != wanted:
            raise Different(f"{self.name}: {what} gave {seen!r}, not {wanted!r}.")

    async def post(self, who: Member, key: str | None, **changes: object) -> httpx2.Response:
        """Books for the member; `changes` replace members of the body, `token` and `org` the headers."""
        headers = {"X-Org-Id": str(changes.pop("org", who.org_id))}
        headers |= {"Authorization": f"Bearer {changes.pop('token', who.token)}"}
        headers |= {"Idempotency-Key": key} if key else {}
        return await self.client.post(self.path, json=body_of(who) | changes, headers=headers)

    async def written(self) -> dict[str, int]:
        """The rows of each table that a booking writes."""
        return await count(self.database, dict(self.tables))


def body_of(who: Member) -> dict[str, object]:
    """A booking that nobody else makes."""
    return {
        "customer_id": str(who.customer_id),
        "service_id": str(who.service_id),
        "staff_id": str(who.staff_id),
        "scheduled_at": f"{FAR:%Y-%m-%dT%H:%M:00Z}",
        "notes": "For the proof.",
    }


async def prove(subject: Subject, *, member: int = 0) -> None:
    """Runs the whole proof on one server; `member` chooses who books, for a second proof on the same database."""
    who, other = WORLD.members[member], WORLD.members[member + 1]
    await _refuses(subject, who, other)
    await _books_once(subject, who)
    await _lists(subject, who, other)
    await _echoes(subject)


async def _refuses(subject: Subject, who: Member, other: Member) -> None:
    before = await subject.written()
    for what, answer, status in (
        ("a bad token", await subject.post(who, "p1", token="x" * 64), 401),
        ("another organization", await subject.post(who, "p2", org=other.org_id), 403),
        ("notes that are too long", await subject.post(who, "p3", notes="x" * 501), 422),
        ("a customer_id that is none", await subject.post(who, "p4", customer_id="nobody"), 422),
        ("a missing key", await subject.post(who, None), 400),
        ("a foreign customer", await subject.post(who, "p5", customer_id=str(other.customer_id)), 404),
        ("a foreign staff member", await subject.post(who, "p6", staff_id=str(other.staff_id)), 404),
    ):
        subject.expect(what, answer.status_code, status)
        subject.expect(f"{what}: its type", answer.headers["content-type"].split(";")[0], "application/problem+json")
    after = await subject.written()
    for name in ("appointments", "outbox", "idempotency"):
        subject.expect(f"refusals in {name}", after[name] - before[name], 0)


async def _books_once(subject: Subject, who: Member) -> None:
    before, key = await subject.written(), f"proof-{who.id}"
    first = await subject.post(who, key)
    replayed = await subject.post(who, key)
    after = await subject.written()
    subject.expect("the first", first.status_code, 201)
    subject.expect("the rows written", {name: after[name] - before[name] for name in ONE_OF_EACH}, ONE_OF_EACH)
    data = first.json()["data"]
    subject.expect("the members of an appointment", set(data), FIELDS)
    subject.expect("Location", first.headers["location"].rpartition("/")[2], data["id"])
    subject.expect("the headers of the limit", LIMIT_HEADERS & set(first.headers), LIMIT_HEADERS)
    subject.expect("the replay", (replayed.status_code, replayed.content), (201, first.content))
    subject.expect("the replay's mark", replayed.headers.get("idempotent-replayed"), "true")
    subject.expect("the replay's Location", replayed.headers["location"], first.headers["location"])
    subject.expect("another payload", (await subject.post(who, key, notes="Other.")).status_code, 422)
    subject.expect("a taken slot", (await subject.post(who, f"{key}-again")).status_code, 409)


async def _lists(subject: Subject, who: Member, other: Member) -> None:
    async def page(after: str | None, **changes: str) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {who.token}", "X-Org-Id": str(who.org_id)} | changes
        query = {"limit": "20"} | ({"after": after} if after else {})
        return await subject.client.get(PATH, params=query, headers=headers)

    first = (await page(None)).json()
    second = (await page(first["meta"]["after"])).json()
    rows = [row["id"] for row in first["data"] + second["data"]]
    wanted = sorted((b.scheduled_at, b.id) for b in WORLD.bookings() if b.org_id == who.org_id)[:40]
    subject.expect("two pages", rows, [str(row) for _, row in wanted])
    subject.expect("the members of a row", set(first["data"][0]), FIELDS)
    subject.expect("a list without a session", (await page(None, Authorization="Bearer x")).status_code, 401)
    subject.expect("another's list", (await page(None, **{"X-Org-Id": str(other.org_id)})).status_code, 403)


async def _echoes(subject: Subject) -> None:
    small = {"name": "a small body", "count": 7}
    good = await subject.client.post("/api/v1/empty", json=small)
    bad = await subject.client.post("/api/v1/empty", json=small | {"count": 1001})
    subject.expect("the empty action", (good.status_code, good.json()), (200, {"data": small}))
    subject.expect("an invalid small body", bad.status_code, 422)
    subject.expect("the headers of the address's limit", LIMIT_HEADERS & set(good.headers), LIMIT_HEADERS)

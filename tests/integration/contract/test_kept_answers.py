"""A stored answer has the shape of the version that it was given in; a key is of one version."""

from datetime import date

import pytest
from pydantic import BaseModel

from portico import Anyone, App, Change, Idempotent, Invalidates, Module, OrgContext, Slice, User, Version
from portico.testing import Client, Harness

pytestmark = pytest.mark.anyio
DAY = date(2026, 11, 20)
MADE: list[str] = []


class Whole(BaseModel):
    """As it was."""

    name: str


class Parts(BaseModel):
    """As it is."""

    first: str
    last: str


def told_whole(parts: Parts) -> Whole:
    """In one."""
    return Whole(name=f"{parts.first} {parts.last}")


def taken_whole(whole: Whole) -> Parts:
    """In two."""
    first, _, last = whole.name.partition(" ")
    return Parts(first=first, last=last)


V2 = Version("v2", DAY, (Change(DAY, "In two parts.", (told_whole,), (taken_whole,)),))
guests = Module("guests", versions=(Version("v1", DAY), V2))


@guests.mutation(
    "POST /guests",
    Anyone("whoever belongs may bring guests"),
    Idempotent(required=True),
    Invalidates("guests"),
)
async def bring(_ctx: OrgContext, data: Parts) -> Parts:
    """Bring a guest."""
    MADE.append(data.first)
    return data


@guests.query("GET /guests", Anyone("whoever belongs may look"))
async def find(_ctx: OrgContext) -> Slice[Parts]:
    """List the guests."""
    return Slice([Parts(first=name, last="?") for name in MADE], limit=9)


app = App("party", modules=[guests])


@pytest.fixture(scope="session")
def portico_app() -> App:
    """The party."""
    return app


@pytest.fixture
async def host(portico: Harness) -> Client:
    """Somebody who may bring guests."""
    MADE.clear()
    org = await portico.organization("Party")
    user: User = await portico.member("hanna@x.test", org=org.id)
    return portico.client(user, org=org.id)


async def test_a_replay_has_the_shape_of_its_version(host: Client) -> None:
    """Byte for byte what was answered, and done once."""
    key = {"idempotency-key": "k1"}

    first = await host.post("/api/v1/guests", {"name": "Ada Lovelace"}, headers=key)
    again = await host.post("/api/v1/guests", {"name": "Ada Lovelace"}, headers=key)

    assert first.json["data"] == {"name": "Ada Lovelace"}
    assert (again.status, again.content) == (first.status, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert MADE == ["Ada"]


async def test_a_key_is_of_one_version(host: Client) -> None:
    """Another one's answer would have another shape."""
    key = {"idempotency-key": "k1"}
    await host.post("/api/v1/guests", {"name": "Ada Lovelace"}, headers=key)

    other = await host.post("/api/v2/guests", {"first": "Ada", "last": "Lovelace"}, headers=key)

    assert (other.status, other.json["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert MADE == ["Ada"]


async def test_both_versions_read_what_either_has_written(host: Client) -> None:
    """There is one application beneath."""
    await host.post("/api/v1/guests", {"name": "Ada Lovelace"}, headers={"idempotency-key": "k1"})
    await host.post("/api/v2/guests", {"first": "Max", "last": "Born"}, headers={"idempotency-key": "k2"})

    old, new = [(await host.get(f"/api/{version}/guests")).json["data"] for version in ("v1", "v2")]

    assert [row["name"] for row in old] == ["Ada ?", "Max ?"]
    assert [row["first"] for row in new] == ["Ada", "Max"]

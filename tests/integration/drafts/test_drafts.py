"""A wizard is saved step by step on the server, is its user's own, and ends in one transaction."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from portico import Misconfigured, UserContext
from portico.modules.drafts import Draft
from portico.testing import Client, Harness, Reply, open_harness
from portico.testing.databases import Databases
from tests.integration.drafts.party import Day, Party, Vault, Who, make_app
from tests.integration.forms.browser import Browser

pytestmark = pytest.mark.anyio
PATH = "/api/v1/drafts/party"
COOKIE = "__Host-draft-party"
MISSING = (404, "BIZ_DRAFT_NOT_FOUND", "No draft found. Please start from step 1.")


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the second step."""
    folder = tmp_path_factory.mktemp("templates")
    (folder / "guests.html").write_text('{{ form("party.save_guests") }}{{ form("party.celebrate") }}')
    return folder


@pytest.fixture
async def portico(templates: Path, portico_databases: Databases) -> AsyncIterator[Harness]:
    """The party's application, empty."""
    app = make_app(templates)
    async with open_harness(app, await portico_databases.of(app)) as harness:
        await harness.empty()
        yield harness


async def host(portico: Harness, email: str = "ada@example.com") -> Client:
    """Somebody's browser."""
    client = portico.client()
    client.cookies["__Host-session"] = portico.token(await portico.member(email))
    return client


async def save(client: Client, step: str, **data: object) -> Reply:
    """Save a step, from our own page."""
    return await client.send("PUT", f"{PATH}/{step}", json=data, headers={"sec-fetch-site": "same-origin"})


async def finish(client: Client, key: str = "") -> Reply:
    """Make the party."""
    headers = {"sec-fetch-site": "same-origin", **({"idempotency-key": key} if key else {})}
    return await client.post(PATH, {}, headers=headers)


async def planned(portico: Harness) -> Client:
    """A browser whose draft is whole."""
    client = await host(portico)
    await save(client, "who", host="Ada")
    await save(client, "guests", names=["Bob"])
    assert (await save(client, "day", year=2030)).status == 200
    return client


def refused(reply: Reply) -> tuple[int, str, str]:
    """Status, code and words."""
    return reply.status, reply.json["code"], reply.json["detail"]


async def drafts(portico: Harness) -> int:
    """How many there are."""
    return int((await portico.rows("select count(*) from portico.drafts"))[0][0])


async def test_a_wizard_goes_to_its_end(portico: Harness) -> None:
    """Any order after the first step, back and forth; the end makes the thing and leaves no draft and no cookie."""
    client = await host(portico)

    begun = await save(client, "who", host="Ada")
    later = await save(client, "day", year=2031)
    again = await save(client, "who", host="Grace")
    whole = await save(client, "guests", names=["Bob", "Cleo"])
    made = await finish(client)

    assert begun.json["data"]["missing"] == ["guests", "day"]
    assert later.json["data"]["missing"] == ["guests"]
    assert again.json["data"]["steps"] == {"who": {"host": "Grace"}, "day": {"year": 2031}}
    assert whole.json["data"]["missing"] == []
    assert {name: made.json["data"][name] for name in ("host", "guests", "year")} == {
        "host": "Grace",
        "guests": 2,
        "year": 2031,
    }
    assert COOKIE not in client.cookies
    assert await drafts(portico) == 0
    assert refused(await client.get(PATH)) == MISSING


async def test_the_draft_s_id_is_in_a_cookie_that_no_script_reads(portico: Harness) -> None:
    """HttpOnly, Secure, SameSite, for 24 hours."""
    reply = await save(await host(portico), "who", host="Ada")

    said = reply.headers["set-cookie"]
    assert said.startswith(f"{COOKIE}=")
    assert {"Path=/", "Secure", "SameSite=Lax", "HttpOnly", "Max-Age=86400"} <= set(said.split("; "))


async def test_each_step_is_checked_by_its_own_model(portico: Harness) -> None:
    """What is wrong is not saved, and what was saved before stays."""
    client = await planned(portico)

    reply = await save(client, "day", year=1066)

    assert (reply.status, list(reply.json["errors"])) == (422, ["year"])
    assert (await client.get(PATH)).json["data"]["steps"]["day"] == {"year": 2030}


async def test_only_the_first_step_begins_a_draft(portico: Harness) -> None:
    """Without one, every other step, the draft and its end are answered with where to start."""
    client = await host(portico)

    replies = [await save(client, "day", year=2030), await client.get(PATH), await finish(client)]

    assert [refused(reply) for reply in replies] == [MISSING] * 3


async def test_somebody_else_s_draft_is_none(portico: Harness) -> None:
    """The id alone is worth nothing: not to read, to save, to end or to throw away; the owner loses nothing."""
    owner, other = await planned(portico), await host(portico, "eve@example.com")
    other.cookies[COOKIE] = owner.cookies[COOKIE]

    own_site = {"sec-fetch-site": "same-origin"}
    replies = [
        await other.get(PATH),
        await save(other, "day", year=2040),
        await finish(other),
        await other.send("DELETE", PATH, headers=own_site),
    ]

    assert [refused(reply) for reply in replies] == [MISSING] * 4
    assert (await owner.get(PATH)).json["data"]["steps"]["day"] == {"year": 2030}
    begun = await save(other, "who", host="Eve")
    assert begun.json["data"]["missing"] == ["guests", "day"]
    assert await drafts(portico) == 2


@pytest.mark.parametrize("cookie", ["junk", "", "01890000-0000-7000-8000-000000000000"])
async def test_an_id_that_is_none_is_no_draft(portico: Harness, cookie: str) -> None:
    """Whatever a browser sends."""
    client = await planned(portico)
    client.cookies[COOKIE] = cookie

    assert refused(await client.get(PATH)) == MISSING


async def test_a_draft_ends_24_hours_after_it_was_last_saved(portico: Harness) -> None:
    """From then on it is as if it never was."""
    client = await planned(portico)
    portico.clock.advance(timedelta(hours=23))
    await save(client, "day", year=2031)
    portico.clock.advance(timedelta(hours=23))
    kept = await client.get(PATH)

    portico.clock.advance(timedelta(hours=1, seconds=1))

    assert kept.status == 200
    assert refused(await client.get(PATH)) == MISSING
    assert refused(await save(client, "day", year=2032)) == MISSING
    assert refused(await finish(client)) == MISSING


async def test_a_draft_that_is_not_whole_is_not_finished(portico: Harness) -> None:
    """What is missing is told by step, and nothing is lost."""
    client = await host(portico)
    await save(client, "who", host="Ada")

    reply = await finish(client)

    assert (reply.status, sorted(reply.json["errors"])) == (422, ["day", "guests"])
    assert (await client.get(PATH)).json["data"]["missing"] == ["guests", "day"]


async def test_what_the_end_refuses_leaves_the_draft(portico: Harness) -> None:
    """One transaction: the draft's end is undone with the rest."""
    client = await planned(portico)
    await save(client, "day", year=2020)

    reply = await finish(client)

    assert (reply.status, reply.json["code"]) == (409, "BIZ_NO_PARTY")
    assert (await client.get(PATH)).json["data"]["steps"]["day"] == {"year": 2020}


async def test_a_repeated_end_is_answered_as_the_first(portico: Harness) -> None:
    """Under its key; the draft is gone, and only one party was made."""
    client = await planned(portico)

    first, second = await finish(client, "k1"), await finish(client, "k1")

    assert (first.status, second.status) == (200, 200)
    assert first.json == second.json
    assert second.headers["idempotent-replayed"] == "true"


async def test_a_draft_is_bounded(portico: Harness) -> None:
    """64 KiB, and one of a kind for each user: who begins again begins anew."""
    client = await host(portico)
    await save(client, "who", host="Ada")

    large = await save(client, "guests", names=["x" * 10] * 9000)
    client.cookies.pop(COOKIE)
    begun = await save(client, "who", host="Grace")

    assert (large.status, large.json["code"]) == (413, "BIZ_DRAFT_TOO_LARGE")
    assert begun.json["data"]["steps"] == {"who": {"host": "Grace"}}
    assert await drafts(portico) == 1


async def test_a_draft_can_be_thrown_away(portico: Harness) -> None:
    """With its cookie."""
    client = await planned(portico)

    reply = await client.send("DELETE", PATH, headers={"sec-fetch-site": "same-origin"})

    assert reply.json["data"] == {"success": True}
    assert (COOKIE in client.cookies, await drafts(portico)) == (False, 0)


async def test_a_member_with_another_name_on_the_wire_is_one_at_the_end_too(portico: Harness) -> None:
    """However deep it stands; what is wrong with it is told by the name that callers use."""
    client, path, own = await host(portico), "/api/v1/drafts/dinner", {"sec-fetch-site": "same-origin"}
    saved = {"cookName": "Ada", "courses": [{"mainDish": "soup"}]}

    begun = await client.send("PUT", f"{path}/menu", json=saved, headers=own)
    made = await client.post(path, {}, headers=own)
    await client.send("PUT", f"{path}/menu", json=saved, headers=own)
    await portico.rows('update portico.drafts set steps = \'{"menu": {"courses": []}}\'')
    refused = await client.post(path, {}, headers=own)

    assert begun.status == 200
    assert (made.status, made.json) == (200, {"data": "Ada: soup"})
    assert (refused.status, list(refused.json["errors"])) == (422, ["menu.cookName"])


async def test_a_draft_of_an_organization_is_one_s_own_in_it_alone(portico: Harness) -> None:
    """In another organization of the same user there is none."""
    alpha, beta = await portico.organization("Alpha"), await portico.organization("Beta")
    client = await host(portico)
    for org in (alpha, beta):
        join = "insert into portico.members (org_id, user_id, role) select $1, id, 'member' from portico.users"
        await portico.rows(join, org.id)
    path = "/api/v1/drafts/office-party"

    async def sent(method: str, org: object, step: str = "", **data: object) -> Reply:
        headers = {"sec-fetch-site": "same-origin", "x-org-id": str(org)}
        return await client.send(method, path + step, json=data or None, headers=headers)

    begun = await sent("PUT", alpha.id, "/who", host="Ada")
    elsewhere = await sent("GET", beta.id)
    here = await sent("GET", alpha.id)

    assert begun.status == here.status == 200
    assert refused(elsewhere) == MISSING


async def test_a_draft_of_no_organization_is_none_of_one(portico: Harness) -> None:
    """One that an earlier release has begun for the user alone: not to read, to save, or to end."""
    org = await portico.organization("Alpha")
    client, own = await host(portico), {"sec-fetch-site": "same-origin", "x-org-id": str(org.id)}
    await portico.rows(
        "insert into portico.members (org_id, user_id, role) select $1, id, 'member' from portico.users", org.id
    )
    path = "/api/v1/drafts/office-party"
    await client.send("PUT", f"{path}/who", json={"host": "Ada"}, headers=own)
    await portico.rows("update portico.drafts set org_id = null")

    replies = [
        await client.send("GET", path, headers=own),
        await client.send("PUT", f"{path}/guests", json={"names": ["Bob"]}, headers=own),
        await client.send("POST", path, json={}, headers=own),
        await client.send("DELETE", path, headers=own),
    ]

    assert [refused(reply) for reply in replies] == [MISSING] * 4


async def test_a_step_is_a_form_and_the_end_another(portico: Harness) -> None:
    """Drawn from the step's model, saved without JavaScript; the end leads to the thing."""
    client = await planned(portico)
    visitor = await Browser(client).open("/party/guests")

    wrong = await visitor.submit("/party/guests", **{"names[]": ""})
    right = await visitor.submit("/party/guests", **{"names[0]": "Bob", "names[1]": "", "names[2]": "Cleo"})
    saved = (await client.get(PATH)).json["data"]["steps"]["guests"]
    await visitor.open("/party/guests")
    made = await visitor.submit("/party")

    assert wrong.status == 422
    assert (right.status, right.headers["location"]) == (303, "/party/day")
    assert saved == {"names": ["Bob", "Cleo"]}
    assert made.status == 303
    assert made.headers["location"].startswith("/parties/")
    assert COOKIE not in client.cookies


# -- what cannot be declared -------------------------------------------------------------------------------------------
def test_a_wizard_is_declared_with_models_of_different_names() -> None:
    """Each mistake is told with what to write."""
    with pytest.raises(Misconfigured, match="different names"):
        Draft("twice", steps=(Who, Who))
    with pytest.raises(Misconfigured, match="different names"):
        Draft("nothing", steps=())
    with pytest.raises(Misconfigured, match="Vault has a secret"):
        Draft("vault", steps=(Vault,))
    with pytest.raises(Misconfigured, match="lower-case"):
        Draft("Party", steps=(Who,))


def test_the_end_takes_the_steps_by_their_types() -> None:
    """A parameter that is no step is refused with the signature to write."""
    draft = Draft("other", steps=(Who,))

    with pytest.raises(Misconfigured, match=r"write async def wrong\(ctx: UserContext, who: Who\)"):

        @draft.finalize()
        async def wrong(ctx: UserContext, day: Day) -> Party:
            """Take what is no step."""
            raise NotImplementedError

"""A client that tells the contract it was made for is told the server's; nobody else is."""

import pytest

from portico.generate.typescript import digest_of
from portico.testing import Harness
from salon.app import app as salon
from tests.integration.office.app import app
from tests.integration.office.people import Office

pytestmark = pytest.mark.anyio
ASKED = {"x-contract": "of-yesterday"}
PLAN = next(plan for plan in app.plans.values() if plan.action.kind == "query" and plan.action.name == "identity.me")
PATH = "/api/auth/me"


async def test_an_answer_tells_the_action_s_own(alpha: Office, portico: Harness) -> None:
    """A success, and a refusal before anybody is known."""
    known = await portico.client(alpha.owner).get(PATH, ASKED)
    nobody = await portico.client().get(PATH, ASKED)

    assert (known.status, nobody.status) == (200, 401)
    assert known.headers["x-contract"] == nobody.headers["x-contract"] == digest_of(PLAN)


async def test_who_does_not_ask_is_not_told(alpha: Office, portico: Harness) -> None:
    """Other clients pay for nothing."""
    reply = await portico.client(alpha.owner).get(PATH)

    assert "x-contract" not in reply.headers


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/static/nothing.js", f"{PATH}/more"])
async def test_what_is_not_there_has_none(portico: Harness, path: str) -> None:
    """So a client learns that the action itself is gone, and not only the row that it asked for."""
    reply = await portico.client().get(path, ASKED)

    assert reply.status == 404
    assert reply.headers["x-contract"] == "none"


async def test_another_method_has_none(portico: Harness) -> None:
    """The action that was meant is not served there any more."""
    reply = await portico.client().send("PUT", PATH, headers=ASKED)

    assert reply.status == 405
    assert reply.headers["x-contract"] == "none"


async def test_a_refused_origin_is_told_all_the_same(portico: Harness) -> None:
    """What refuses early refuses in the same shape."""
    headers = {**ASKED, "cookie": "__Host-session=x", "sec-fetch-site": "cross-site"}
    reply = await portico.client().send("PATCH", PATH, headers=headers)

    assert reply.status == 403
    assert reply.headers["x-contract"] not in {"", "none"}


def test_every_action_of_the_salon_has_one_of_its_own() -> None:
    """No two are taken for each other."""
    found = [digest_of(plan) for plan in salon.plans.values() if plan.action.kind != "job"]

    assert len(set(found)) == len(found)

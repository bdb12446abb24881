"""What a caller would call a secret is written nowhere but where it was asked for: not kept, not logged, not told."""

import logging
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from portico.adapters.postgres.servers import Urls
from portico.testing import Client, Harness, Reply, open_harness
from tests.integration.identity.alice import AUTH, BROWSER, EMAIL, PASSWORD, browser, register, sign_up, token_sent
from tests.integration.identity.authenticators import turn_on
from tests.promises.conftest import GENEROUS
from tests.promises.registry import app, gather

pytestmark = pytest.mark.anyio
WRONG, NEXT, WEAK = "Mistyped-Horse-3", "Another-Horse-2", "weakhorse"
EVERYTHING = """
    select format('select coalesce(string_agg(t::text, chr(10)), %L) from %s t', '', c.oid::regclass) from pg_class c
     where c.relnamespace = 'portico'::regnamespace and c.relkind = 'r' and c.relname <> 'proof_key'
"""


class Tour:
    """A person's way through everything, with all secrets that it met and all refusals that it was told."""

    def __init__(self, portico: Harness) -> None:
        """Nothing is known yet."""
        self.portico = portico
        self.secrets = {PASSWORD, WRONG, NEXT, WEAK}
        self.refusals: list[str] = []

    async def post(self, client: Client, path: str, **body: object) -> Reply:
        """Post something, under a key of its own."""
        key = {"idempotency-key": uuid4().hex}
        url = path if path.startswith("/") else f"{AUTH}/{path}"
        reply = await client.post(url, body, headers={**BROWSER, **key})
        if reply.status >= 400:
            self.refusals.append(reply.text)
        self.secrets |= {*client.cookies.values()}
        return reply

    async def link(self) -> str:
        """The token of the newest mail."""
        token = await token_sent(self.portico)
        self.secrets.add(token)
        return token

    async def account(self) -> Client:
        """Signed up, mistyped, a second factor, keys; what is shown once is remembered here."""
        portico = self.portico
        await register(portico)
        await self.link()
        alice = await browser(portico)
        for body in ({"password": WRONG}, {"password": ""}, {"password": PASSWORD}):
            await self.post(alice, "sudo", **body)
        key = await self.post(alice, "keys", name="key", scopes=["*"])
        factor = await turn_on(portico, alice)
        codes = (await self.post(alice, "totp/recovery-codes")).json["data"]["recovery_codes"]
        ticket = (await self.post(portico.client(), "sign-in", email=EMAIL, password=PASSWORD)).json["data"][
            "second_factor"
        ]
        for code in ("000000", "not-a-code"):
            await self.post(portico.client(), "sign-in/second-factor", ticket=ticket, code=code, recovery_code=codes[0])
        self.secrets |= {key.json["data"]["token"], ticket, *codes, *factor.recovery_codes, factor.secret}
        return alice

    async def mistakes(self, alice: Client) -> None:
        """Passwords that are refused, links that are worthless, tokens where none belong."""
        await sign_up(self.portico, password=WEAK, email="bob@example.com")
        await self.post(alice, "password", current=WRONG, new=NEXT)
        await self.post(alice, "password", current=PASSWORD, new=WEAK)
        await self.post(self.portico.client(), "password/forgot", email=EMAIL)
        token = await self.link()
        await self.post(self.portico.client(), "verify-email", token=token)
        await self.post(self.portico.client(), "password/reset", token=token, password=WEAK)
        await self.post(self.portico.client(), "password/reset", token=token, password=NEXT)
        await self.post(self.portico.client(), "password/reset", token=token, password=NEXT)
        self.refusals.append((await alice.get(f"/api/v1/organizations/invitations/preview?token={token}")).text)
        self.refusals.append((await alice.get(f"{AUTH}/me", {"authorization": f"Bearer {token}"})).text)


@pytest.fixture
async def logged(registry_urls: Urls) -> AsyncIterator[Harness]:
    """The registry with all its log lines: for the log of what is slow, everything is."""
    slow = {"portico_slow_statement": 1e-6, "portico_slow_action": 1e-6, "portico_repeated_statements": 1}
    settings = {"portico_rate_limit_factor": GENEROUS, "portico_access_log": True, "portico_log": "json", **slow}
    async with open_harness(app, registry_urls, **settings) as portico:
        await portico.empty()
        yield portico


async def test_no_secret_is_written_anywhere(
    logged: Harness, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not in any row, whatever its table; not in a log line, at any level; not in what a refusal says."""
    caplog.set_level(logging.DEBUG)
    tour, callers = Tour(logged), await gather(logged)
    await tour.mistakes(await tour.account())
    organization = f"/api/v1/organizations/{callers.org}"
    made = await tour.post(callers.of["owner"], f"{organization}/keys", name="key", scopes=["members:read"])
    await tour.post(callers.of["owner"], f"{organization}/invitations", email="new@example.com", role="member")
    tour.secrets |= {made.json["data"]["token"], await tour.link()}
    logged.app.running.access.flush()

    kept = [(await logged.rows(sql))[0][0] for (sql,) in await logged.rows(EVERYTHING)]
    written = {
        "rows": "\n".join(kept),
        "log": caplog.text + "".join(capsys.readouterr()),
        "told": "\n".join(tour.refusals),
    }

    assert len(tour.secrets) >= 25
    assert f'"path":"{AUTH}/sudo"' in written["log"]
    assert "a statement of identity.sign_in took" in written["log"]
    assert {where: len(text) > 2000 for where, text in written.items()} == dict.fromkeys(written, True)
    assert [(where, secret) for where, text in written.items() for secret in tour.secrets if secret in text] == []

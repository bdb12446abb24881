"""Passwords over the wire: judged by the settings, verified as slowly for strangers, hashed anew as costs change."""

from uuid import UUID

import pytest
from argon2 import PasswordHasher

from portico import User, UserContext
from portico.adapters.argon2 import CHEAPEST, Argon2Hasher
from portico.app.running import open_application
from portico.modules.identity.passwords import RENEW, proof_of
from portico.testing import Harness, Reply
from portico.testing.harness import settings_for
from tests.integration.office.people import code, fields

pytestmark = pytest.mark.anyio
EMAIL, PASSWORD = "alice@example.com", "Correct-Horse-1"
SIGN_IN = "/api/auth/sign-in"
DEARER = PasswordHasher(2, 16, 1)


class Counting(Argon2Hasher):
    """Counts what it computes."""

    def __init__(self) -> None:
        super().__init__(CHEAPEST)
        self.made: list[str] = []

    async def hash(self, password: str) -> str:
        """Count a hash."""
        self.made.append("hash")
        return await super().hash(password)

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Count a verification."""
        self.made.append("verify")
        return await super().verify(password, hashed)


async def alice(portico: Harness, hashed: str) -> User:
    """Alice, with a stored password."""
    user = await portico.member(EMAIL)
    await portico.rows("update portico.users set password_hash = $1 where id = $2", hashed, user.id)
    return user


async def stored(portico: Harness) -> str:
    """What is kept of Alice's password."""
    return str((await portico.rows("select password_hash from portico.users where email = $1", EMAIL))[0][0])


async def sign_in(portico: Harness, email: str = EMAIL, password: str = PASSWORD) -> Reply:
    """Sign in."""
    return await portico.client().post(SIGN_IN, {"email": email, "password": password})


async def test_all_that_is_wrong_with_a_password_is_told_at_once(portico: Harness) -> None:
    """In the caller's language, beside the field, without a letter of it."""
    body = {"email": "bob.fisher@example.com", "password": "fisher1", "name": "Bob Fisher"}

    reply = await portico.client().post("/api/auth/sign-up", body, headers={"accept-language": "de"})

    assert code(reply) == (422, "VALIDATION_ERROR")
    assert fields(reply) == {
        "password": ["VAL_TOO_SHORT", "VAL_WEAK_PASSWORD", "VAL_COMMON_PASSWORD", "VAL_PASSWORD_LIKE_NAME"]
    }
    assert "Bitte mindestens 8 Zeichen" in reply.text
    assert "fisher1" not in reply.text


async def test_a_hash_of_another_cost_is_made_anew_at_sign_in(portico: Harness) -> None:
    """Once, by whoever knows the password; it is the same password afterwards."""
    await alice(portico, former := DEARER.hash(PASSWORD))

    wrong = await sign_in(portico, password="Wrong-Horse-1")
    after_wrong = await stored(portico)
    first = await sign_in(portico)
    renewed = await stored(portico)
    again = await sign_in(portico)

    assert [reply.status for reply in (wrong, first, again)] == [401, 200, 200]
    assert after_wrong == former != renewed
    assert await stored(portico) == renewed


async def test_a_password_that_was_changed_meanwhile_stays_changed(portico: Harness) -> None:
    """A hash takes the place of the one that was verified alone, and of one's own alone."""
    user = await alice(portico, "changed")
    bob = await portico.member("bob@example.com")

    async def renew(whose: UUID, former: str, by: User) -> bool:
        async with portico.context(UserContext, user=by) as ctx:
            proof = proof_of(ctx, whose, "new")
            return await ctx.db.one(RENEW, bool, user_id=whose, former_hash=former, password_hash="new", proof=proof)

    assert await renew(user.id, "changed", user)
    assert not await renew(user.id, "verified", user)
    assert not await renew(user.id, "changed", bob)


async def test_a_stranger_waits_as_long_as_whoever_mistypes(portico: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown address, one without a password, and a wrong password: one verification each, and the same answer."""
    await alice(portico, Argon2Hasher(CHEAPEST)._hasher.hash(PASSWORD))
    await portico.member("keyless@example.com")
    seen: list[tuple[object, list[str]]] = []

    for email in (EMAIL, "keyless@example.com", "nobody@example.com"):
        counting = Counting()
        services = portico.app.running.pipeline.services
        with monkeypatch.context() as patch:
            patch.setattr(type(services), "hasher", counting)
            seen.append((code(await sign_in(portico, email, "Wrong-Horse-1")), counting.made))
        await counting.close()

    assert seen == [((401, "AUTH_INVALID_CREDENTIALS"), ["verify"])] * 3


async def test_an_application_that_closes_ends_its_hashing(portico: Harness) -> None:
    """No thread of it is left behind."""
    async with open_application(portico.app, settings_for(portico.urls)) as running:
        hasher = running.pipeline.services.hasher
        await hasher.hash(PASSWORD)

    with pytest.raises(RuntimeError, match="shutdown"):
        await hasher.hash(PASSWORD)

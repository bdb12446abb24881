"""What a new password must be like, and how passwords are hashed."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from threading import Event

import pytest
from argon2 import extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY
from pydantic import SecretStr

from portico import Call, Invalid, Misconfigured, Unavailable
from portico.adapters.argon2 import CHEAPEST, MOST_WAITING, NICENESS, STANDARD, Argon2Hasher, Cost
from portico.adapters.zxcvbn import ZxcvbnPasswords
from portico.app.passwords import hasher_of, rules_of
from portico.app.settings import read_settings
from portico.core.passwords import PasswordRules
from portico.errors.catalogs import Catalogs
from portico.modules.identity.passwords import HashesPassword
from portico.ports.database import Facts
from portico.testing import Harness

pytestmark = pytest.mark.anyio
SHORT, WEAK, COMMON, LIKE_NAME = "VAL_TOO_SHORT", "VAL_WEAK_PASSWORD", "VAL_COMMON_PASSWORD", "VAL_PASSWORD_LIKE_NAME"
STRICT = PasswordRules(common=ZxcvbnPasswords())
WANTED = "Correct-horse-7"


async def broken(password: str, *about: str, rules: PasswordRules = STRICT) -> list[str]:
    """The codes of the rules that a password breaks."""
    return [finding.code for finding in await rules.findings(password, about)]


# -- rules -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("password", "codes"),
    [
        (WANTED, []),
        ("Ünïcödé-9", []),
        ("Abc-def", [SHORT, WEAK]),
        ("lower-case-1", [WEAK]),
        ("UPPER-CASE-1", [WEAK]),
        ("No-Digit-Here", [WEAK]),
        ("NoSpecial123", [WEAK]),
        ("Password1!", [COMMON]),
        ("qwerty12!A", []),
        ("iloveyou", [WEAK, COMMON]),
        ("Dragon12!?", [COMMON]),
        ("", [SHORT, WEAK]),
    ],
)
async def test_every_broken_rule_is_told_at_once(password: str, codes: list[str]) -> None:
    """Length, kinds of characters, and what everybody tries first, with a tail of digits and punctuation too."""
    assert await broken(password) == codes


@pytest.mark.parametrize(
    ("password", "about", "refused"),
    [
        ("Lovelace-1842", "ada.lovelace@example.com", True),
        ("x-LOVELACE-1842", "Ada Lovelace", True),
        ("Maße-und-Maß-1", "MASSE", True),
        ("Example-1842", "ada.lovelace@example.com", False),
        ("Adamant-1842", "ada@example.com", False),
        ("Lovelace-1842", "", False),
    ],
)
async def test_a_password_is_not_one_s_name(password: str, about: str, *, refused: bool) -> None:
    """Nor the local part of one's address, in any case; words of three letters stand in too many others."""
    assert await broken(password, about) == ([LIKE_NAME] if refused else [])


async def test_the_rules_are_settings() -> None:
    """Length, kinds of characters, and the list of common passwords; the length has a floor."""
    lax = rules_of(read_settings(portico_password_classes=0, portico_password_common=False))
    long = rules_of(read_settings(portico_password_min_length=16))

    assert await broken("password", rules=lax) == []
    assert await broken("password", rules=rules_of(read_settings())) == [WEAK, COMMON]
    assert await broken(WANTED, rules=long) == [SHORT]
    with pytest.raises(Misconfigured, match="PORTICO_PASSWORD_MIN_LENGTH"):
        read_settings(portico_password_min_length=7)


async def test_every_finding_has_words_with_its_number() -> None:
    """In every language."""
    findings = await STRICT.findings("iloveyou"[:6], ["love"]) + await STRICT.findings("password")
    catalogs = Catalogs()

    for language in catalogs.languages:
        words = [catalogs.finding(finding, language) for finding in findings]
        assert len(set(words)) == 4
        assert "{" not in str(words)


def call(password: str, *, facts: Facts | None = None, **input: object) -> Call:
    """A call with a new password."""
    return Harness.policy_call(facts=facts, input={"new": SecretStr(password), **input})


async def test_a_broken_rule_stands_beside_its_member() -> None:
    """In the shape of any other finding about a field, and nothing is hashed."""
    made = call("lovelace-1", email="lovelace@example.com")

    refusal = await HashesPassword("new").check(made)

    assert isinstance(refusal, Invalid)
    assert {m: [f.code for f in found] for m, found in (refusal.errors or {}).items()} == {"new": [WEAK, LIKE_NAME]}
    assert made.found == {}


async def test_who_is_signed_in_is_known_without_being_asked() -> None:
    """A changed password is held against the account's name and address."""
    facts = Facts(user_id=Harness.policy_call().services.ids.new(), user_email="grace@example.com", user_name="Hopper")

    refusals = [await HashesPassword("new").check(call(p, facts=facts)) for p in ("Grace-of-17", "Hopper-17", WANTED)]

    assert [type(refusal) for refusal in refusals] == [Invalid, Invalid, type(None)]


async def test_a_fit_password_is_hashed() -> None:
    """The handler finds the hash, and never the password."""
    made = call(WANTED)

    assert await HashesPassword("new").check(made) is None
    assert await made.services.hasher.verify(WANTED, str(made.found["password_hash"]))


# -- hashing -----------------------------------------------------------------------------------------------------------
@pytest.fixture
async def hasher() -> AsyncIterator[Argon2Hasher]:
    """A cheap one, with one thread."""
    made = Argon2Hasher(CHEAPEST, at_once=1)
    yield made
    await made.close()


async def test_a_hash_of_another_cost_is_outdated(hasher: Argon2Hasher) -> None:
    """Cheaper or dearer, it is verified as before; one of the same cost stays."""
    dearer = Argon2Hasher(Cost(16, 2, 1))
    former = await dearer.hash("x")
    await dearer.close()

    assert hasher.outdated(former)
    assert await hasher.verify("x", former)
    assert not hasher.outdated(await hasher.hash("x"))


async def test_where_there_is_no_hash_as_much_is_computed(
    hasher: Argon2Hasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One verification at the same cost, from the very first on; so time tells nothing of who is registered."""
    verified: list[str] = []
    matches = hasher._matches

    def counted(password: str, stored: str) -> bool:
        verified.append(stored)
        return matches(password, stored)

    monkeypatch.setattr(hasher, "_matches", counted)

    known = await hasher.verify("wrong", hashed := await hasher.hash("right"))
    unknown = await hasher.verify("wrong", None)

    assert (known, unknown, len(verified)) == (False, False, 2)
    assert extract_parameters(verified[1]) == extract_parameters(hashed)


async def test_a_hash_that_is_none_matches_nothing(hasher: Argon2Hasher) -> None:
    """What was stored by something else lets nobody in."""
    assert [await hasher.verify("x", stored) for stored in ("x", "", "$argon2id$", "$2b$12$abc")] == [False] * 4


async def test_who_would_wait_too_long_is_asked_to_come_again(hasher: Argon2Hasher) -> None:
    """So many wait their turn, and no more; afterwards there is room again."""
    gate = Event()
    waiting = [asyncio.ensure_future(hasher._in_turn(gate.wait, 20)) for _ in range(MOST_WAITING + 1)]
    await asyncio.sleep(0)

    with pytest.raises(Unavailable) as refused:
        await hasher.hash("x")
    gate.set()

    assert refused.value.retry_after
    assert await asyncio.gather(*waiting) == [True] * (MOST_WAITING + 1)
    assert await hasher.hash("x")


async def test_who_gives_up_leaves_their_place(hasher: Argon2Hasher) -> None:
    """A caller that has left is not hashed for."""
    gate, done = Event(), Event()
    first = asyncio.ensure_future(hasher._in_turn(gate.wait, 20))
    second = asyncio.ensure_future(hasher._in_turn(done.set))
    await asyncio.sleep(0)

    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    gate.set()
    await first
    await hasher.hash("x")

    assert not done.is_set()


async def test_a_closed_hasher_hashes_no_more() -> None:
    """The hash in hand is finished, those who wait are let go, the threads end."""
    closed, began, gate = Argon2Hasher(CHEAPEST, at_once=1), Event(), Event()

    def wait() -> bool:
        began.set()
        return gate.wait(20)

    first = asyncio.ensure_future(closed._in_turn(wait))
    second = asyncio.ensure_future(closed.hash("x"))
    await asyncio.to_thread(began.wait, 20)

    closing = asyncio.ensure_future(closed.close())
    with pytest.raises(asyncio.CancelledError):
        await second
    gate.set()
    await closing

    assert await first
    with pytest.raises(RuntimeError, match="shutdown"):
        await closed.hash("x")


@pytest.mark.skipif(sys.platform != "linux", reason="Threads have a priority of their own on Linux alone")
async def test_hashing_steps_back_for_everything_else(hasher: Argon2Hasher) -> None:
    """Its threads have a lower priority and half of the processors; the event loop keeps its own."""
    mine = os.getpriority(os.PRIO_PROCESS, 0), os.sched_getaffinity(0)

    priority = await hasher._in_turn(lambda: os.getpriority(os.PRIO_PROCESS, 0))
    processors = await hasher._in_turn(lambda: os.sched_getaffinity(0))

    assert priority == max(NICENESS, mine[0])
    assert processors <= mine[1]
    assert len(processors) == (len(mine[1]) + 1) // 2
    assert (os.getpriority(os.PRIO_PROCESS, 0), os.sched_getaffinity(0)) == mine


@pytest.mark.parametrize(
    ("settings", "cost"),
    [
        ({}, STANDARD),
        ({"portico_argon2_memory_mib": 19, "portico_argon2_passes": 2, "portico_argon2_lanes": 1}, Cost(19456, 2, 1)),
        ({"portico_password_hashing": "cheapest", "portico_argon2_passes": 9}, CHEAPEST),
    ],
)
async def test_the_cost_is_a_setting(settings: dict[str, object], cost: Cost) -> None:
    """By default what RFC 9106 recommends where memory is scarce."""
    made = hasher_of(read_settings(**settings))
    found = extract_parameters(made._nobody)

    assert Cost(found.memory_cost, found.time_cost, found.parallelism) == cost
    assert (
        Cost(RFC_9106_LOW_MEMORY.memory_cost, RFC_9106_LOW_MEMORY.time_cost, RFC_9106_LOW_MEMORY.parallelism)
        == STANDARD
    )


@pytest.mark.parametrize(("name", "low"), [("memory_mib", 18), ("passes", 1), ("lanes", 0), ("at_once", 0)])
def test_a_cost_that_protects_nobody_is_refused(name: str, low: int) -> None:
    """Below 19 MiB and two passes, a stolen hash is guessed too fast."""
    with pytest.raises(Misconfigured, match=f"PORTICO_ARGON2_{name.upper()}"):
        read_settings(**{f"portico_argon2_{name}": low})

"""A fingerprint is of one action's contract: it changes with what a client relies on, and with nothing else."""

from collections.abc import Callable
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, Field, create_model

from portico import App, Cached, Conflict, From, Module, Policy, Public, PublicContext, Raises
from portico.core.action import AnyAction
from portico.generate.typescript import digest_of

LENGTH = 12
Handler = Callable[..., Any]


class Broken(Conflict, code="TEST_JAR_BROKEN"):
    """The jar is broken."""


def jar(**members: Any) -> type[BaseModel]:
    """A model called Jar with these members."""
    made: type[BaseModel] = create_model("Jar", id=(UUID, ...), **members)
    return made


Sort = Literal["glass", "clay"]
JAR = jar(sort=(Sort, ...))
RELABELED = jar(sort=(Annotated[Sort, Field(title="Kind", description="What it is of.", examples=["clay"])], ...))
WIDER = jar(sort=(Literal["glass", "clay", "tin"], ...))
TITLED, DESCRIBED = jar(title=(str, ...)), jar(description=(str, ...))


async def by_word(_ctx: PublicContext, word: str) -> int:
    """Count by a word."""
    raise NotImplementedError


async def by_word_again(_ctx: PublicContext, word: str) -> int:
    """Say the same at greater length.

    It counts by a word.
    """
    raise NotImplementedError


async def by_some_word(_ctx: PublicContext, word: str = "a") -> int:
    """Count by a word, if there is one."""
    raise NotImplementedError


async def by_number(_ctx: PublicContext, word: int) -> int:
    """Count by a number."""
    raise NotImplementedError


async def by_header(_ctx: PublicContext, word: Annotated[str, From("header", "x-word")]) -> int:
    """Count by a word in a header."""
    raise NotImplementedError


async def by_word_as_text(_ctx: PublicContext, word: str) -> str:
    """Count by a word, in words."""
    raise NotImplementedError


BASE = by_word
OTHERS: dict[str, Handler] = {
    "a member that may be left out": by_some_word,
    "a member of another type": by_number,
    "a member from elsewhere": by_header,
    "another result": by_word_as_text,
}


@pytest.mark.parametrize("handler", OTHERS.values(), ids=OTHERS)
def test_another_input_or_result_has_another_fingerprint(handler: Handler) -> None:
    """A client that was made for the one would be wrong about the other."""
    assert digest(handler) != digest(BASE)


@pytest.mark.parametrize("handler", OTHERS.values(), ids=OTHERS)
def test_a_fingerprint_is_the_same_whenever_it_is_taken(handler: Handler) -> None:
    """In other processes too: a client is drawn in one, and served by others."""
    assert digest(handler) == digest(handler)
    assert len(digest(handler)) == LENGTH


def test_another_docstring_does_not_count() -> None:
    """What is said to people may be said better."""
    assert digest(by_word_again) == digest(BASE)


def test_another_path_or_version_counts() -> None:
    """The old one would not be found."""
    found = {digest(BASE), digest(BASE, "GET /there"), digest(BASE, prefix="/api/v2")}

    assert len(found) == 3


def test_a_refusal_more_counts() -> None:
    """A client would not know its code."""
    assert digest(BASE, "GET /it", Raises(Broken)) != digest(BASE)


def test_a_policy_that_refuses_nothing_does_not_count() -> None:
    """How answers are kept is the server's own affair."""
    assert digest(BASE, "GET /it", Cached(tags=("words",))) == digest(BASE)


def test_a_model_in_other_words_does_not_count() -> None:
    """Titles, descriptions and examples are for people."""
    assert digest(returning(RELABELED)) == digest(returning(JAR))


def test_a_choice_more_counts() -> None:
    """A client would meet a value that its types do not know."""
    assert digest(returning(WIDER)) != digest(returning(JAR))


def test_members_called_as_words_of_schemas_count_as_any_other() -> None:
    """A member `title` is no title."""
    assert digest(returning(TITLED)) != digest(returning(DESCRIBED))


def test_other_actions_do_not_count() -> None:
    """One deployment adds an action, and no open page is too old for it."""
    alone, beside = Module("jars", Public("why")), Module("jars", Public("why"))
    alone.query("GET /it")(BASE)
    beside.query("GET /other")(by_number)
    beside.query("GET /it")(BASE)

    found = {digest_of(App("jars", modules=[m]).plans["jars.by_word"]) for m in (alone, beside)}

    assert len(found) == 1


def returning(model: type[BaseModel]) -> Handler:
    """A handler that returns one."""

    async def give(_ctx: PublicContext) -> Any:
        raise NotImplementedError

    give.__annotations__["return"] = model
    return give


def digest(handler: Handler, route: str = "GET /it", *policies: Policy, prefix: str = "/api/v1") -> str:
    """The fingerprint of an action with this handler alone."""
    module = Module("jars", Public("why"), prefix=prefix)
    action: AnyAction = module.query(route, *policies)(handler)
    return digest_of(App("jars", modules=[module]).plans[action.name])

"""One tree of errors: what each code means, and that it means one thing."""

import copy
import pickle
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

import portico
from portico import Conflict, Duplicate, Error, Forbidden, Invalid, Misconfigured, NotFound, RateLimited, Stale, errors

ROW = re.compile(r"^(?P<stem>[ │├└─]*)(?P<name>[A-Z]\w+) (?P<code>[A-Z][A-Z_]+)(?: (?P<status>\d{3}))?$")


class Declined(Error, code="TEST_DECLINED", status=402):
    """The card was declined.

    Whoever reads the code finds more here.
    """

    reason: str
    attempts: int = 1


class DeclinedAbroad(Declined):
    """Without a code of its own, it is the same thing."""


def test_the_tree_drawn_at_the_head_is_the_tree_of_classes() -> None:
    """Name, parent, code and status of every class stand in the module's docstring, and nothing else does."""
    assert list(drawn(errors.__doc__ or "")) == list(derived(Error))


def test_every_error_is_exported() -> None:
    """What an action may raise or a caller may meet can be imported from portico."""
    names = [name for name, *_ in derived(Error)]

    assert [name for name in names if name not in portico.__all__] == []


def test_every_error_says_something_to_a_person() -> None:
    """The default message is a sentence, and repeats no code."""
    messages = {kind.code: str(kind()) for kind in framework(Error)}

    assert [code for code, text in messages.items() if not text.endswith(".") or code in text] == []


@pytest.mark.parametrize(
    ("message", "code", "said"),
    [
        (
            "Hello {nme}.",
            "TEST_SAID",
            "Stray: its message 'Hello {nme}.' names {nme}, which it does not have; it has at, m",
        ),
        ("Hello {name", "TEST_SAID", "cannot be filled"),
        ("Hello {}.", "TEST_SAID", "names {}, which it does not have"),
        ("Hello {name}.", "bad code", "Stray: the code 'bad code' is none; write capitals, digits and underscores."),
    ],
)
def test_what_an_error_cannot_say_is_refused(message: str, code: str, said: str) -> None:
    """A place that nothing fills, or a code that is none, would reach callers as it is."""
    members = {"__doc__": message, "__annotations__": {"name": str}, "__module__": __name__}

    with pytest.raises(Misconfigured, match=re.escape(said)):
        type("Stray", (Conflict,), members, code=code)


def test_a_message_names_members_of_all_its_classes() -> None:
    """And their parts, in any format."""

    class Abroad(Declined):
        """Declined for {reason!r}, {attempts:02d} times, by {bank[name]}, as {{"reason": …}} says."""

        bank: dict[str, str]

    assert Abroad(reason="no", bank={"name": "B"}).data()["attempts"] == 1


@pytest.mark.parametrize(
    ("kind", "retryable"),
    [
        *[(kind, True) for kind in (Conflict, Invalid, RateLimited, Error, Stale)],
        *[(kind, False) for kind in (Duplicate, NotFound, Forbidden, portico.KeyReused)],
    ],
)
def test_an_error_knows_whether_another_try_makes_sense(kind: type[Error], *, retryable: bool) -> None:
    """By its status, unless the class says otherwise: the same duplicate will be refused again."""
    assert kind().retryable is retryable


def test_an_error_s_data_is_typed_and_named() -> None:
    """Annotations become keyword-only data; what has no default must be given."""
    error = Declined(reason="no funds", at="card")

    assert (error.reason, error.attempts, error.at, error.status) == ("no funds", 1, "card", 402)
    with pytest.raises(TypeError, match="reason"):
        Declined()  # type: ignore[call-arg]


def test_the_first_line_of_the_docstring_is_the_message() -> None:
    """The rest is for whoever reads the code."""
    assert str(Declined(reason="")) == "The card was declined."


def test_a_subclass_without_a_code_is_the_same_thing() -> None:
    """Code and status are inherited."""
    assert (DeclinedAbroad.code, DeclinedAbroad.status) == ("TEST_DECLINED", 402)
    assert errors.TABLE["TEST_DECLINED"] is Declined


@pytest.mark.parametrize("duplicate", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy, copy.deepcopy])
def test_an_error_survives_pickling_and_copying(duplicate: Callable[[Declined], Declined]) -> None:
    """Keyword-only data and what every error has come back, as between processes."""
    sent = Declined(reason="no funds", attempts=3, at="card", retry_after=2.5, message="Bitte anders zahlen.")

    back = duplicate(sent)

    assert type(back) is Declined
    assert back.data() == sent.data()


def test_an_error_can_be_changed_into_another_value() -> None:
    """Errors are dataclasses: replace gives a copy with other data."""
    assert replace(Declined(reason="a"), at="card").data()["at"] == "card"


def test_two_errors_are_never_equal() -> None:
    """An exception is itself: as a key of a set or of a traceback's chain it must not be mistaken for another."""
    assert NotFound() != NotFound()
    assert len({NotFound(), NotFound()}) == 2


def test_one_code_means_one_thing() -> None:
    """A second class with a code that is taken does not come to life; the message names both and the mend."""
    with pytest.raises(Misconfigured) as refused:
        type("Elsewhere", (Error,), {"__doc__": "Elsewhere."}, code="NOT_FOUND", status=404)

    assert "NOT_FOUND is NotFound's already" in str(refused.value)
    assert "give it a code of its own" in str(refused.value)


def test_a_reloaded_module_may_declare_its_errors_again() -> None:
    """The same class of the same module is the same thing: a development server imports it twice."""

    def declare() -> type[Error]:
        made: type[Error] = type("Again", (Error,), {"__doc__": "Again."}, code="TEST_AGAIN", status=409)
        return made

    declare()
    second = declare()

    assert errors.TABLE["TEST_AGAIN"] is second


def drawn(text: str) -> Iterator[tuple[str, str, str, int]]:
    """Name, parent, code and status as the docstring draws them."""
    path: list[tuple[str, int]] = []
    for line in text.splitlines():
        found = ROW.match(line.removeprefix("    "))
        if found is None or line.startswith("    Misconfigured"):
            continue
        depth = len(found["stem"]) // 4
        path = path[:depth]
        status = int(found["status"] or path[-1][1])
        yield found["name"], path[-1][0] if path else "Declared", found["code"], status
        path.append((found["name"], status))


def derived(kind: type[Error]) -> Iterator[tuple[str, str, str, int]]:
    """The same, read off the classes, in the order in which they are written."""
    for each in framework(kind):
        yield each.__name__, each.__bases__[0].__name__, each.code, each.status


def framework(kind: type[Error]) -> Iterator[type[Error]]:
    """The framework's own classes, depth first."""
    if kind.__module__ == Error.__module__:
        yield kind
        for child in kind.__subclasses__():
            yield from framework(child)

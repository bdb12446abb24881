"""Templates, mails and messages are read once in a process, however many applications it opens, until they change."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from portico.app.letters import Letters
from portico.errors import FieldError
from portico.errors.catalogs import Catalogs
from portico.ports.mailer import Outgoing
from portico.transports.pages import Pages

Read = Callable[[Path], str]


def page(folder: Path) -> str:
    """What a page says."""
    return Pages(folder).draw("said.html", {}).decode()


def mail(folder: Path) -> str:
    """What a mail says."""
    letters = Letters([folder], "https://salon.example")
    letters.load(["said"])
    return letters.render(Outgoing("said", "ada@example.com", {}), "<1@salon.example>").text.strip()


def message(folder: Path) -> str:
    """What a message says."""
    return Catalogs([folder]).finding(FieldError("VAL_SAID"), "en")


@pytest.mark.parametrize(
    ("read", "name", "text"),
    [(page, "said.html", "{}"), (mail, "said.txt", "Subject: News\n{}"), (message, "en.toml", 'VAL_SAID = "{}"')],
)
def test_what_has_changed_is_read_anew(tmp_path: Path, read: Read, *, name: str, text: str) -> None:
    """Even where it is as long as it was, as in an application that is opened again."""
    said = []
    for number, word in enumerate(("One.", "Two.")):
        (tmp_path / name).write_text(text.format(word))
        os.utime(tmp_path / name, (number, number))
        said.append(read(tmp_path))

    assert said == ["One.", "Two."]


def test_a_page_that_is_as_it_was_is_compiled_no_more(tmp_path: Path) -> None:
    """Another application on the same folder has the same code."""
    (tmp_path / "said.html").write_text("{{ 6 * 7 }}")

    first, second = (Pages(tmp_path).templates.get_template("said.html").root_render_func for _ in range(2))

    assert first is not second
    assert first.__code__ is second.__code__


def test_a_mail_that_is_as_it_was_is_compiled_no_more(tmp_path: Path) -> None:
    """Whichever application, or how many of its actions, sends it."""
    (tmp_path / "said.txt").write_text("Subject: News\n{{ url }}")

    first, second = Letters([tmp_path], ""), Letters([tmp_path], "https://salon.example")
    for letters in (first, first, second):
        letters.load(["said"])

    assert first.known["said"][""] is second.known["said"][""]
    assert second.render(Outgoing("said", "ada@example.com", {}), "").text == "https://salon.example\n"

"""The texts of mails: templates by name and language, rendered with what an action has noted."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateError, select_autoescape

from portico.errors import Misconfigured
from portico.ports.mailer import Mail, Outgoing

SUBJECT = "Subject:"
ENDING = re.compile(r"(\.[A-Za-z-]+)?\.txt")


class Letter(NamedTuple):
    """One mail in one language."""

    subject: Template
    text: Template
    html: Template | None


class Letters:
    """The templates of mails in some folders; an earlier folder's stand in for those of a later one.

    A mail is `NAME.txt`, or one file for each language, such as `NAME.en.txt` and `NAME.de.txt`. Its first line is
    `Subject: …`. A file with the same name that ends in `.html` is sent along.
    """

    def __init__(self, folders: Sequence[Path], url: str) -> None:
        """`url` is the address of the application, which every template sees."""
        self._folders = folders
        self._url = url
        self.known: dict[str, Mapping[str, Letter]] = {}

    def load(self, names: Iterable[str]) -> None:
        """Read the templates; raises Misconfigured that names the one that is missing or wrong."""
        for name in names:
            if name not in self.known:
                self.known[name] = self._languages(name)

    def render(self, outgoing: Outgoing, message_id: str) -> Mail:
        """The mail in its language, else in English."""
        known, locale = self.known[outgoing.template], outgoing.locale
        letter = known.get(locale) or known.get(locale.partition("-")[0]) or known.get("") or known["en"]
        values = {**outgoing.values, "url": self._url, "language": locale}
        if str(values.get("link", "")).startswith("/"):
            values["link"] = f"{self._url}{values['link']}"
        # A name may hold what no header carries, such as the joiners within an emoji: the mail goes out without them.
        subject = "".join(c for c in " ".join(letter.subject.render(values).split()) if c.isprintable())
        html = letter.html.render(values) if letter.html else None
        return Mail(outgoing.to, subject, letter.text.render(values).strip() + "\n", html, message_id)

    def _languages(self, name: str) -> Mapping[str, Letter]:
        """The mail by language, from the first folder that has it; "" is a file that names none."""
        for folder in self._folders:
            endings = (file.name.removeprefix(name) for file in sorted(folder.glob(f"{name}.*")))
            found = [ending for ending in endings if ENDING.fullmatch(ending)]
            if ".txt" in found or ".en.txt" in found:
                return {ending.removesuffix(".txt")[1:]: _read(folder, name + ending) for ending in found}
            if found:
                message = f"The mail {name!r} has no English text: write {folder / name}.en.txt, or {name}.txt for all."
                raise Misconfigured(message)
        there = ", ".join(str(folder) for folder in self._folders) or "any folder: give App(templates=…) a folder mails"
        message = f"The mail {name!r} has no template {name}.txt or {name}.en.txt in {there}."
        raise Misconfigured(message)


def _read(folder: Path, file: str) -> Letter:
    """A mail; what a process has compiled, all its applications use, for as long as the files stay as they are."""
    page = folder / f"{file.removesuffix('.txt')}.html"
    return _compiled(folder / file, page if page.exists() else None, tuple(map(_state, (folder / file, page))))


def _state(file: Path) -> tuple[int, int]:
    """What changes with a file."""
    found = file.stat() if file.exists() else None
    return (found.st_mtime_ns, found.st_size) if found else (0, 0)


@lru_cache(maxsize=1000)
def _compiled(file: Path, page: Path | None, _states: tuple[tuple[int, int], ...]) -> Letter:
    environment = Environment(
        loader=FileSystemLoader(file.parent),
        autoescape=select_autoescape(enabled_extensions=("html",), default_for_string=False, default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    first, _, text = file.read_text(encoding="utf-8").partition("\n")
    if not first.startswith(SUBJECT):
        raise Misconfigured(f"The first line of {file} is no subject: write `Subject: …`.")
    try:
        return Letter(
            environment.from_string(first.removeprefix(SUBJECT)),
            environment.from_string(text),
            environment.get_template(page.name) if page else None,
        )
    except TemplateError as problem:
        raise Misconfigured(f"The template {file} is wrong: {problem}.") from None

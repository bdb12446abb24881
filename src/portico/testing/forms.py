"""Forms of a page, as a browser would send them."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import TypeAlias

Given: TypeAlias = dict[str, str]
Fields: TypeAlias = dict[str, list[str]]
TICKED = frozenset({"checkbox", "radio"})
NEVER_SENT = frozenset({"submit", "button", "reset", "image", "file"})


class FormReader(HTMLParser):
    """Reads every form of a page: where it is posted, and what stands in its fields."""

    def __init__(self, page: str) -> None:
        """Read it all."""
        super().__init__()
        self.forms: list[tuple[str, Fields]] = []
        self._select: tuple[Given, list[Given]] | None = None
        self._lines: tuple[Given, list[str]] | None = None
        self.feed(page)

    def fields(self, action: str) -> Fields:
        """Those of the form that is posted there, of the first one where that is empty; raises LookupError."""
        for where, fields in self.forms:
            if action in {"", where}:
                return fields
        raise LookupError(f"The page has no form for {action!r}, but for {[where for where, _ in self.forms]}.")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a form, or take what stands in a field."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
        elif tag == "input" and _is_sent(given):
            self._take(given, given.get("value", "on" if given.get("type") in TICKED else ""))
        elif tag == "textarea":
            self._lines = given, []
        elif tag == "select":
            self._select = given, []
        elif tag == "option" and self._select is not None:
            self._select[1].append(given)

    def handle_data(self, data: str) -> None:
        """Keep what is written in a field of several lines."""
        if self._lines is not None:
            self._lines[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        """Finish what holds more than its own tag."""
        if tag == "textarea" and self._lines is not None:
            (given, lines), self._lines = self._lines, None
            self._take(given, "".join(lines).removeprefix("\n"))
        elif tag == "select" and self._select is not None:
            (given, options), self._select = self._select, None
            for value in _chosen(given, options):
                self._take(given, value)

    def _take(self, given: Given, value: str) -> None:
        if self.forms and given.get("name") and "disabled" not in given:
            self.forms[-1][1].setdefault(given["name"], []).append(value)


def _is_sent(given: Given) -> bool:
    kind = given.get("type", "text").lower()
    return kind not in NEVER_SENT and (kind not in TICKED or "checked" in given)


def _chosen(given: Given, options: list[Given]) -> Iterator[str]:
    """What is chosen in a select: of a single one the first option, where none is."""
    chosen = [option for option in options if "selected" in option]
    if not chosen and "multiple" not in given:
        chosen = options[:1]
    yield from (option.get("value", "") for option in chosen)

"""A name whole, and in two parts. What is kept is the whole name, and its last part where somebody said which it is."""

from typing import NamedTuple


class FullName(NamedTuple):
    """A name as it is kept."""

    name: str
    last_name: str = ""

    @property
    def whole(self) -> str:
        """First and last name, where a sign-up gave them apart too."""
        return self.name if self.name.endswith(self.last_name) else f"{self.name} {self.last_name}".strip()

    @property
    def parts(self) -> tuple[str, str]:
        """First and last name; where nobody said what the last name is, what follows the last space."""
        if self.last_name:
            return self.name.removesuffix(self.last_name).rstrip(), self.last_name
        first, _, last = self.name.rpartition(" ")
        return (first, last) if first else (last, "")


def renamed(held: FullName, name: str | None) -> FullName:
    """Another whole name; the last name stays where the new one ends in it."""
    if name is None:
        return held
    return FullName(name, held.last_name if name.endswith(held.last_name) else "")


def joined(held: FullName, first: str | None, last: str | None) -> FullName:
    """Other parts; one that is not given stays."""
    if first is None and last is None:
        return held
    held_first, held_last = held.parts
    first = held_first if first is None else first
    last = held_last if last is None else last
    return FullName(f"{first} {last}".strip(), last)

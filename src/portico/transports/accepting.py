"""What a client accepts as an answer (RFC 9110, section 12.5.1)."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Wish(NamedTuple):
    """How much a media range is wanted, and where in the header it stands."""

    weight: float
    place: int


UNNAMED = Wish(0.0, 0)


def takes(headers: Mapping[str, str], media_type: str) -> bool:
    """Whether the client names that media type as one that it takes; a wildcard names none."""
    accepted = headers.get("accept", "")
    if len(accepted) < len(media_type) or media_type not in accepted.lower():  # as nearly always
        return False
    return _wishes(accepted).get(media_type, UNNAMED).weight > 0


def liked_best(accepted: str, offered: Sequence[str], *, named: Sequence[str] = ()) -> str | None:
    """The media type that an Accept header likes best, of equals what it and then the offer name first.

    Of the ranges that hold a type the narrowest counts; for those in `named`, that is their full name alone.
    """
    wishes, liked = _wishes(accepted), []
    for order, kind in enumerate(offered):
        ranges = (kind,) if kind in named else (kind, f"{kind.partition('/')[0]}/*", "*/*")
        weight, place = next((wishes[each] for each in ranges if each in wishes), UNNAMED)
        if weight > 0:
            liked.append((-weight, place, order, kind))
    return min(liked)[-1] if liked else None


def _wishes(accepted: str) -> dict[str, Wish]:
    """The media ranges of the header; a weight that is none is taken for 0."""
    found: dict[str, Wish] = {}
    for place, part in enumerate(accepted.split(",")):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        found.setdefault(name, Wish(float(weight) if weight.replace(".", "", 1).isdecimal() else 0.0, place))
    return found

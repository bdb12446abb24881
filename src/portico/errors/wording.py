"""What an error's class says for itself, held against what there is to say."""

import re
from collections.abc import Collection
from string import Formatter

CODE = re.compile(r"[A-Z][A-Z0-9_]*")


def wrong_code(code: str) -> str:
    """What is wrong with a code; nothing where it can be one."""
    return "" if CODE.fullmatch(code) else f"the code {code!r} is none; write capitals, digits and underscores"


def wrong_message(text: str, members: Collection[str] | None) -> str:
    """What is wrong with a message whose places the members are to fill, if they are known; nothing where they can."""
    try:
        places = places_of(text)
    except ValueError as problem:
        return f"its message {text!r} cannot be filled ({problem}); write {{{{ and }}}} for braces"
    strange = [place for place in places if not place.isidentifier() or (members is not None and place not in members)]
    if not strange:
        return ""
    known = f"it has {', '.join(sorted(members)) or 'none'}" if members is not None else "a place is a name"
    return f"its message {text!r} names {{{strange[0]}}}, which it does not have; {known}"


def places_of(text: str) -> list[str]:
    """The names that a message has places for; raises ValueError where its braces are not right."""
    return [re.split(r"[.\[]", place)[0] for _, place, *_ in Formatter().parse(text) if place is not None]

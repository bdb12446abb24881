"""What an error's class says for itself, held against what there is to say."""

import re
from collections.abc import Collection
from string import Formatter

CODE = re.compile(r"[A-Z][A-Z0-9_]*")


def wrong_code(code: str) -> str:
    """What is wrong with a code; nothing where it can be one."""
    return "" if CODE.fullmatch(code) else f"the code {code!r} is none; write capitals, digits and underscores"


def wrong_message(text: str, members: Collection[str]) -> str:
    """What is wrong with a message whose places the members are to fill; nothing where they can."""
    try:
        places = [place for _, place, *_ in Formatter().parse(text) if place is not None]
    except ValueError as problem:
        return f"its message {text!r} cannot be filled ({problem}); write {{{{ and }}}} for braces"
    for place in places:
        if re.split(r"[.\[]", place)[0] not in members:
            known = ", ".join(sorted(members))
            return f"its message {text!r} names {{{place}}}, which it does not have; it has {known}"
    return ""

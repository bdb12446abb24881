"""Idempotency keys, as callers write them."""

import re

KEY = re.compile(r'"([\x21\x23-\x7e ]{1,255})"|([\x21\x23-\x7e]{1,255})')


def clean_key(written: str | None) -> str | None:
    """The key: quoted as the IETF draft has it, or bare as everybody writes it; None where it is neither."""
    found = KEY.fullmatch(written) if written else None
    return (found[1] or found[2]) if found else None

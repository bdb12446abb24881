"""Takes secrets out of texts that were not written for them: messages and tracebacks on their way to a log."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias

from pydantic import BaseModel, SecretBytes, SecretStr

HIDDEN = "[secret]"
NAMED = re.compile(r"(?i)password|passwd|secret|token|^code$|recovery_code|ticket|api_?key|authorization|cookie")
"""Members of an input that hold a secret by their name, whatever their type."""
SHORTEST = 4
"""A secret of fewer characters is part of many words: it is not looked for."""
TOKEN = 16
"""The same of headers and cookies: shorter ones are no tokens, and a cookie `Error` shall garble no traceback."""
LONGEST = 64 * 1024
"""Characters of a text that are kept."""
CAUSED = "\n\nThe above exception|\n\nDuring handling"
"""What stands between two exceptions of a traceback."""
Rule: TypeAlias = tuple[re.Pattern[str], str]
RULES: tuple[Rule, ...] = (
    (re.compile(r"(?i)\b(bearer|basic) +[\w.~+/=-]{8,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"), HIDDEN),  # a JSON Web Token
    (re.compile(r"\b(pk_|sk_|rk_|whsec_|ghp_|xox[a-z]-)[\w+/=-]{8,}"), HIDDEN),
    (re.compile(r"\b([a-z][a-z0-9+.-]{0,20}://[^\s:/@]*):[^\s/@]+@"), rf"\1:{HIDDEN}@"),
    (re.compile(r"([?&][\w-]{0,40}(?:token|key|code|password|secret|signature|ticket)=)[^&\s\"']+"), rf"\1{HIDDEN}"),
    (
        re.compile(
            r"(?i)(?<![\w-])([\w-]{0,40}(?:password|passwd|secret|token|api_?key|authorization|cookie)[\w-]{0,40}[\"']?\s*[:=]\s*)"
            r"(?:\"[^\"\n]+\"|'[^'\n]+')"
        ),
        rf"\1{HIDDEN}",
    ),
    # What PostgreSQL adds to a violated constraint: a whole row, or the values of a key.
    (re.compile(rf"(?s)Failing row contains \(.*?(?={CAUSED}|\Z)"), f"Failing row contains {HIDDEN}"),
    (re.compile(r"Key (\([^)\n]{1,200}\))=\([^\n]*"), rf"Key \1=({HIDDEN})"),
)


def scrub(text: str, secrets: Collection[str] = ()) -> str:
    """The text without the secrets that are known, and without what looks like one."""
    text = text[:LONGEST]
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    for pattern, instead in RULES:
        text = pattern.sub(instead, text)
    return text


def secrets_of(headers: Mapping[str, str], values: object) -> frozenset[str]:
    """What a call must keep to itself: its credential, its cookies, and the members of its input whose type says so."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    cookies = [pair.partition("=")[2] for pair in headers.get("cookie", "").split(";")]
    shown = [word.strip().strip('"') for word in (token or scheme, headers.get("x-csrf-token", ""), *cookies)]
    given = [word for word in _hidden_in(values) if len(word) >= SHORTEST]
    return frozenset([*given, *(word for word in shown if len(word) >= TOKEN)])


def _hidden_in(value: object) -> Iterator[str]:
    """Secrets by their type, or by the name of their member."""
    if isinstance(value, SecretStr | SecretBytes):
        plain = value.get_secret_value()
        yield plain if isinstance(plain, str) else plain.decode("utf-8", "replace")
    elif isinstance(value, BaseModel | Mapping):
        for name, one in dict(value).items():
            if isinstance(one, str) and NAMED.search(str(name)):
                yield one
            yield from _hidden_in(one)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _hidden_in(one)

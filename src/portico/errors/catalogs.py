"""Messages in the caller's language."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import lru_cache
from pathlib import Path

from portico.errors import TABLE, Error, FieldError, Misconfigured
from portico.errors.wording import places_of, wrong_message

DEFAULT = "en"
OURS = Path(__file__).parent / "messages"
_Quality = tuple[float, int, str]


class Catalogs:
    """Messages by language and code: Portico's own, then the application's, which may replace them."""

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        """Read `<language>.toml` of every folder; raises Misconfigured where one cannot be read, or never be filled."""
        self._messages: dict[str, dict[str, str]] = {}
        for folder in (OURS, *folders):
            for file in sorted(folder.glob("*.toml")):
                self._add(file.stem.lower(), _read(file), file)
        self.choose = lru_cache(maxsize=1024)(self._choose)

    def _add(self, language: str, messages: Mapping[str, str], file: Path) -> None:
        """Take the messages of a file, once each is held against what there is to fill it with."""
        usual = self._messages.get(DEFAULT, {})
        if wrong := [f"- {code}: {said}." for code, text in messages.items() if (said := _wrong(code, text, usual))]:
            raise Misconfigured("\n".join([f"The messages in {file} cannot all be filled:", *wrong]))
        self._messages.setdefault(language, {}).update(messages)

    @property
    def languages(self) -> list[str]:
        """The languages there are."""
        return sorted(self._messages)

    def codes(self, language: str) -> set[str]:
        """The codes that a language has words for."""
        return set(self._messages.get(language, ()))

    def error(self, error: Error, language: str) -> str:
        """What the error says."""
        if error.message is not None:
            return error.message
        text = self._messages.get(language, {}).get(error.code) if language != DEFAULT else None
        text = text or self._messages[DEFAULT].get(error.code) or str(error)
        return _filled(text, error.data())

    def finding(self, finding: FieldError, language: str) -> str:
        """What a finding about a field says."""
        if finding.message is not None:
            return finding.message
        for known in (language, DEFAULT):
            words = self._messages.get(known, {})
            if text := words.get(finding.wording) or words.get(finding.code):
                return _filled(text, finding.params)
        if finding.default is not None:
            return finding.default
        return self.finding(FieldError("VAL_INVALID_VALUE"), language)

    def _choose(self, accept_language: str) -> str:
        """The best language of an Accept-Language header (RFC 9110, section 12.5.4)."""
        for _, _, tag in sorted(_wanted(accept_language)):
            primary = tag.partition("-")[0]
            for language in (tag, primary):
                if language in self._messages:
                    return language
        return DEFAULT


def _wanted(header: str) -> Iterable[_Quality]:
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, parameter = part.strip().lower().partition(";")
        quality = parameter.strip().removeprefix("q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        if tag and weight > 0:
            yield -weight, place, tag.strip()


def _wrong(code: str, text: str, usual: Mapping[str, str]) -> str:
    """What is wrong with a message: of an error by its members, of a finding by Portico's own words for it, if any."""
    if kind := TABLE.get(code):
        return wrong_message(text, {member.name for member in fields(kind)})
    return wrong_message(text, places_of(usual[code])) if code in usual else wrong_message(text, None)


def _filled(text: str, values: Mapping[str, object]) -> str:
    try:
        return text.format_map(values)
    except (KeyError, ValueError, IndexError):
        return text


def _read(file: Path) -> Mapping[str, str]:
    try:
        return _parsed(file, file.stat().st_mtime_ns)
    except (OSError, tomllib.TOMLDecodeError) as problem:
        message = f"The messages in {file} cannot be read: {problem}."
        raise Misconfigured(message) from None


@lru_cache(maxsize=100)
def _parsed(file: Path, _changed: int) -> Mapping[str, str]:
    """A file of messages, read once in a process for as long as it stays as it is."""
    return {code: str(text) for code, text in tomllib.loads(file.read_text(encoding="utf-8")).items()}

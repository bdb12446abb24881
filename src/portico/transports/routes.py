"""Paths to endpoints: static ones by one look-up, the others by their number of segments."""

import re
from collections.abc import Callable, Mapping
from typing import Generic, NamedTuple, TypeVar

from portico.errors import Error, MethodNotAllowed, NotFound
from portico.ports.quick import quickly

E = TypeVar("E")
PLACE = re.compile(r"\\\{(\w+)\\\}")


class Found(NamedTuple, Generic[E]):
    """An endpoint, and what the path says."""

    endpoint: E
    values: Mapping[str, str]


found_of = quickly(Found)
NO_VALUES: Mapping[str, str] = {}


class Router(Generic[E]):
    """Finds endpoints by method and path."""

    def __init__(self, missing: Callable[[str], Error] = lambda _: NotFound()) -> None:
        """No route yet; `missing` says what is wrong with a path that is none."""
        self._missing = missing
        self._static: dict[str, dict[str, E]] = {}
        self._patterns: dict[int, list[tuple[re.Pattern[str], dict[str, E]]]] = {}
        self._written: dict[re.Pattern[str], str] = {}

    def add(self, method: str, path: str, endpoint: E, *, head: bool = True) -> None:
        """Serve the endpoint; GET serves HEAD too, unless it writes."""
        methods = self._methods_at(path)
        methods[method] = endpoint
        if method == "GET" and head:
            methods["HEAD"] = endpoint

    def find(self, method: str, path: str) -> Found[E]:
        """The endpoint. Raises what is missing, or MethodNotAllowed with the methods that there are."""
        methods, values = self._match(path)
        endpoint = methods.get(method)
        if endpoint is None:
            raise MethodNotAllowed(allow=allowed(methods))
        return found_of((endpoint, values))

    def methods(self, path: str) -> str:
        """What OPTIONS answers; raises what is missing."""
        return allowed(self._match(path)[0])

    def route(self, path: str) -> str | None:
        """The path as it was declared, with its places; None where there is none."""
        if path in self._static:
            return path
        patterns = (pattern for pattern, _ in self._patterns.get(path.count("/"), ()))
        return next((self._written[pattern] for pattern in patterns if pattern.fullmatch(path)), None)

    def _match(self, path: str) -> tuple[dict[str, E], Mapping[str, str]]:
        methods = self._static.get(path)
        if methods is not None:
            return methods, NO_VALUES
        for pattern, known in self._patterns.get(path.count("/"), ()):
            if (found := pattern.fullmatch(path)) is not None:
                return known, found.groupdict()
        raise self._missing(path)

    def _methods_at(self, path: str) -> dict[str, E]:
        if "{" not in path:
            return self._static.setdefault(path, {})
        pattern = re.compile(PLACE.sub(r"(?P<\1>[^/]+)", re.escape(path)))
        siblings = self._patterns.setdefault(path.count("/"), [])
        for known, methods in siblings:
            if known.pattern == pattern.pattern:
                return methods
        siblings.append((pattern, {}))
        self._written[pattern] = path
        return siblings[-1][1]


def allowed(methods: Mapping[str, object]) -> str:
    """The Allow header (RFC 9110, section 10.2.1)."""
    return ", ".join(sorted({*methods, "OPTIONS"}))

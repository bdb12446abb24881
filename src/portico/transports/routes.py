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
        methods = self._static.get(path)
        if methods is None:
            for pattern, known in self._patterns.get(path.count("/"), ()):
                if method in known and (found := pattern.fullmatch(path)) is not None:
                    return found_of((known[method], found.groupdict()))
        elif method in methods:
            return found_of((methods[method], NO_VALUES))
        raise MethodNotAllowed(allow=self.methods(path))

    def methods(self, path: str) -> str:
        """What OPTIONS answers, of all routes that the path may mean; raises what is missing."""
        matching = [self._static[path]] if path in self._static else [known for _, known in self._matching(path)]
        if not matching:
            raise self._missing(path)
        return ", ".join(sorted({"OPTIONS", *(method for known in matching for method in known)}))

    def route(self, method: str, path: str) -> str | None:
        """The path as it was declared, with its places; None where there is none."""
        if path in self._static:
            return path
        matching = sorted(self._matching(path), key=lambda route: method not in route[1])
        return self._written[matching[0][0]] if matching else None

    def _matching(self, path: str) -> list[tuple[re.Pattern[str], dict[str, E]]]:
        """The routes with places that the path may mean: `/{kind}/new` and `/rooms/{id}`, of `/rooms/new`."""
        return [route for route in self._patterns.get(path.count("/"), ()) if route[0].fullmatch(path)]

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

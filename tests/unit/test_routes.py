"""Paths to endpoints."""

import pytest

from portico import MethodNotAllowed, NotFound
from portico.transports.routes import Router


@pytest.fixture
def router() -> Router[str]:
    """Some routes."""
    made: Router[str] = Router()
    for route in ("GET /things", "POST /things", "GET /things/{id}", "DELETE /things/{id}", "GET /things/new"):
        method, _, path = route.partition(" ")
        made.add(method, path, route)
    made.add("POST", "/things/{id}/move", "move")
    made.add("GET", "/{slug}", "page")
    made.add("GET", "/v1.0/a+b", "odd")
    return made


@pytest.mark.parametrize(
    ("method", "path", "endpoint", "values"),
    [
        ("GET", "/things", "GET /things", {}),
        ("POST", "/things", "POST /things", {}),
        ("GET", "/things/5", "GET /things/{id}", {"id": "5"}),
        ("DELETE", "/things/a b", "DELETE /things/{id}", {"id": "a b"}),
        ("GET", "/things/new", "GET /things/new", {}),
        ("POST", "/things/5/move", "move", {"id": "5"}),
        ("GET", "/alpha", "page", {"slug": "alpha"}),
        ("GET", "/v1.0/a+b", "odd", {}),
        ("HEAD", "/things/5", "GET /things/{id}", {"id": "5"}),
    ],
)
def test_a_path_finds_its_endpoint(
    router: Router[str], method: str, path: str, *, endpoint: str, values: dict[str, str]
) -> None:
    """A path without places wins over one with; GET serves HEAD too; a dot is a dot."""
    assert router.find(method, path) == (endpoint, values)


@pytest.mark.parametrize(
    "path", ["", "/", "/things/", "/things/5/", "/things/5/move/x", "/v1x0/a+b", "//things", "/a/b\n"]
)
def test_an_unknown_path_is_not_found(router: Router[str], path: str) -> None:
    """Nor is one with an empty part, or with more to it."""
    with pytest.raises(NotFound):
        router.find("GET", path)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/things", "GET, HEAD, OPTIONS, POST"),
        ("PATCH", "/things/5", "DELETE, GET, HEAD, OPTIONS"),
        ("GET", "/things/5/move", "OPTIONS, POST"),
        ("get", "/things", "GET, HEAD, OPTIONS, POST"),
    ],
)
def test_another_method_is_told_what_there_is(router: Router[str], method: str, path: str, *, allow: str) -> None:
    """405 with Allow; OPTIONS says the same."""
    with pytest.raises(MethodNotAllowed) as refused:
        router.find(method, path)

    assert refused.value.allow == allow
    assert router.methods(path) == allow

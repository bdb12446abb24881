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
    made.add("PATCH", "/things/{thing_id}", "PATCH /things/{thing_id}")
    made.add("GET", "/rooms/{id}/now", "now")
    made.add("POST", "/{kind}/new/{what}", "new")
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
        ("PATCH", "/things/5", "PATCH /things/{thing_id}", {"thing_id": "5"}),
        ("GET", "/rooms/new/now", "now", {"id": "new"}),
        ("POST", "/rooms/new/now", "new", {"kind": "rooms", "what": "now"}),
    ],
)
def test_a_path_finds_its_endpoint(
    router: Router[str], method: str, path: str, *, endpoint: str, values: dict[str, str]
) -> None:
    """A path without places wins over one with, whatever those are called; GET serves HEAD too; a dot is a dot."""
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
        ("PUT", "/things/5", "DELETE, GET, HEAD, OPTIONS, PATCH"),
        ("PUT", "/rooms/new/now", "GET, HEAD, OPTIONS, POST"),
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


@pytest.mark.parametrize(
    ("method", "path", "route"),
    [
        ("GET", "/things", "/things"),
        ("PATCH", "/things/5", "/things/{thing_id}"),
        ("PUT", "/things/5", "/things/{id}"),
        ("POST", "/rooms/new/now", "/{kind}/new/{what}"),
        ("GET", "/a/b", None),
    ],
)
def test_a_path_is_told_as_the_action_that_it_means_has_declared_it(
    router: Router[str], method: str, path: str, *, route: str | None
) -> None:
    """What metrics call it; of another method, as any that there is."""
    assert router.route(method, path) == route

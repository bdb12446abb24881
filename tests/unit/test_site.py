"""Where people find the application, as browsers spell it."""

import pytest

from portico import Misconfigured, Site


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://app.example.com", "https://app.example.com"),
        ("https://App.Example.com:443/below", "https://app.example.com"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_an_origin_is_spelled_as_browsers_do(url: str, origin: str) -> None:
    """Lower case, without path and usual port (WHATWG URL); the others come after one's own."""
    assert Site("app", url, ("https://other.example",)).origins == [origin, "https://other.example"]


def test_passkeys_need_an_address() -> None:
    """A request's own Host header never stands in for it."""
    assert Site("app", "https://app.example.com:8443/below").host == "app.example.com"
    with pytest.raises(Misconfigured, match="PORTICO_URL"):
        _ = Site("app").host

"""The settings of webhooks, as operators write them."""

import pytest

from portico.app.settings import read_settings
from portico.app.webhook_settings import read_schedule
from portico.core.reach import Reach
from portico.errors import Misconfigured
from portico.modules.webhooks.endpoints import wants

HOUR = 3600.0


def test_what_holds_unless_told_otherwise() -> None:
    """2, 4, 8, 16, 32 minutes; 30 s for an answer; the public internet by https alone."""
    terms = read_settings().webhook_terms()

    assert terms.pauses == (120.0, 240.0, 480.0, 960.0, 1920.0)
    assert (terms.timeout, terms.failures, terms.endpoints, terms.overlap) == (30.0, 10, 20, 24 * HOUR)
    assert terms.reach == Reach(ports=frozenset({443, 8443}))


@pytest.mark.parametrize(
    ("written", "pauses"),
    [
        ("doubling", (120.0, 240.0, 480.0, 960.0, 1920.0)),
        ("standard", (5.0, 300.0, 1800.0, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)),
        ("10s 1m 1h", (10.0, 60.0, HOUR)),
        ("1s", (1.0,)),
    ],
)
def test_a_schedule_is_a_name_or_pauses(written: str, pauses: tuple[float, ...]) -> None:
    """In seconds, minutes, hours."""
    assert read_schedule(written) == pauses


@pytest.mark.parametrize("written", ["", "soon", "10", "1d", "1m,2m", "-1s", "1m soon", " ".join(["1s"] * 21)])
def test_what_is_no_schedule_stops_the_start(written: str) -> None:
    """With the name of the setting, and what to write."""
    with pytest.raises(
        Misconfigured, match=r"PORTICO_WEBHOOK_SCHEDULE: .*write doubling, standard, or up to 20 pauses"
    ):
        read_settings(portico_webhook_schedule=written)


def test_ports_and_networks_are_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Separated by commas, from the environment."""
    monkeypatch.setenv("PORTICO_REACH_PORTS", "443, 9443")
    monkeypatch.setenv("PORTICO_REACH_DENIED", "203.0.114.0/24, 2600:1234::/32")

    reach = read_settings().webhook_terms().reach

    assert reach.ports == {443, 9443}
    assert not reach.admits("203.0.114.9")
    assert not reach.admits("2600:1234::9")


@pytest.mark.parametrize(("name", "value"), [("PORTICO_REACH_PORTS", "0"), ("PORTICO_REACH_DENIED", "here")])
def test_what_is_none_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """The start stops with the setting's name."""
    monkeypatch.setenv(name, value)

    with pytest.raises(Misconfigured, match=name):
        read_settings()


@pytest.mark.parametrize(
    ("filter", "event", "wanted"),
    [
        ("*", "article.sold", True),
        ("article.*", "article.sold", True),
        ("article.*", "article.sold.twice", True),
        ("article.sold", "article.sold", True),
        ("article.*", "article", False),
        ("article.*", "articles.sold", False),
        ("article.sold", "article.sold.twice", False),
        ("article", "article.sold", False),
    ],
)
def test_a_filter_names_events(filter: str, event: str, *, wanted: bool) -> None:
    """One, all of a thing, or all there are."""
    assert wants(filter, event) is wanted

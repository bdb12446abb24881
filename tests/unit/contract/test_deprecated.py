"""What an answer says of a deprecated version, and which paths name one."""

from datetime import date

import pytest

from portico import Version
from portico.core.version import is_version, version_in
from portico.transports.deprecated import deprecation_headers

DAY, END = date(2026, 1, 15), date(2027, 1, 15)
NEWEST = Version("v2", DAY)


def test_a_version_in_force_says_nothing() -> None:
    """There is nothing to warn of."""
    assert deprecation_headers(Version("v1", DAY), NEWEST) == []


def test_without_an_end_no_sunset_is_told() -> None:
    """Deprecated is not over."""
    told = dict(deprecation_headers(Version("v1", DAY, deprecated=DAY), NEWEST))

    assert told["deprecation"] == "@1768435200"
    assert "sunset" not in told
    assert told["x-api-deprecation-warning"] == "v1 of this is deprecated since 2026-01-15: use v2."


def test_the_newest_version_may_end_too() -> None:
    """Then there is no other to name."""
    last = Version("v2", DAY, deprecated=DAY, sunset=END)
    told = dict(deprecation_headers(last, last))

    assert told["sunset"] == "Fri, 15 Jan 2027 00:00:00 GMT"
    assert told["x-api-deprecation-warning"] == "v2 of this is deprecated since 2026-01-15 and ends on 2027-01-15"


@pytest.mark.parametrize(
    ("path", "version"),
    [
        ("/api/v1/users", "v1"),
        ("/api/v12", "v12"),
        ("/api/v1/", "v1"),
        ("/api/auth/me", None),
        ("/api", None),
        ("/", None),
        ("/v1/users", None),
        ("/other/v1/users", None),
        ("/api/v/users", None),
        ("/api/v1x/users", None),
    ],
)
def test_a_path_names_a_version_after_api(path: str, version: str | None) -> None:
    """Nowhere else."""
    assert version_in(path) == version


def test_a_number_of_another_script_names_no_version() -> None:
    """It would be another path to everybody else."""
    assert not is_version("v٣")
    assert is_version("v3")

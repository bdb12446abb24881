"""What binds a session to its device and network: the rule alone."""

from collections.abc import Mapping

import pytest

from portico.adapters.devices import AgentDevices
from portico.core.addresses import prefix_of
from portico.core.binding import fingerprint_of, has_drifted, name_of, other_device
from portico.ports.database import Facts

DEVICES = AgentDevices()
WINDOWS, LINUX = "Windows NT 10.0; Win64; x64", "X11; Linux x86_64"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0"
CHROME = "Mozilla/5.0 ({0}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{1}.0.0.0 Safari/537.36"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS {0}_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/{0}.1 Mobile/15E148 Safari/604.1"
)
CHROMIUM = '"Chromium";v="{0}", "Google Chrome";v="{0}", "Not-A.Brand";v="24"'
SHUFFLED = '"Not/A)Brand";v="8", "Google Chrome";v="{0}", "Chromium";v="{0}"'
BRAVE = '"Brave";v="140", "Chromium";v="140", "Not=A?Brand";v="24"'


def headers(agent: str | None, brands: str = "", *, platform: str = "Windows", mobile: str = "?0") -> dict[str, str]:
    """What a browser sends of itself."""
    hints = {"sec-ch-ua": brands, "sec-ch-ua-platform": f'"{platform}"', "sec-ch-ua-mobile": mobile} if brands else {}
    return hints if agent is None else {"user-agent": agent, **hints}


CHROME_140 = CHROME.format(WINDOWS, 140)
HINTED = headers(CHROME_140, CHROMIUM.format(140))


@pytest.mark.parametrize(
    ("was", "now", "other"),
    [
        pytest.param(headers(FIREFOX.format(140)), headers(FIREFOX.format(140)), False, id="the same"),
        pytest.param(headers(FIREFOX.format(140)), headers(FIREFOX.format(152)), False, id="a browser's update"),
        pytest.param(headers(IPHONE.format(18)), headers(IPHONE.format(26)), False, id="a phone's update"),
        pytest.param(headers(FIREFOX.format(140)), headers(CHROME.format(LINUX, 140)), True, id="another browser"),
        pytest.param(headers(CHROME.format(LINUX, 140)), headers(CHROME_140), True, id="another platform"),
        pytest.param(headers(FIREFOX.format(140)), headers("curl/8.5.0"), True, id="a program"),
        pytest.param(headers("Salon/1.0 (7)"), headers("Salon/1.1 (8)"), False, id="an app of one's own, updated"),
        pytest.param(headers(FIREFOX.format(140)), headers(None), True, id="no agent any more"),
        pytest.param(HINTED, headers(CHROME.format(WINDOWS, 141), SHUFFLED.format(141)), False, id="hints, updated"),
        pytest.param(HINTED, headers(CHROME_140), False, id="hints absent later"),
        pytest.param(headers(CHROME_140), HINTED, False, id="hints absent at the sign-in"),
        pytest.param(HINTED, headers(CHROME_140, BRAVE), True, id="another brand under the same agent"),
        pytest.param(HINTED, headers(CHROME_140, CHROMIUM, platform="Linux"), True, id="another platform by the hint"),
        pytest.param(HINTED, headers(CHROME_140, CHROMIUM, mobile="?1"), True, id="a phone by the hint"),
    ],
)
def test_a_device_is_another_where_its_name_or_a_hint_of_both_is(
    was: Mapping[str, str], now: Mapping[str, str], *, other: bool
) -> None:
    """Versions say nothing, nor does what only one side tells."""
    assert other_device(fingerprint_of(was), fingerprint_of(now), DEVICES) is other


@pytest.mark.parametrize(
    ("was", "now", "other"),
    [
        pytest.param("203.0.113.7", "203.0.113.250", False, id="another address of one network"),
        pytest.param("203.0.113.7", "203.0.114.7", True, id="a phone that moved on"),
        pytest.param("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", False, id="a privacy extension"),
        pytest.param("2001:db8:0:1::1", "2001:db8:0:2::1", True, id="another subscriber"),
        pytest.param("203.0.113.7", "2001:db8:0:1::1", True, id="the other side of a dual stack"),
        pytest.param("203.0.113.7", "::ffff:203.0.113.8", False, id="IPv4 written as IPv6"),
    ],
)
def test_a_network_is_another_where_its_prefix_is(was: str, now: str, *, other: bool) -> None:
    """As the gate compares them: it answers what the session was opened with where it differs."""
    differs = None if prefix_of(was) == prefix_of(now) else prefix_of(was)

    assert has_drifted(Facts(other_prefix=differs), "", DEVICES) is other


def test_what_does_not_differ_is_not_looked_into() -> None:
    """No User-Agent is read where the gate has found none that differs."""

    class Untouched:
        def name(self, agent: str) -> str:
            raise AssertionError(agent)

    assert not has_drifted(Facts(), fingerprint_of(HINTED), Untouched())


def test_a_fingerprint_is_bounded_and_names_its_device() -> None:
    """However long the headers are."""
    told = fingerprint_of(headers(CHROME_140 + "x" * 9000, f'"{"b" * 9000}";v="1"', platform="p" * 9000))

    assert len(told) < 850
    assert name_of(told, DEVICES) == "Chrome on Windows"
    assert [name_of(fingerprint_of(h), DEVICES) for h in (HINTED, headers(None))] == ["Chrome on Windows", ""]

"""A session is bound to the device and the network that it was opened on; what is pure of the rule.

The device is told by the User-Agent's family and platform and by the client hints; the network by the address's
prefix. What a later request does not say, it does not contradict:

- A User-Agent of another version is the same device: names have no versions, and are read only where the text differs.
- Client hints come over https alone and from some browsers alone: absent at the sign-in or absent later is no drift,
  and one that is present on both sides must be the same.
- A session opened without a User-Agent is not bound to any; one that had one and has none now has drifted, or leaving
  the header out would be the way around.
- Another prefix is a drift, of the other address family too: nothing shows that both are one subscriber's. That is
  why `report` is the default, and `strict` is for those who may ask their users for it.
- API keys, in-process callers and sessions without a User-Agent and prefix are bound to nothing; a caller whose
  address is not known (a Unix socket) has no prefix to compare.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from portico.core.addresses import LONGEST_AGENT
from portico.ports.database import Facts
from portico.ports.devices import Devices

LONGEST_HINT = 100
BRAND = re.compile(r'"((?:[^"\\]|\\.)*)"\s*;\s*v\s*=')
LETTERS = re.compile(r"[^A-Za-z]+")
GREASE = re.compile(r"Not[A-Za-z]*Brand")
"""Browsers list a brand that is none, in another spelling each time, so that nobody relies on the list."""


def agent_of(headers: Mapping[str, str]) -> str | None:
    """The User-Agent, no longer than is kept of one: clients may send any number of kilobytes."""
    agent = headers.get("user-agent")
    return None if agent is None else agent[:LONGEST_AGENT]


def fingerprint_of(headers: Mapping[str, str]) -> str:
    """What the headers say of the device: the User-Agent, and in lines after it the client hints, if there are any."""
    agent = headers.get("user-agent", "")
    brands = headers.get("sec-ch-ua")
    if brands is None:  # the browsers that send hints send this one always
        return agent[:LONGEST_AGENT]
    return _with_hints(agent, (brands, headers.get("sec-ch-ua-platform", ""), headers.get("sec-ch-ua-mobile", "")))


def name_of(fingerprint: str, devices: Devices) -> str:
    """The device's name, such as `Firefox on Linux`; empty where nothing is said of it."""
    agent = fingerprint.partition("\n")[0]
    return devices.name(agent) if agent else ""


def has_drifted(facts: Facts, fingerprint: str, devices: Devices) -> bool:
    """Whether the session in hand is used from another device or network than it was opened on."""
    if facts.other_prefix is not None:
        return True
    return facts.other_agent is not None and other_device(facts.other_agent, fingerprint, devices)


def other_device(was: str, now: str, devices: Devices) -> bool:
    """Whether two fingerprints are of two devices."""
    if was.partition("\n")[0] != now.partition("\n")[0] and name_of(was, devices) != name_of(now, devices):
        return True
    hints = zip(was.split("\n")[1:], now.split("\n")[1:], strict=False)
    return any(former and latter and former != latter for former, latter in hints)


@lru_cache(maxsize=4096)
def _with_hints(agent: str, hints: tuple[str, str, str]) -> str:
    """One text of it all; brands by name and in order, for browsers shuffle them."""
    brands, platform, mobile = hints
    names = {name for name in BRAND.findall(brands) if not GREASE.fullmatch(LETTERS.sub("", name))}
    told = (", ".join(sorted(names)), platform.strip().strip('"'), mobile.strip())
    return "\n".join((agent[:LONGEST_AGENT], *(hint[:LONGEST_HINT] for hint in told)))

"""Feature flags: what an application declares, and for whom one is on."""

import re
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from portico.core.fitting import Declaration
from portico.core.shares import digest_of, share_of
from portico.errors import Misconfigured
from portico.ports.flags import Rule

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class Switch(Declaration):
    """A flag of the application: what it is about, for whoever operates it, and what holds until they set it."""

    about: str
    default: bool = False


NO_SWITCHES: Mapping[str, Switch] = {}


class Subject(NamedTuple):
    """For whom a flag is asked."""

    user: UUID | None = None
    org: UUID | None = None
    features: frozenset[str] = frozenset()
    """What the organization's plan includes."""


def is_on(name: str, rule: Rule | None, subject: Subject, *, default: bool) -> bool:
    """Whether the flag is on: killed for nobody, else for who is on a list, else for so many of a hundred.

    A share that grows keeps everybody it had. Where nobody is signed in, it is on at 100 % alone.
    """
    if rule is None:
        return default
    if rule.state == "killed":
        return False
    if subject.user in rule.users or subject.org in rule.orgs:
        return True
    if rule.state == "off":
        return False
    who = subject.user if rule.by == "user" else subject.org
    if rule.percentage >= 100 or who is None:
        return rule.percentage >= 100
    return share_of(digest_of(name, rule.by, who)) * 100 < rule.percentage


def check_names(names: Mapping[str, object], *, what: str) -> None:
    """Raise Misconfigured where one is no name in small letters with hyphens."""
    for name in names:
        if not NAME.fullmatch(name):
            message = f"App({what}={{{name!r}: …}}): name it in small letters with hyphens, such as new-calendar."
            raise Misconfigured(message)

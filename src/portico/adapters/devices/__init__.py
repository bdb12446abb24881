"""User-Agents, read by ua-parser."""

from functools import lru_cache


class AgentDevices:
    """Names devices by browser family and platform; each User-Agent is read once."""

    def __init__(self) -> None:
        """Nothing is loaded before the first look."""
        self.name = lru_cache(maxsize=4096)(_name)


def _name(agent: str) -> str:
    from ua_parser import parse  # its tables take a while to load

    found = parse(agent)
    browser = found.user_agent.family if found.user_agent else ""
    platform = found.os.family if found.os else ""
    known = [word for word in (browser, platform) if word and word != "Other"]
    return " on ".join(known)[:200] or agent.partition("/")[0].strip()[:60]

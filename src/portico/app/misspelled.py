"""Variables of the environment that begin like Portico's settings, and are none."""

import logging
from collections.abc import Iterable

from portico.app.settings import Settings

COMMANDS_OWN = frozenset({"PORTICO_APP", "PORTICO_PROCESSES", "PORTICO_SERVER"})
"""What options of the command line are read from."""
log = logging.getLogger("portico")


def warn_of_strangers(environment: Iterable[str]) -> None:
    """Say in the log of each such variable: it changes nothing, and whoever set it may believe that it does.

    A warning, not a refusal: Kubernetes sets such names by itself for a service that is called "portico".
    """
    for sentence in strangers(environment):
        log.warning("%s", sentence, extra={"category": "configuration"})


def strangers(environment: Iterable[str]) -> list[str]:
    """A sentence for each such variable, with the setting that it may mean."""
    known = {name.upper() for name in Settings.model_fields} | COMMANDS_OWN
    unknown = sorted(name for name in environment if name.startswith("PORTICO_") and name not in known)
    return [_said(name, known) for name in unknown]


def _said(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches  # only who has misspelled something loads it

    near = get_close_matches(name, sorted(known), n=1, cutoff=0.8)
    mend = f"did you mean {near[0]}?" if near else "`portico settings` lists them."
    return f"{name} is none of Portico's settings; {mend}"

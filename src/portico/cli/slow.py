"""What is told of slow calls while an application is written."""

import os

TOLD = {"PORTICO_SLOW_STATEMENT": "0.2", "PORTICO_SLOW_ACTION": "1", "PORTICO_REPEATED_STATEMENTS": "10"}


def tell_what_is_slow() -> None:
    """Have the log tell of slow statements and actions, and of queries in a loop, unless the environment says more."""
    for name, value in TOLD.items():
        os.environ.setdefault(name, value)

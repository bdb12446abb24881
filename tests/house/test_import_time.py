"""Importing Portico is quick: a command line and every reload wait for it."""

import os
import subprocess
import sys

from tests.house.tree import ROOT

LIMIT = 1.0
"""Processor time of `import portico`, in that of its foundation, about 150 ms on most machines: SQLAlchemy, GraphQL or
an HTTP client imported beside it would go beyond."""
TRIES, MOST_TRIES = 3, 20
FOUNDATION = """
from pydantic import BaseModel, TypeAdapter
from starlette import applications, requests, responses, routing
"""
TIMED = f"""
import time
began = time.process_time()
{FOUNDATION}
founded = time.process_time()
import portico
print(founded - began, time.process_time() - founded)
"""
BESIDE = f"""
import sys
{FOUNDATION}
before = set(sys.modules)
import portico
print(*sorted({{name.partition(".")[0] for name in set(sys.modules) - before}} - sys.stdlib_module_names))
"""


def test_portico_imports_as_quickly_as_its_foundation() -> None:
    """It takes no longer than Pydantic and Starlette, which it stands on, take themselves.

    Both are timed in one process, and the quickest of several tries are compared: the others measure the machine.
    """
    tries: list[tuple[float, float]] = []
    while len(tries) < TRIES or (len(tries) < MOST_TRIES and ratio(tries) > LIMIT):
        foundation, own = map(float, answer(TIMED).split())
        tries.append((foundation, own))

    assert ratio(tries) <= LIMIT, f"import portico took {ratio(tries):.2f} of the time of its foundation"


def test_portico_imports_no_other_package() -> None:
    """Database toolkit, drivers, command line, servers and templates load where they are used."""
    assert set(answer(BESIDE).split()) <= {"annotated_types", "portico", "pydantic"}


def ratio(tries: list[tuple[float, float]]) -> float:
    """Portico's quickest try in that of its foundation."""
    return min(own for _, own in tries) / min(foundation for foundation, _ in tries)


def answer(script: str) -> str:
    """What a fresh interpreter prints; it may keep its compiled files, as an installed package does."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout

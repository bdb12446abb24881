"""Importing Portico is quick: a command line and every reload wait for it."""

import os
import subprocess
import sys

from tests.house.tree import ROOT

BUDGET = 0.150
TRIES = 40
LATE = ("alembic", "click", "granian", "pydantic_settings", "pytest", "rich", "sqlalchemy", "uvicorn")
FOUNDATION = """
import time
from pydantic import BaseModel, TypeAdapter
from starlette import applications, requests, responses, routing
"""


def test_portico_imports_within_its_budget() -> None:
    """At most 150 ms of processor time above Pydantic and Starlette; the slower tries measure the machine."""
    script = FOUNDATION + "start = time.process_time()\nimport portico\nprint(time.process_time() - start)"

    taken: list[float] = []
    while len(taken) < TRIES and min(taken, default=1) > BUDGET:
        taken.append(float(answer(script)))

    assert min(taken) <= BUDGET, f"import portico took {min(taken) * 1000:.0f} ms above its foundation"


def test_portico_imports_nothing_that_can_wait() -> None:
    """Database toolkit, command line, servers and tests load where they are used."""
    script = f"import sys, portico\nprint(*sorted(set(sys.modules) & set({LATE})))"

    assert answer(script).split() == []


def answer(script: str) -> str:
    """What a fresh interpreter prints; it may keep its compiled files, as an installed package does."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout

# The one door: `just check`. Run by `make check`, which brings just itself; see CONTRIBUTING.md.

export PATH := justfile_directory() / ".venv/bin:" + env("PATH")

# Empty, that is off: tests start some hundred programs, and each would compile Portico anew.
export PYTHONDONTWRITEBYTECODE := ""

# One test process a core, four at most, each with neighbors that share their servers; WORKERS=1 for a quiet run.
workers := "--numprocesses=" + env("WORKERS", "auto") + " --maxprocesses=4 --dist=worksteal"

# What there is.
default:
    @just --list --unsorted

# Everything that must hold before a change is taken: tools, house, tests.
check: static test

# What needs no test run, quickest first.
static: format-check lint spelling dependencies types

# Write the house's format, and mend what can be mended safely.
format:
    ruff format
    ruff check --fix

format-check:
    ruff format --check

# Ruff with every rule on; exemptions and their reasons stand in pyproject.toml.
lint:
    ruff check

# American spelling, in code and prose.
spelling:
    typos

# Every import is declared, every declared dependency imported.
dependencies:
    deptry src

# Code that nothing seems to use: a list to read, with what only users and Pydantic call among it; no judge.
dead:
    -vulture

# mypy judges everything; pyright is the second judge of the public API's types.
types:
    mypy
    pyright

# The floors: import-linter's contracts alone (the house tests run them too).
imports:
    lint-imports

# Sizes, budgets, floors, docstrings, reference, import time.
house *args:
    pytest tests/house {{ args }}

# Tests of values and folds: no server.
unit *args:
    pytest tests/unit {{ args }}

# Tests on the real database and wire.
integration *args:
    pytest tests/integration tests/salon {{ workers }} {{ args }}

# Every snippet of the docs runs.
docs *args:
    pytest tests/docs {{ args }}

# The reference pages, from the code.
reference:
    python -m docs.generate

# The browser code, where its sources have changed.
web:
    python web/build.py

# All tests.
test *args: web
    pytest {{ workers }} {{ args }}

# All tests under branch coverage; fails beneath the figure in pyproject.toml.
coverage *args:
    coverage erase
    coverage run -m pytest {{ workers }} {{ args }}
    coverage combine --quiet
    coverage report

# Servers killed at random moments under load; CHAOS_KILLS says how often.
chaos *args:
    CHAOS_KILLS="${CHAOS_KILLS:-50}" pytest -m chaos -s {{ args }}

# The Salon, from nothing, on http://127.0.0.1:8000 (PORT=… elsewhere).
demo:
    portico demo ${PORT:+--port "$PORT"}

# The Salon's contracts before Redocly's linter, which npm fetches.
contract:
    python -m docs.contract

# Portico and its peers on the same database, in interleaved rounds.
bench *args:
    python -m benchmarks {{ args }}

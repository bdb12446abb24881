"""The tree speaks of the project alone: no machine, no workplace, no registry."""

import re
from pathlib import Path

from tests.house.tree import ROOT, files

FOLDERS = ("src", "salon", "tests", "benchmarks", "docs", ".ci")
LOCKS = {"uv.lock", "package-lock.json"}
BINARY = {".png", ".jpg", ".ico", ".woff2", ".gz", ".pyc"}
# Groups in the middle of a word keep this file from finding itself.
FORBIDDEN = re.compile(
    r"(?i)/work(?:/)|/root(?:/)|/home(?:/)\w|/tmp(?:/)(plan|scratch|pd)|/opt(?:/)(wheels|pypi)"
    r"|pypi(?:\.)org|python(?:hosted)|registry(?:\.)npmjs|find(?:-)links|index(?:-)url"
    r"|\bissue(?: )#?\d|\bsub(?:-?)agent|\bclau(?:de)\b|co(?:-)authored-by|\bthe(?: )lead\b"
)


def test_no_file_names_a_machine_or_a_workplace() -> None:
    """Paths of one machine, hosts of registries (but in lock files) and talk about the work stay out."""
    found = [row for path in project_files() for row in forbidden_words(path.read_text(encoding="utf-8"), path)]

    assert found == []


def test_the_detector_sees_a_machine_path() -> None:
    """A path of somebody's machine is found with its place."""
    text = "one\nrun /wor" + "k/main/x\n"

    assert forbidden_words(text, ROOT / "notes.md") == ["notes.md:2 /wor" + "k/"]


def project_files() -> list[Path]:
    """Every text file of the project, those at the root too."""
    root = [path for path in ROOT.iterdir() if path.is_file() and path.name != ".git"]  # a file in a linked work tree
    found = [*root, *(path for folder in FOLDERS for path in files(folder))]
    text = [path for path in found if path.name not in LOCKS and path.suffix not in BINARY]
    return [path for path in text if not path.name.startswith(".coverage")]


def forbidden_words(text: str, path: Path) -> list[str]:
    """Each forbidden word, with its place."""
    hits = [(n, hit) for n, line in enumerate(text.splitlines(), 1) if (hit := FORBIDDEN.search(line))]
    return [f"{path.relative_to(ROOT).as_posix()}:{n} {hit[0]}" for n, hit in hits]

"""What is installed is all that a user needs."""

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.house.tree import ROOT

SKILL = "portico/.agents/skills/portico/SKILL.md"
UV = Path(sys.executable).parent / ("uv.exe" if sys.platform == "win32" else "uv")


def test_the_wheel_brings_the_skill(tmp_path: Path) -> None:
    """A folder whose name begins with a dot is packed, too."""
    program = UV if UV.exists() else "uv"
    command = [program, "build", "--wheel", "--quiet", "--out-dir", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")

    with zipfile.ZipFile(wheel) as packed:
        text = packed.read(SKILL).decode()

    assert text == (ROOT / "src" / SKILL).read_text(encoding="utf-8")
    assert text.startswith("---\nname: portico\ndescription: ")

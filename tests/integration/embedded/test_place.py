"""Where the files lie when the server may not run as us: PostgreSQL refuses root, and root's folders refuse others."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from portico.adapters.postgres.embedded.account import Account
from portico.adapters.postgres.embedded.binaries import Binaries, find, within_reach
from portico.adapters.postgres.embedded.place import Place, settle, sweep

STRANGER = Account(uid=54321, gid=54321)
as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root runs the server as somebody else")


def test_the_server_is_never_run_by_root(new_folder: Path) -> None:
    """Root hands it to a user without rights, everybody else runs it as themselves."""
    account = settle(new_folder).account

    assert account.uid != 0
    assert account.is_another == (os.getuid() == 0)


def test_a_folder_that_all_may_pass_keeps_its_data(new_folder: Path) -> None:
    """The usual case, root's too: everything is in the folder."""
    place = settle(new_folder / ".portico")

    assert place.data == new_folder / ".portico" / "postgres" / "data"


def test_a_closed_folder_above_is_noticed(new_folder: Path) -> None:
    """One folder without the right to pass is enough."""
    (new_folder / "closed" / "open").mkdir(parents=True)
    for folder in ("closed", "closed/open"):  # whatever the umask says
        (new_folder / folder).chmod(0o755)
    before = STRANGER.reaches(new_folder / "closed" / "open" / "file")

    (new_folder / "closed").chmod(0o700)

    assert (before, STRANGER.reaches(new_folder / "closed" / "open" / "file")) == (True, False)


@as_root
def test_data_lie_elsewhere_where_the_server_cannot_come(closed: Path) -> None:
    """No folder is opened for it: a note beside the log says where its files are, and the next start reads it."""
    place = settle(closed / "project")

    with removed(place):
        assert not place.data.is_relative_to(closed)
        assert (closed / "project" / "postgres" / "location").read_text() == str(place.home)
        assert settle(closed / "project") == place
        assert closed.stat().st_mode & 0o077 == 0


@as_root
def test_a_moved_folder_keeps_its_data_and_a_copy_gets_its_own(closed: Path) -> None:
    """Two folders never share one server's files."""
    first = settle(closed / "first")
    with removed(first):
        moved = settle((closed / "first").rename(closed / "second"))
        shutil.copytree(closed / "second", closed / "third")
        copy = settle(closed / "third")

        with removed(copy):
            assert moved.home == first.home
            assert copy.home != first.home
            assert settle(closed / "second").home == first.home


@as_root
def test_what_deleted_temporary_folders_left_is_swept(closed: Path) -> None:
    """Tests run by root would fill the disk; the data of a project that was only moved are safe."""
    gone, kept = settle(closed / "gone"), settle(closed / "kept")
    with removed(gone), removed(kept):
        elsewhere = settle(closed / "elsewhere")
        (elsewhere.home / "origin").write_text("/srv/project/.portico/postgres/location")
        shutil.rmtree(closed / "gone")

        sweep(gone.home.parent)

        with removed(elsewhere):
            assert (gone.home.exists(), kept.home.exists(), elsewhere.home.exists()) == (False, True, True)


def test_programs_in_a_closed_folder_are_copied_once(new_folder: Path) -> None:
    """As under root's own folder: the copy is whole, runs, and is found again."""
    closed = Binaries(closed_copy(find().folder, new_folder), find().version)

    found = within_reach(closed, STRANGER)

    try:
        assert STRANGER.reaches(found.folder / "bin" / "postgres")
        assert within_reach(closed, STRANGER) == found
        with (new_folder / "said").open("w") as said:
            version = [found.program("initdb"), "--version"]
            status = settle(new_folder).account.run(version, within=new_folder, output=said.fileno())
        assert (status, (new_folder / "said").read_text().split(".")[0]) == (0, "initdb (PostgreSQL) 18")
    finally:
        shutil.rmtree(found.folder.parents[1])


def closed_copy(programs: Path, folder: Path) -> Path:
    """The package and its libraries, installed where nobody else may come."""
    package = programs.parent
    target = folder / "site" / package.name / programs.name
    shutil.copytree(programs, target, symlinks=True)
    if (libraries := package.with_name(f"{package.name}.libs")).is_dir():
        shutil.copytree(libraries, folder / "site" / libraries.name)
    (folder / "site").chmod(0o700)
    return target


@pytest.fixture
def closed(new_folder: Path) -> Path:
    """A folder that only we may enter."""
    folder = new_folder / "closed"
    folder.mkdir(mode=0o700)
    return folder


@contextlib.contextmanager
def removed(place: Place) -> Iterator[None]:
    """Leave nothing in the temporary folder."""
    try:
        yield
    finally:
        shutil.rmtree(place.home, ignore_errors=True)

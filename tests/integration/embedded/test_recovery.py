"""Whatever was killed, the next start finds a way, or says why not."""

import asyncio
import os
import shutil
import signal
import subprocess
from pathlib import Path

import anyio.lowlevel
import asyncpg
import pytest

from portico.adapters.postgres.embedded import Embedded
from tests.integration.embedded.holding import answers, ask, holder, postmaster

pytestmark = pytest.mark.anyio


async def test_a_killed_server_comes_back_with_what_was_committed(folder: Path) -> None:
    """SIGKILL of the server under its holder: the next start recovers it, the committed row is there."""
    crashed = await Embedded.start(folder)
    urls = await crashed.database("crash")
    await ask(urls.owner, "create table committed as select 7 as number")
    old = await postmaster(crashed)
    os.kill(old, signal.SIGKILL)

    recovered = await Embedded.start(folder)

    assert await postmaster(recovered) != old
    assert await ask(urls.owner, "select number from committed") == 7
    await recovered.drop("crash")
    await recovered.stop()
    await crashed.stop()


async def test_everything_killed_comes_back(folder: Path) -> None:
    """Holder and server killed together, as by a power cut."""
    async with holder(folder) as killed:
        running = await Embedded.start(folder)
        pid = await postmaster(running)
        await killed.die()
        os.kill(pid, signal.SIGKILL)

        again = await Embedded.start(folder)

        assert await answers(again)
        await again.stop()
        await running.stop()
    assert not await answers(again)


async def test_a_start_waits_for_what_a_killed_server_left_running(folder: Path) -> None:
    """A session of the dead server that still computes keeps the data: two servers never have it at once."""
    crashed = await Embedded.start(folder)
    busy = await asyncpg.connect(crashed.admin_url("postgres"))
    number = await busy.fetchval("select pg_backend_pid()")
    computing = asyncio.create_task(busy.fetchval("select count(*) from generate_series(1, 3000000)"))
    while await ask(crashed.admin_url("postgres"), STATE, number) != "active":
        await anyio.lowlevel.checkpoint()
    os.kill(await postmaster(crashed), signal.SIGKILL)

    recovered = await Embedded.start(folder)

    assert computing.done()
    assert computing.result() == 3_000_000
    busy.terminate()
    await recovered.stop()
    await crashed.stop()


STATE = "select state from pg_stat_activity where pid = $1"


async def test_a_zombie_is_a_dead_server(folder: Path) -> None:
    """Where nobody reaps it, the dead server's number still exists; PostgreSQL alone would refuse to start."""
    zombie = subprocess.Popen(["/bin/true"])
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    await leave_behind(folder, f"{zombie.pid}\n{folder}/postgres/data\n1\n5432\n{folder}/postgres/socket\n\n\nready\n")

    running = await Embedded.start(folder)

    assert await answers(running)
    await running.stop()
    zombie.wait()


async def test_a_number_that_another_program_got_is_not_the_server(folder: Path) -> None:
    """After a restart of the machine or container the old number may be anybody's."""
    stranger = subprocess.Popen(["/bin/sleep", "60"])
    await leave_behind(folder, f"{stranger.pid}\n")

    running = await Embedded.start(folder)

    assert await answers(running)
    assert stranger.poll() is None
    await running.stop()
    stranger.kill()
    stranger.wait()


async def test_a_note_cut_short_by_a_full_disk_is_no_server(folder: Path) -> None:
    """An empty postmaster.pid stops PostgreSQL, not us."""
    await leave_behind(folder, "")

    running = await Embedded.start(folder)

    assert await answers(running)
    await running.stop()


async def test_a_half_made_cluster_is_made_again(new_folder: Path) -> None:
    """A killed first start leaves no data folder, only a part beside it."""
    own = new_folder / "postgres"
    (own / "data.new" / "base").mkdir(parents=True)
    (own / "password.new").write_text("half")

    running = await Embedded.start(new_folder)

    assert await answers(running)
    assert not (own / "data.new").exists()
    await running.stop()


async def leave_behind(folder: Path, note: str) -> None:
    """What a server that died leaves in its data folder."""
    await (await Embedded.start(folder)).stop()
    data = folder / "postgres" / "data"
    (data / "postmaster.pid").write_text(note)
    shutil.chown(data / "postmaster.pid", data.stat().st_uid, data.stat().st_gid)

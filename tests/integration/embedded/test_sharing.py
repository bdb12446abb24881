"""One server in a folder: started by the first, shared by all, stopped by the last."""

import asyncio
import contextlib
import os
import shutil
from pathlib import Path

import pytest

from portico.adapters.postgres.embedded import Embedded
from portico.adapters.postgres.embedded.postmaster import Postmaster
from tests.integration.embedded.holding import answers, ask, copied, holder, postmaster

pytestmark = pytest.mark.anyio


async def test_a_server_answers_until_it_is_stopped(folder: Path) -> None:
    """Start makes it answer, stop ends it, and stopping twice is stopping once."""
    running = await Embedded.start(folder)
    during = await answers(running)

    await running.stop()
    await running.stop()

    assert (during, await answers(running)) == (True, False)


async def test_what_was_written_is_there_after_a_restart(folder: Path) -> None:
    """A clean stop writes everything."""
    async with await Embedded.start(folder) as running:
        urls = await running.database("kept")
        await ask(urls.owner, "create table kept as select 7 as number")

    async with await Embedded.start(folder) as running:
        urls = await running.database("kept")
        number = await ask(urls.owner, "select number from kept")
        await running.drop("kept")

    assert number == 7


async def test_nothing_is_traded_for_speed(folder: Path) -> None:
    """Commits are on disk; text is UTF-8 in code point order; time is UTC."""
    names = ("fsync", "synchronous_commit", "full_page_writes", "jit", "timezone", "server_encoding", "max_connections")
    async with await Embedded.start(folder) as running:
        url = running.admin_url("postgres")
        settings = [await ask(url, "select current_setting($1)", name) for name in names]
        locale = await ask(url, "select datlocale from pg_database where datname = 'template1'")

    assert settings == ["on", "on", "on", "off", "UTC", "UTF8", "200"]
    assert locale == "C.UTF-8"


async def test_a_row_of_a_small_table_is_looked_up_by_its_index(folder: Path) -> None:
    """PostgreSQL's own costs are those of turning disks: it would read all of a few hundred rows for each."""
    async with await Embedded.start(folder) as running:
        urls = await running.database("small")
        await ask(urls.owner, "create table small as select n as id from generate_series(1, 300) n")
        await ask(urls.owner, "create unique index small_idx on small (id)")
        await ask(urls.owner, "analyze small")

        plan = await ask(urls.owner, "explain (format json) select * from small where id = 7")
        await running.drop("small")

    assert "small_idx" in str(plan)


async def test_a_server_of_tests_waits_for_no_disk(folder: Path) -> None:
    """As long as it runs: the next one to be started does again."""
    settings = []
    for durable in (False, True):
        async with await Embedded.start(folder, durable=durable) as running:
            url = running.admin_url("postgres")
            names = ("fsync", "full_page_writes", "synchronous_commit")
            settings.append([await ask(url, "select current_setting($1)", name) for name in names])

    assert settings == [["off", "off", "on"], ["on", "on", "on"]]


async def test_two_processes_share_one_server(folder: Path) -> None:
    """The second to come finds the first's server; when one leaves, the other keeps it."""
    async with holder(folder) as other:
        running = await Embedded.start(folder)
        before = await postmaster(running)
        await other.leave()

        after = await postmaster(running)

        await running.stop()
    assert before == after


async def test_many_that_start_at_once_get_one_server(folder: Path) -> None:
    """Whoever comes first starts it, the others wait and join."""
    log = folder / "postgres" / "server.log"
    await (await Embedded.start(folder)).stop()
    before = log.read_text().count("starting PostgreSQL")

    async with contextlib.AsyncExitStack() as holders:
        await asyncio.gather(*(holders.enter_async_context(holder(folder)) for _ in range(3)))

    assert log.read_text().count("starting PostgreSQL") == before + 1


async def test_a_killed_holder_does_not_stop_the_server(folder: Path) -> None:
    """The server outlives it, the next to come joins, and the last to leave stops it."""
    async with holder(folder) as killed, holder(folder) as stays:
        mine = await Embedded.start(folder)
        first = await postmaster(mine)
        await killed.die()
        await mine.stop()

        joined = await Embedded.start(folder)
        second = await postmaster(joined)
        await joined.stop()
        held = await answers(joined)
        await stays.leave()

    assert first == second
    assert (held, await answers(joined)) == (True, False)


async def test_a_server_that_lost_all_its_holders_is_taken_over(folder: Path) -> None:
    """With the only holder killed the server runs on; whoever starts next holds it and stops it."""
    async with holder(folder) as killed:
        await killed.die()
    pid = int((folder / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])

    running = await Embedded.start(folder)
    found = await postmaster(running)
    await running.stop()

    assert (found, await answers(running)) == (pid, False)


async def test_an_interrupt_at_the_keyboard_reaches_the_holder_alone(folder: Path) -> None:
    """The server is in a session of its own: Ctrl-C for one process is not the end for the others."""
    async with await Embedded.start(folder) as running:
        pid = await postmaster(running)

        assert os.getsid(pid) != os.getsid(0)
        assert os.getpgid(pid) != os.getpgid(0)


async def test_two_holders_in_one_process_count_as_two(folder: Path) -> None:
    """The first to stop leaves the server to the second."""
    first, second = await Embedded.start(folder), await Embedded.start(folder)

    await first.stop()
    between = await answers(second)
    await second.stop()

    assert (between, await answers(second)) == (True, False)


async def test_a_port_is_opened_on_this_machine_only_when_asked_for(folder: Path) -> None:
    """Addresses name the socket, or 127.0.0.1 and the port; other machines are never let in."""
    async with await Embedded.start(folder) as quiet:
        silent = await ask(quiet.admin_url("postgres"), "show listen_addresses")
    async with await Embedded.start(folder, port=0) as open_:
        url = (await open_.database("ported")).app
        address = await ask(url, "select host(inet_server_addr())")
        async with await Embedded.start(folder) as joined:
            by_socket = await ask(joined.admin_url("postgres"), "select inet_server_addr() is null")
        await open_.drop("ported")

    assert silent == ""
    assert "@127.0.0.1:" in url
    assert (address, by_socket) == ("127.0.0.1", True)


async def test_a_server_that_nobody_holds_is_started_anew_with_the_port(folder: Path) -> None:
    """Only holders can object to a restart."""
    async with holder(folder) as killed:
        await killed.die()

    async with await Embedded.start(folder, port=0) as running:
        address = await ask(running.admin_url("postgres"), "select host(inet_server_addr())")

    assert address == "127.0.0.1"


async def test_the_secret_and_the_data_are_for_the_owner_alone(folder: Path) -> None:
    """Nobody else on the machine reads the passwords, the log or the rows."""
    async with await Embedded.start(folder):
        own = folder / "postgres"
        modes = {name: (own / name).stat().st_mode & 0o077 for name in ("secret", "server.log", "data", "socket")}

    assert modes == {"secret": 0, "server.log": 0, "data": 0, "socket": 0}


async def test_the_last_holder_of_a_deleted_folder_stops_the_server(folder: Path, new_folder: Path) -> None:
    """Deleting the folder under a running server leaves no process behind."""
    running = await Embedded.start(await copied(folder, new_folder / "gone"))
    process = Postmaster.of(new_folder / "gone" / "postgres" / "data")
    shutil.rmtree(new_folder / "gone")

    await running.stop()

    assert process is not None
    assert not process.lives()


async def test_an_odd_path_is_no_obstacle(folder: Path, new_folder: Path) -> None:
    """Long paths, spaces, commas, quotes and other scripts: the socket then lies in the temporary folder."""
    odd = new_folder / ('My, "own" $HOME\' Prøjekt ' + "long" * 25)

    async with await Embedded.start(await copied(folder, odd)) as running:
        urls = await running.database("odd")
        name = await ask(urls.app, "select current_database()")

    assert name == "odd"

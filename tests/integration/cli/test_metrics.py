"""`portico serve` with several processes has one page of metrics, whoever counts and whoever dies."""

import os
import re
import signal
import urllib.request
from pathlib import Path

from portico.cli.addresses import free_address
from tests.integration.cli.programs import Portico, Program, eventually

CALLS = 40


class Scraper:
    """Reads the page."""

    def __init__(self, program: Program, port: int) -> None:
        """Of the program whose admin port it is."""
        self.program, self.port = program, port

    def page(self) -> str:
        """The page; empty where nobody shows one."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=30) as answer:
                return str(answer.read().decode())
        except OSError:
            return ""

    def number(self, sample: str) -> float:
        """The value of one sample; -1 where it is not there."""
        found = re.search(rf"^{re.escape(sample)} (\S+)$", self.page(), re.MULTILINE)
        return float(found[1]) if found else -1

    def calls(self) -> float:
        """How many calls went well."""
        return self.number('portico_calls_total{action="shop.hello",code="",kind="query",outcome="ok"}')

    def processes(self) -> float:
        """How many processes count."""
        return self.number("portico_processes")


def test_processes_show_one_page_whoever_dies(portico_program: Portico) -> None:
    """Each call is counted once, on whichever process it fell; a killed one's counts stay, and its successor joins."""
    port = free_address("127.0.0.1", 0).port
    with portico_program.serving("serve", "shop:app", "--processes", "2", PORTICO_ADMIN_PORT=str(port)) as program:
        scraper = Scraper(program, port)
        eventually(lambda: scraper.processes() == 2)
        statuses = {program.get("/api/v1/hello")[0] for _ in range(CALLS)}
        before = scraper.calls()

        killed = pids(portico_program, port)[0]
        os.kill(killed, signal.SIGKILL)

        eventually(lambda: killed not in pids(portico_program, port) and scraper.processes() == 2)
        assert (statuses, before, scraper.calls()) == ({200}, CALLS, CALLS)


def pids(portico_program: Portico, port: int) -> list[int]:
    """The processes that count, by their files."""
    folder = Path(portico_program.environment["PORTICO_FOLDER"]) / f"metrics-{port}"
    return [int(file.name.partition("-")[0]) for file in sorted(folder.glob("*.values"))]

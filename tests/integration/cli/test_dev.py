"""`portico dev` goes along with what is written."""

import re

import pytest

from tests.integration.cli.programs import SERVED, Portico, eventually
from tests.integration.cli.test_serve import processes


def test_a_change_starts_the_server_again(other_shop: Portico) -> None:
    """A new database is migrated, a saved file is served, a mistake is told, and its mend is served again."""
    file = other_shop.folder / "shop.py"
    written = file.read_text()
    with other_shop.serving("dev", "shop:app") as program:
        first = program.get("/api/v1/hello")[1]

        file.write_text(written.replace("Hello.", "Welcome."))
        program.until(r"shop\.py changed; starting again")
        program.until(SERVED.pattern)
        second = program.get("/api/v1/hello")[1]

        file.write_text(written.replace('return "Hello."', "return Hello."))
        program.until(r"Error: shop:app cannot be imported: SyntaxError")

        file.write_text(written)
        program.until(SERVED.pattern)
        third = program.get("/api/v1/hello")[1]
        code = program.end()

    assert (first, second, third) == ('{"data":"Hello."}', '{"data":"Welcome."}', '{"data":"Hello."}')
    assert code == 0


def test_the_log_is_for_people(portico_program: Portico) -> None:
    """While one writes, a request is a line of text."""
    with portico_program.serving("dev", "shop:app", "--no-reload") as program:
        program.get("/api/v1/hello")
        program.until(r"^\d\d:\d\d:\d\d 200 GET /api/v1/hello \d")


@pytest.mark.parametrize("reload", [(), ("--no-reload",)])
def test_several_processes_share_a_valkey(portico_program: Portico, reload: tuple[str, ...]) -> None:
    """An embedded one, which nobody has to install or to end; so nothing is counted in each process for itself."""
    with portico_program.serving("dev", "shop:app", "--processes", "2", *reload) as program:
        eventually(lambda: len(processes(program)) == 2)
        code = program.end()

    assert re.search(r"^Starting Valkey, for the processes to share", program.said, re.MULTILINE)
    assert "counts limits for itself" not in program.said
    assert code == 0

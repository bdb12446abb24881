"""`portico demo` shows a real application from nothing."""

import json
import stat
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.cli.conftest import Held
from tests.integration.cli.programs import Portico, Program, environment


@pytest.fixture(scope="module")
def salon(held: Held, tmp_path_factory: pytest.TempPathFactory) -> Portico:
    """The program in an empty folder; the environment names a database that is not the demo's."""
    elsewhere = {"DATABASE_URL": "postgresql://portico_app@127.0.0.1:1/precious"}
    return Portico(tmp_path_factory.mktemp("demo"), environment(held.folder) | elsewhere)


@pytest.fixture(scope="module")
def demo(salon: Portico) -> Iterator[Program]:
    """The demo, served."""
    with salon.serving("demo") as program:
        yield program


@pytest.fixture
def written(demo: Program, held: Held) -> Any:
    """What demo.json says."""
    assert "demo.json" in demo.said
    return json.loads((held.folder / "demo.json").read_text())


def test_the_demo_shows_its_sign_in_page(demo: Program) -> None:
    """A browser finds something real."""
    status, page = demo.get("/sign-in")

    assert status == 200
    assert "<form" in page


def test_the_demo_prints_its_accounts(demo: Program, written: Any) -> None:
    """Whoever tries it sees who may sign in, and how."""
    assert all(account["email"] in demo.said and account["password"] in demo.said for account in written["accounts"])


@pytest.mark.usefixtures("demo")
def test_the_demos_accounts_are_for_this_user_alone(held: Held) -> None:
    """Tokens open the door: nobody else on the machine may read them."""
    assert stat.S_IMODE((held.folder / "demo.json").stat().st_mode) == 0o600


def test_the_demos_tokens_work(demo: Program, written: Any) -> None:
    """A script needs no sign-in, in any of the organizations."""
    answers = [demo.get("/api/v1/appointments", token=account["token"])[0] for account in written["accounts"]]

    assert written["url"] == demo.url
    assert set(answers) == {200}
    assert len({account["organization_id"] for account in written["accounts"]}) >= 2


def test_the_demo_goes_on_with_its_data(salon: Portico, written: Any) -> None:
    """A second run seeds nothing again, and former tokens live on; SIGTERM ends it as it should."""
    with salon.serving("demo") as again:
        status, _ = again.get("/api/v1/appointments", token=written["accounts"][0]["token"])
        code = again.end()

    assert (status, code) == (200, 0)
    assert "appointments in" not in again.said


def test_a_port_in_use_is_named_with_the_mend(salon: Portico, demo: Program) -> None:
    """Nothing is begun where the port is somebody else's."""
    port = demo.url.rpartition(":")[2]

    code, said = salon.run("demo", PORT=port)

    assert code == 1
    assert said == (
        f"Error: Port {port} of 127.0.0.1 is in use by another program: stop it, or choose another "
        f"(PORT={int(port) + 1}).\n"
    )


def test_a_demo_that_is_not_installed_is_named(salon: Portico) -> None:
    """The installed ones are named instead."""
    assert salon.run("demo", "bakery", "--port", "0") == (1, "Error: There is no demo bakery: there is salon.\n")

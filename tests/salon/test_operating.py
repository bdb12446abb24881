"""The pages of those who run the installation."""

import pytest

from tests.salon.desk import Desk

pytestmark = pytest.mark.anyio


async def test_only_operators_see_experiments(desk: Desk) -> None:
    """An owner of a business does not."""
    assert (await desk.client.get("/operating/experiments")).status == 403


async def test_an_experiment_without_figures_is_drawn_too(desk: Desk) -> None:
    """Nobody has seen it: nothing is known, and the page says so in words, in a table, and in a drawing."""
    await desk.portico.rows("update portico.users set operator = true")

    page = await desk.client.get("/operating/experiments")

    assert page.status == 200
    assert "control 0.0 % (0.0 to 100.0 %)" in page.text
    assert page.text.count('<th scope="row">') == 2
    assert page.text.count("<circle") == 2

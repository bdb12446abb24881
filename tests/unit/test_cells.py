"""Numbers that processes share: added by one, read by all, and kept when their process dies."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from textwrap import dedent

import pytest
from prometheus_client.parser import text_string_to_metric_families

from portico.adapters.prometheus.cells import SIZE, SPARE, Cells, SharedCells
from portico.adapters.prometheus.meter import Meter
from portico.adapters.prometheus.page import write_page
from portico.ports.metrics import BREAKER, CACHE, LENT, SECONDS

Samples = dict[str, float]
Join = Callable[[], SharedCells]


@pytest.fixture
def join(tmp_path: Path) -> Iterator[Join]:
    """Begins to count in one folder; closed at the end."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(SharedCells(tmp_path)))


def shown(cells: Cells) -> Samples:
    """The samples of the page, by name and labels."""
    page, _ = write_page(cells.stretches(), "")
    families = text_string_to_metric_families(page.decode())
    return {s.name + str(s.labels or ""): s.value for family in families for s in family.samples}


def hits(cells: Cells) -> float:
    """One counter."""
    return shown(cells)["portico_cache_looks_total{'outcome': 'hit'}"]


def test_the_page_shows_all_processes_as_one(join: Join) -> None:
    """Counters and gauges are added up, states are the worst of them; whoever shows the page."""
    one, two = join(), join()
    for meter, busy, state in ((Meter(one), 2, 0), (Meter(two), 3, 2)):
        meter.count(CACHE, "hit")
        meter.set(LENT, to=busy)
        meter.set(BREAKER, "stripe", to=state)

    assert (one.alone, two.alone) == (True, False)
    assert shown(one) == shown(two)
    assert (hits(one), shown(one)["portico_pool_in_use"], shown(one)["portico_breaker_state{'service': 'stripe'}"]) == (
        *(2, 5, 2),
    )


def test_what_a_process_has_counted_outlives_it(tmp_path: Path, join: Join) -> None:
    """A counter that fell would look like a start anew; what was so at the moment is so no longer."""
    one, two = join(), join()
    Meter(two).count(CACHE, "hit")
    Meter(two).set(LENT, to=7)
    two.close()

    left = shown(one)
    heir = join()

    assert (hits(one), left.get("portico_pool_in_use")) == (1, None)
    assert (hits(heir), len([*tmp_path.glob("*.values")])) == (1, 2)


def test_a_killed_process_leaves_its_counts(tmp_path: Path, join: Join) -> None:
    """No word of farewell is needed."""
    one = join()
    program = f"""
        import os, signal
        from pathlib import Path
        from portico.adapters.prometheus.cells import SharedCells
        from portico.adapters.prometheus.meter import Meter
        from portico.ports.metrics import CACHE
        Meter(SharedCells(Path({str(tmp_path)!r}))).count(CACHE, "hit")
        os.kill(os.getpid(), signal.SIGKILL)
    """

    killed = subprocess.run([sys.executable, "-c", dedent(program)], check=False, timeout=30)

    assert killed.returncode == -signal.SIGKILL
    assert hits(one) == 1


def test_the_first_process_begins_anew(join: Join) -> None:
    """Where nobody lives any more, nothing is counted on from: as Prometheus expects of a start."""
    before = join()
    Meter(before).count(CACHE, "hit")
    before.close()

    after = join()

    assert after.alone
    assert "portico_cache_looks_total{'outcome': 'hit'}" not in shown(after)


def test_a_name_that_is_being_written_is_not_read(tmp_path: Path, join: Join) -> None:
    """A reader may come at any moment."""
    cells = join()
    Meter(cells).count(CACHE, "hit")
    (keys,) = tmp_path.glob("*.keys")

    with keys.open("ab") as file:
        file.write(b'[45, 1, "portico_cache_lo')

    assert hits(cells) == 1


def test_numbers_without_a_place_are_let_go() -> None:
    """However many labels come, nothing grows, nothing fails, and nobody else's number is touched."""
    cells = Cells()
    meter = Meter(cells)
    for n in range(SIZE // 13 + 10):
        cells.values[meter.place(SECONDS, f"action {n}", "query") + 12] += 1

    assert cells.values[SPARE - 1] == 0
    assert len([one for one in cells.stretches() if one.values[12] == 1]) == (SIZE - SPARE) // 13


def test_a_histogram_is_cumulative() -> None:
    """Each bucket holds all that took no longer; the last one all; and labels may hold anything."""
    cells = Cells()
    first = Meter(cells).place(SECONDS, 'a "b"\n', "query")
    for part, seconds in ((0, 0.004), (2, 0.02), (11, 60.0)):
        cells.values[first + part] += 1
        cells.values[first + 12] += seconds

    (found,) = [
        f
        for f in text_string_to_metric_families(write_page(cells.stretches(), "")[0].decode())
        if f.samples and f.type == "histogram"
    ]
    values = {s.labels.get("le", s.name): s.value for s in found.samples}

    assert (values["0.005"], values["0.01"], values["0.025"], values["10.0"], values["+Inf"]) == (1, 1, 2, 2, 3)
    assert values["portico_call_seconds_sum"] == pytest.approx(60.024)
    assert found.samples[0].labels["action"] == 'a "b"\n'


def test_who_asks_for_openmetrics_gets_it() -> None:
    """By its media type."""
    page, media_type = write_page([], "application/openmetrics-text; version=1.0.0")

    assert media_type.startswith("application/openmetrics-text")
    assert page.endswith(b"# EOF\n")

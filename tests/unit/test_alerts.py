"""The shipped alert rules speak of metrics that there are, and each has its page in the runbook."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from portico.ports.metrics import ALL, Metric

ROOT = Path(__file__).parents[2]
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
SHOWN: dict[str, Metric] = {metric.name + suffix: metric for metric in ALL for suffix in SUFFIXES[metric.kind]}
SELECTOR = re.compile(r"(portico_\w+)(?:\{([^}]*)\})?")
RUNBOOK = ROOT / "docs/how-to/runbook.md"


def selectors(text: str) -> list[tuple[str, set[str]]]:
    """The metrics that a query names, and the labels that it asks for."""
    return [(m[1], set(re.findall(r"(\w+)\s*(?:=~|!=|!~|=)", m[2] or ""))) for m in SELECTOR.finditer(text)]


def unknown(text: str) -> list[str]:
    """What of a query does not exist."""
    asked = selectors(text)
    lost = [name for name, _ in asked if name not in SHOWN]
    return lost + [
        f"{name}{{{label}}}"
        for name, labels in asked
        if name in SHOWN
        for label in labels - {*SHOWN[name].labels, "le"}
    ]


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_a_rule_speaks_of_what_there_is(rule: dict[str, Any]) -> None:
    """Its metrics and labels exist, it says how urgent it is, and what to do stands in the runbook."""
    headings = re.findall(r"^## (\w+)$", RUNBOOK.read_text(encoding="utf-8"), re.MULTILINE)

    assert selectors(rule["expr"]) != []
    assert unknown(rule["expr"]) == []
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["runbook"] == f"docs/how-to/runbook.md#{rule['alert'].lower()}"
    assert rule["alert"] in headings


def test_the_runbook_asks_for_what_there_is() -> None:
    """Its own queries are right too, and no heading is without its rule."""
    text = RUNBOOK.read_text(encoding="utf-8")

    assert unknown(text) == []
    assert re.findall(r"^## (\w+)$", text, re.MULTILINE) == [rule["alert"] for rule in RULES]


def test_the_detector_sees_what_there_is_not() -> None:
    """A wrong name, a missing suffix, a label that the metric does not have."""
    text = 'rate(portico_call_total[5m]) + portico_calls + portico_jobs{statex="dead"}'

    assert unknown(text) == ["portico_call_total", "portico_calls", "portico_jobs{statex}"]

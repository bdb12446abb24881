"""The page that Prometheus reads: the numbers of all processes as one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from portico.adapters.prometheus.cells import Stretch
from portico.ports.metrics import ALL, BOUNDS, Metric

if TYPE_CHECKING:
    from prometheus_client.core import Metric as Family

Numbers: TypeAlias = dict[tuple[str, ...], list[float]]
EDGES = [*map(str, BOUNDS), "+Inf"]


def write_page(stretches: Iterable[Stretch], accept: str) -> tuple[bytes, str]:
    """The page and its media type: OpenMetrics for who asks for it."""
    registry = CollectorRegistry()
    registry.register(Merged(stretches))
    encode, media_type = choose_encoder(accept)
    return encode(registry), media_type


class Merged(Collector):
    """The numbers of several processes, once for each set of labels."""

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        """Merge them."""
        self._numbers: Mapping[str, Numbers] = {metric.name: {} for metric in ALL}
        known = {metric.name: metric for metric in ALL}
        for stretch in stretches:
            metric = known.get(stretch.metric)  # another release may count what this one does not know
            if metric is not None and (stretch.live or stretch.lasting):
                _add(self._numbers[metric.name], stretch, metric)

    def collect(self) -> "Iterator[Family]":
        """Each metric, those without a number too."""
        for metric in ALL:
            yield _family(metric, self._numbers[metric.name])


def _add(numbers: Numbers, stretch: Stretch, metric: Metric) -> None:
    known = numbers.get(stretch.labels)
    if known is None:
        numbers[stretch.labels] = list(stretch.values)
    elif metric.kind == "gauge" and metric.merge == "max":
        numbers[stretch.labels] = [max(pair) for pair in zip(known, stretch.values, strict=True)]
    else:
        numbers[stretch.labels] = [sum(pair) for pair in zip(known, stretch.values, strict=True)]


def _family(metric: Metric, numbers: Numbers) -> "Family":
    if metric.kind == "histogram":
        return _histogram(metric, numbers)
    kind = CounterMetricFamily if metric.kind == "counter" else GaugeMetricFamily
    family = kind(metric.name, metric.says, labels=metric.labels)
    for labels, (value,) in sorted(numbers.items()):
        family.add_metric(labels, value)
    return family


def _histogram(metric: Metric, numbers: Numbers) -> "Family":
    family = HistogramMetricFamily(metric.name, metric.says, labels=metric.labels)
    for labels, values in sorted(numbers.items()):
        family.add_metric(labels, _buckets(values[:-1]), values[-1])
    return family


def _buckets(counts: Sequence[float]) -> list[tuple[str, float]]:
    return list(zip(EDGES, accumulate(counts), strict=True))

"""Who sees which variant, and how sure one may be of what came of it."""

from collections import Counter

import pytest

from portico import Experiment, Misconfigured
from portico.core.shares import digest_of, share_of
from portico.modules.experiments import Count, plot, report_of
from portico.modules.experiments.intervals import difference, wilson

CHECKOUT = Experiment(
    "A shorter way to pay.",
    variants={"control": 1, "variant_a": 1, "variant_b": 2},
    events=("checkout_started", "checkout_failed", "checkout_completed"),
)
COUNTS = [
    Count(variant="control", event="", subjects=1000, times=1000),
    Count(variant="control", event="checkout_completed", subjects=100, times=120),
    Count(variant="variant_a", event="", subjects=1000, times=1000),
    Count(variant="variant_a", event="checkout_completed", subjects=150, times=150),
]


def test_variants_are_seen_by_weight() -> None:
    """Within one percent of 100,000 subjects."""
    seen = Counter(CHECKOUT.assign(digest_of("checkout-flow-v2", "user", n)) for n in range(100_000))

    assert {v: round(n / 100_000, 2) for v, n in seen.items()} == {"control": 0.25, "variant_a": 0.25, "variant_b": 0.5}


def test_a_subject_sees_one_variant_always() -> None:
    """And another experiment deals anew."""
    again = {CHECKOUT.assign(digest_of("checkout-flow-v2", "user", "ann")) for _ in range(10)}
    others = {CHECKOUT.assign(digest_of(f"experiment-{n}", "user", "ann")) for n in range(20)}

    assert len(again) == 1
    assert others == set(CHECKOUT.variants)


def test_nobody_is_dealt_anew_by_a_release() -> None:
    """Places are the same for ever: another way to work them out would mix up all that runs."""
    digest = digest_of("checkout-flow-v2", "user", "ann")

    assert digest.hex() == "898eebd9025ef547b2cff2ec7b635cc6"
    assert share_of(digest) == 0.5373370556648033
    assert "".join(CHECKOUT.assign(digest_of("checkout-flow-v2", "user", n))[-1] for n in range(8)) == "lbballbb"


def test_a_variant_without_weight_is_seen_by_nobody() -> None:
    """One that has ended is left in the report."""
    ended = Experiment("It has ended.", events=("done",), variants={"control": 1, "variant_a": 0})

    assert {ended.assign(digest_of("ended", "user", n)) for n in range(1000)} == {"control"}


@pytest.mark.parametrize(
    ("variants", "events", "said"),
    [
        ({"control": 1}, ("done",), "with at least one other variant"),
        ({"variant_a": 1, "variant_b": 1}, ("done",), 'compares "control" with'),
        ({"control": 0, "variant_a": 0}, ("done",), "not all 0"),
        ({"control": 1, "variant_a": -1}, ("done",), "whole numbers of 0 or more"),
        ({"control": 1, "variant_a": 1}, (), "name what is counted"),
    ],
)
def test_what_could_not_be_judged_is_refused(variants: dict[str, int], events: tuple[str, ...], said: str) -> None:
    """Where it is declared."""
    with pytest.raises(Misconfigured, match=said):
        Experiment("A try.", events=events, variants=variants)


@pytest.mark.parametrize(
    ("hits", "of", "interval"),
    [
        (0, 10, (0.0, 0.2775)),
        (10, 10, (0.7225, 1.0)),
        (100, 1000, (0.0829, 0.1202)),
        (1, 2, (0.0945, 0.9055)),
        (0, 0, (0.0, 1.0)),
    ],
)
def test_the_interval_of_a_rate_is_wilsons(hits: int, of: int, interval: tuple[float, float]) -> None:
    """As tables have it."""
    assert wilson(hits, of) == pytest.approx(interval, abs=5e-5)


def test_the_interval_of_a_difference_is_newcombes() -> None:
    """The first example of his paper: 56 of 70 against 48 of 80."""
    assert difference((56, 70), (48, 80)) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_a_report_compares_every_variant_with_control() -> None:
    """Also one that nobody has seen yet."""
    control, a, b = report_of("checkout-flow-v2", CHECKOUT, COUNTS).variants
    done = {v.variant: v.scores[-1] for v in (control, a, b)}

    assert [v.exposures for v in (control, a, b)] == [1000, 1000, 0]
    assert (done["control"].rate, done["control"].times, done["control"].difference) == (0.1, 120, None)
    assert done["variant_a"].difference == pytest.approx(0.05)
    assert done["variant_a"].difference_interval is not None
    assert done["variant_a"].difference_interval.low > 0
    assert (done["variant_b"].rate, done["variant_b"].interval.high) == (0.0, 1.0)


def test_the_plot_says_in_words_what_it_draws() -> None:
    """To who cannot see it; a dot and a line for each variant."""
    drawn = plot(report_of("checkout-flow-v2", CHECKOUT, COUNTS))

    assert 'role="img"' in drawn
    assert "control 10.0 % (8.3 to 12.0 %); variant_a 15.0 % (12.9 to 17.3 %)" in drawn
    assert (drawn.count("<circle"), drawn.count('class="line"')) == (3, 3)

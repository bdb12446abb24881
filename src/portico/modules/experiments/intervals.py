"""How sure one may be of a rate, and of the difference of two."""

from math import sqrt

Z = 1.959963984540054
"""Of the normal distribution: 95 % lie within."""


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a rate (Wilson 1927): within 0 and 1, and of use for few subjects and for rare events too.

    Of nobody, nothing is known: 0 to 1.
    """
    if of == 0:
        return 0.0, 1.0
    rate, z2 = hits / of, Z * Z
    middle = (rate + z2 / (2 * of)) / (1 + z2 / of)
    reach = Z * sqrt(rate * (1 - rate) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    low = 0.0 if hits == 0 else middle - reach
    return low, 1.0 if hits == of else middle + reach


def difference(ours: tuple[int, int], theirs: tuple[int, int]) -> tuple[float, float]:
    """The 95 % interval of our rate less theirs (Newcombe 1998, method 10); each is hits, and of how many."""
    rate, base = _rate(*ours), _rate(*theirs)
    (low, high), (base_low, base_high) = wilson(*ours), wilson(*theirs)
    middle = rate - base
    below = sqrt((rate - low) ** 2 + (base_high - base) ** 2)
    above = sqrt((high - rate) ** 2 + (base - base_low) ** 2)
    return middle - below, middle + above


def _rate(hits: int, of: int) -> float:
    return hits / of if of else 0.0

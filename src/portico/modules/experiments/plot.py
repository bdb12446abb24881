"""A report as a drawing: each variant's rate as a dot, its interval as a line. The table beside it says the same."""

from html import escape
from math import ceil

from portico.modules.experiments.report import Report, Score

WIDTH, LEFT, RIGHT, ROW, TOP, FOOT = 640, 130, 24, 44, 12, 40
STYLE = (
    "text{font:14px system-ui,sans-serif;fill:currentColor}.axis{stroke:currentColor;opacity:.25}"
    ".line{stroke:currentColor;stroke-width:2}.dot{fill:currentColor}"
)


def plot(report: Report) -> str:
    """SVG of the goal's rates, in the color of the text around it; a screen reader is told the same in words."""
    scores = [(v.variant, next(s for s in v.scores if s.event == report.goal)) for v in report.variants]
    most = _scale(max(score.interval.high for _, score in scores))
    height = TOP + ROW * len(scores) + FOOT
    said = f"Rate of {report.goal} by variant: " + "; ".join(f"{name} {_words(score)}" for name, score in scores) + "."
    rows = [_row(n, name, score, most=most) for n, (name, score) in enumerate(scores)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" class="plot" '
        f'aria-label="{escape(said)}"><style>{STYLE}</style>{_axis(most, height)}{"".join(rows)}</svg>'
    )


def _row(number: int, name: str, score: Score, *, most: float) -> str:
    y = TOP + ROW * number + ROW / 2
    low, rate, high = (_x(value, most) for value in (score.interval.low, score.rate, score.interval.high))
    return (
        f'<text x="{LEFT - 12}" y="{y + 5:g}" text-anchor="end">{escape(name)}</text>'
        f'<line class="line" x1="{low:.1f}" x2="{high:.1f}" y1="{y:g}" y2="{y:g}"/>'
        f'<circle class="dot" cx="{rate:.1f}" cy="{y:g}" r="6"><title>{escape(_words(score))}</title></circle>'
    )


def _axis(most: float, height: int) -> str:
    bottom, steps = height - FOOT + 4, 4
    marks = []
    for step in range(steps + 1):
        value = most * step / steps
        x = _x(value, most)
        marks.append(
            f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{bottom}"/>'
            f'<text x="{x:.1f}" y="{bottom + 20}" text-anchor="middle">{value * 100:.3g} %</text>'
        )
    return "".join(marks)


def _x(value: float, most: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * min(value / most, 1.0)


def _scale(highest: float) -> float:
    """The end of the axis: the next twentieth, so that small rates do not drown."""
    return min(max(ceil(highest * 20) / 20, 0.05), 1.0)


def _words(score: Score) -> str:
    low, high = score.interval.low * 100, score.interval.high * 100
    return f"{score.rate * 100:.1f} % ({low:.1f} to {high:.1f} %)"

"""Charts for the report: scores and seconds in, inline SVG out. Colours are those of the page, light or dark."""

import html
from collections.abc import Mapping, Sequence

from evals.scores import Score

LABELS, BARS, ROW = 170, 420, 26
BINS, PLOT = 24, 140


def bars(scores: Mapping[str, Score]) -> str:
    """A bar for each name with its 95 % interval as a line, and the baseline as a dashed stroke."""
    drawn = []
    for number, (name, score) in enumerate(scores.items()):
        top = number * ROW
        now, low, high = (LABELS + BARS * each for each in (score.now.value, score.now.low, score.now.high))
        middle = top + ROW / 2
        label = html.escape(name.replace("_", " "))
        drawn.append(
            f'<text x="{LABELS - 8}" y="{middle + 4:.1f}" text-anchor="end">{label}</text>'
            f'<rect class="track" x="{LABELS}" y="{top + 5}" width="{BARS}" height="{ROW - 10}" rx="3"/>'
            f'<rect class="bar" x="{LABELS}" y="{top + 5}" width="{now - LABELS:.1f}" height="{ROW - 10}" rx="3"/>'
            f'<path class="interval" d="M{low:.1f} {middle}H{high:.1f}'
            f'M{low:.1f} {middle - 4}v8M{high:.1f} {middle - 4}v8"/>'
            + _baseline(score, top)
            + f'<text x="{LABELS + BARS + 8}" y="{middle + 4:.1f}">{100 * score.now.value:.0f} % of {score.now.n}'
            + "</text>"
        )
    height = len(scores) * ROW
    return _svg(LABELS + BARS + 100, height, "Right answers by kind of question", "".join(drawn))


def _baseline(score: Score, top: int) -> str:
    if score.before is None or not score.before.n:
        return ""
    at = LABELS + BARS * score.before.value
    return f'<path class="baseline" d="M{at:.1f} {top + 2}v{ROW - 4}"><title>baseline</title></path>'


def histogram(values: Sequence[float], title: str) -> str:
    """How often each stretch of values occurs; the axis begins at 0."""
    if not values:
        return ""
    most = max(values) or 1.0
    counts = [0] * BINS
    for value in values:
        counts[min(BINS - 1, int(BINS * value / most))] += 1
    width = (LABELS + BARS) / BINS
    drawn = "".join(
        f'<rect class="bar" x="{number * width + 1:.1f}" y="{PLOT - PLOT * count / max(counts):.1f}" '
        f'width="{width - 2:.1f}" height="{PLOT * count / max(counts):.1f}">'
        f"<title>{number * most / BINS:.2f} to {(number + 1) * most / BINS:.2f} s: {count}</title></rect>"
        for number, count in enumerate(counts)
    )
    ticks = "".join(
        f'<text x="{part * (LABELS + BARS):.0f}" y="{PLOT + 18}" text-anchor="{anchor}">{part * most:.2f} s</text>'
        for part, anchor in ((0, "start"), (0.5, "middle"), (1, "end"))
    )
    axis = f'<path class="interval" d="M0 {PLOT}H{LABELS + BARS}"/>'
    return _svg(LABELS + BARS, PLOT + 24, title, drawn + axis + ticks)


def _svg(width: int, height: int, title: str, inside: str) -> str:
    return (
        f'<svg role="img" viewBox="0 0 {width} {height}" style="max-width:{width}px" '
        f'aria-label="{html.escape(title)}">{inside}</svg>'
    )

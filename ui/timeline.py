"""The timeline: documents in, HTML out: a picture of what was said when (SVG), and the table of the documents."""

from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

from rag.citations import readable_date
from ui.library import Listed
from ui.markup import shown

WIDTH, HEIGHT, MARGIN, AXIS = 720, 160, 40, 125
MAX_RADIUS, MIN_RADIUS = 20, 6
GAP = 3
MAX_LISTED = 500  # documents in picture and table: a browser would choke on more


def corpus(documents: Sequence[Listed]) -> str:
    """Counts, picture and table of the documents, by date; of very many the latest."""
    passages = sum(each.passages for each in documents)
    latest = documents[-MAX_LISTED:]
    cut = f'<p class="about">The latest {MAX_LISTED} are shown.</p>' if len(latest) < len(documents) else ""
    return (
        f'<section class="corpus"><p class="counts">{len(documents)} documents, {passages} passages</p>'
        f"{cut}{timeline(latest)}{_table(latest)}</section>"
    )


def timeline(documents: Sequence[Listed]) -> str:
    """A dot for each document with a full date, the larger the more passages it has; "" where none has a date."""
    dated = [(date.fromisoformat(each.source.metadata.date), each) for each in documents if _is_dated(each)]
    if not dated:
        return ""
    first, last = dated[0][0].year, dated[-1][0].year + 1
    begin, days = date(first, 1, 1).toordinal(), (date(last, 1, 1) - date(first, 1, 1)).days
    most = max(each.passages for _, each in dated) or 1
    dots: list[str] = []
    heights: dict[date, float] = {}  # dots of one day stand on one another
    for day, each in dated:
        x = MARGIN + (WIDTH - 2 * MARGIN) * (day.toordinal() - begin) / days
        radius = max(MIN_RADIUS, MAX_RADIUS * (each.passages / most) ** 0.5)
        y = max(radius, AXIS - heights.get(day, GAP) - radius)
        heights[day] = heights.get(day, GAP) + 2 * radius + GAP
        dots.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}">'
            f"<title>{shown(_name(each))}, {shown(readable_date(each.source.metadata.date))}: "
            f"{each.passages} passages</title></circle>"
        )
    spoken = "; ".join(f"{readable_date(each.source.metadata.date)}: {_name(each)}" for _, each in dated)
    undated = len(documents) - len(dated)
    note = f'<p class="about">Not in the picture: {undated} without a full date.</p>' if undated else ""
    return (
        f'<figure><svg class="timeline" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="Timeline of the documents. {shown(spoken)}">{_axis(first, last)}{"".join(dots)}</svg>'
        f"<figcaption>What was said when: a dot is a document, its size the number of passages.</figcaption></figure>"
        f"{note}"
    )


def _axis(first: int, last: int) -> str:
    step = max(1, (last - first) // 8)
    ticks = "".join(
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{AXIS}" y2="{AXIS + 6}"/><text x="{x:.1f}" y="{AXIS + 24}">{year}</text>'
        for year in range(first, last + 1, step)
        for x in [MARGIN + (WIDTH - 2 * MARGIN) * (year - first) / (last - first)]
    )
    return f'<line x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{AXIS}" y2="{AXIS}"/>{ticks}'


def _table(documents: Sequence[Listed]) -> str:
    rows = "".join(
        f"<tr><td>{shown(readable_date(each.source.metadata.date) or 'undated')}</td>"
        f"<td>{shown(each.source.metadata.publisher or '–')}</td>"
        f'<td><button type="button" class="reference" data-do="read" data-document="{shown(each.source.id)}" '
        f'dir="auto">{shown(_name(each))}</button><span class="file">{shown(PurePath(each.source.path).name)}</span>'
        f"</td><td>{each.passages}</td></tr>"
        for each in documents
    )
    return (
        '<table class="documents"><caption>Documents</caption><thead><tr><th scope="col">Date</th>'
        '<th scope="col">Publisher</th><th scope="col">Document</th><th scope="col">Passages</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _name(each: Listed) -> str:
    return each.source.metadata.title or PurePath(each.source.path).name


def _is_dated(each: Listed) -> bool:
    return len(each.source.metadata.date) == len("2019-11-27")

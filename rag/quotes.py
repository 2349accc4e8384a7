"""The quotes engine: findings in, the sentences that answer out, word for word with who and when.

No language model. It takes the best utterance, its neighbours that belong to the same remark, and the best
of other remarks while they are nearly as relevant; what another source says alike is cited beside it.
"""

from collections.abc import Sequence

from rag.citations import Statement, citation, statement, who_and_when
from rag.duplicates import are_near_duplicates, shingles
from rag.evidence import Findings
from rag.types import Citation, Evidence, Mode
from rag.words import stems

MAX_REMARKS = 3
MAX_RUN = 3  # utterances of one remark
# How far below the best utterance, in relevance, others may lie: chosen on the dev questions
NEIGHBOUR_MARGIN = 5.0
REMARK_MARGIN = 3.0
# Share of the smaller set of content words that two utterances of different sources must have in common
ALIKE = 0.4


def quoted(findings: Findings) -> list[Statement]:
    """One to three statements for the findings, best first; [] without evidence."""
    return [_statement(run, findings.evidence) for run in remarks(findings)]


def remarks(findings: Findings) -> list[tuple[Evidence, ...]]:
    """Runs of neighbouring evidence, at most three, each side of the question heard."""
    runs: list[tuple[Evidence, ...]] = []
    evidence = findings.evidence
    if not evidence:
        return []
    leaders = [facet[0] for facet in findings.facets if facet] if len(findings.facets) > 1 else []
    best = evidence[0].relevance
    for leader in [*leaders, *evidence]:
        if len(runs) == MAX_REMARKS or (leader not in leaders and leader.relevance < best - REMARK_MARGIN):
            break
        if any(_says_the_same(leader, item) for run in runs for item in run):
            continue
        runs.append(_run(leader, evidence))
    return runs


def _run(leader: Evidence, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The leader with the utterances before and after it that are relevant too, within one passage and voice."""
    relevance = {item.utterance.start: item for item in evidence if item.hit.passage.id == leader.hit.passage.id}
    spoken = leader.hit.passage.utterances
    position = next(n for n, utterance in enumerate(spoken) if utterance.start == leader.utterance.start)
    first = last = position
    while last - first + 1 < MAX_RUN:
        after = relevance.get(spoken[last + 1].start) if last + 1 < len(spoken) else None
        before = relevance.get(spoken[first - 1].start) if first > 0 else None
        best = max(filter(None, (after, before)), key=lambda item: item.relevance, default=None)
        if best is None or best.relevance < leader.relevance - NEIGHBOUR_MARGIN or not _same_voice(best, leader):
            break
        first, last = (first, last + 1) if best is after else (first - 1, last)
    return tuple(relevance[utterance.start] for utterance in spoken[first : last + 1])


def _same_voice(first: Evidence, second: Evidence) -> bool:
    return first.utterance.speaker == second.utterance.speaker and first.utterance.mode is second.utterance.mode


def _statement(run: Sequence[Evidence], evidence: Sequence[Evidence]) -> Statement:
    cited = citation(run)
    others = _corroborating(run, evidence)
    return statement(f"{who_and_when(cited)}: {in_quotation_marks(cited)}", [cited, *others])


def _corroborating(run: Sequence[Evidence], evidence: Sequence[Evidence]) -> list[Citation]:
    """The utterances of other sources that word the same remark otherwise, one a source."""
    own = run[0].hit.source.id
    found: dict[str, Evidence] = {}
    for item in evidence:
        if item.hit.source.id not in (own, *found) and any(is_alike(item, leader) for leader in run):
            found[item.hit.source.id] = item
    return [citation([item]) for item in found.values()]


def is_alike(first: Evidence, second: Evidence) -> bool:
    """Whether two utterances by one speaker in two sources share enough content words to report one remark."""
    if not _same_voice(first, second) or first.hit.source.metadata.date != second.hit.source.metadata.date:
        return False
    one, two = set(stems(first.utterance.text)), set(stems(second.utterance.text))
    return len(one & two) >= max(3, ALIKE * min(len(one), len(two)))


def _says_the_same(first: Evidence, second: Evidence) -> bool:
    same = first.hit.source.id == second.hit.source.id and first.utterance.start == second.utterance.start
    words = (shingles(item.utterance.text) for item in (first, second))
    return (
        same or are_near_duplicates(*words) or (first.hit.source.id != second.hit.source.id and is_alike(first, second))
    )


def in_quotation_marks(cited: Citation) -> str:
    """The quote on one line in quotation marks; a reporter's narration, too, is quoted word for word."""
    words = " ".join(cited.quote.split())
    if cited.mode is Mode.QUOTE and words[:1] in '“"' and words[-1:] in '”"':
        words = words[1:-1]
    return f"“{words}”"

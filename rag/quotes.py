"""The quotes engine: findings in, the sentences that answer out, word for word with who and when.

No language model. It takes the best utterance, its neighbours that belong to the same remark, and the best
of other remarks while they are nearly as relevant; what another source says alike is cited beside it.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from rag.citations import Statement, citation, is_first_hand, statement, who_and_when
from rag.duplicates import are_near_duplicates, shingles
from rag.evidence import Findings
from rag.marks import in_quotation_marks
from rag.quantities import numbers
from rag.types import Citation, Evidence, Mode
from rag.words import stems

MAX_REMARKS = 3
MAX_OF_SIDES = 4  # of all sides of a comparison
MAX_UTTERANCES = 4  # of the whole answer
MAX_WORDS = 110
WHOSE_MORE = 2  # where it is asked whose words these are, and their first sentence does not tell who "they" are
# How far below the best utterance, in the relevance of either look, others may lie: chosen on the dev questions
REMARK_MARGIN = 3.0
# A further remark that is less relevant is about something else
REMARK_FLOOR = -2.0
SIDE_MARGIN = 9.0  # for a side of a comparison: who says nothing on the topic is no side
# What is told beside a remark: how far below it a sentence counts that was not read, and by how much less one counts
# that was said before it, as a remark goes on more often than it began before
UNREAD_BELOW = 5.0
EARLIER_BELOW = 3.0
QUESTION_MARGIN = 8.0  # for a questioner's words, where it is asked whose words they are
# Share of the smaller set of content words that two utterances of different sources must have in common
ALIKE = 0.5
LEAST_SHARED = 3  # of those words
LEAST_LENGTH = 0.5  # content words of what is told in place of a report, as a share of the report's
NEGATION = re.compile(
    r"\b(?:not|no|never|nor|neither|nobody|none|without|cannot|nothing|fail\w*|unable|\w+n[’']t)\b", re.IGNORECASE
)
REPLY_WITHIN = 400  # characters from a question to its answer
# What begins like this needs the utterance before it
ANAPHORA = re.compile(
    r"^[“\"]?(?:it|this|that|these|those|they|he|she|such|there|then|therefore|thus|in this|in other words|but|and|so|"
    r"if you)\b",
    re.IGNORECASE,
)


def quoted(findings: Findings, *, asks_whose: bool, said: Sequence[Evidence] = ()) -> list[Statement]:
    """One to three statements for the findings, best first; [] without evidence.

    `said` is evidence that a drafted sentence has given: a remark that consists of it alone is left out.
    """
    runs = remarks(findings, asks_whose=asks_whose)[: MAX_OF_SIDES - len(said)]
    return [_statement(run, findings.evidence) for run in runs if not all(_is_within(item, said) for item in run)]


def remarks(findings: Findings, *, asks_whose: bool) -> list[tuple[Evidence, ...]]:
    """Runs of neighbouring utterances, at most three (in a comparison four) of four utterances; four sides are heard.

    Where it is asked whose words they are, two more may tell whom "they" means.
    """
    evidence = findings.evidence
    if not evidence:
        return []
    leaders: list[Evidence] = []
    sides = _sides(findings)
    most = MAX_OF_SIDES if len(sides) > 1 else MAX_REMARKS
    for side in _with_replies([_at_first_hand(side[0], side) for side in sides], findings):
        # two sides may word the same remark: that is what a comparison is about
        if len(leaders) < most and not _is_within(side, leaders):
            leaders.append(side)
    more = _of_each(sides) if len(sides) > 1 else _near(evidence)
    for near in _with_replies(_with_question(more, evidence) if asks_whose else more, findings):
        leader = _at_first_hand(near, evidence)
        if len(leaders) < most and not any(_says_the_same(leader, other) for other in leaders):
            leaders.append(leader)
    known = {(item.hit.passage.id, item.utterance.start): item for item in evidence}
    runs: list[list[Evidence]] = []
    for leader in leaders:
        if not any(_is_within(leader, run) for run in runs):
            runs.append([leader])
    # the neighbours of the best remark first, then of the next: a remark is given with its context
    grown = True
    while grown:
        grown = False
        for run in sorted(runs, key=len) if len(findings.facets) > 1 or findings.compares else runs:
            size = sum(len(each) for each in runs)
            words = sum(len(item.utterance.text.split()) for each in runs for item in each)
            longest = MAX_UTTERANCES + (WHOSE_MORE if asks_whose and _lacks_antecedent(run) else 0)
            if size < longest and _grow(run, known, MAX_WORDS - words, asks_whose=asks_whose):
                grown = True
                break
    return [tuple(run) for run in _joined(runs)]


def _sides(findings: Findings) -> list[tuple[Evidence, ...]]:
    """The evidence of each side of a comparison, best first; of each source where fewer than two sides speak of it."""
    if len(findings.facets) < 2 and not findings.compares:
        return []
    least = findings.evidence[0].relevance - SIDE_MARGIN
    heard = [facet for facet in findings.facets if facet and facet[0].relevance >= least]
    if findings.compares and len(heard) < 2:
        heard = [source for source in _by_source(findings.evidence) if source[0].relevance >= least]
    return sorted(heard, key=lambda side: -side[0].relevance) if len(heard) > MAX_OF_SIDES else heard


def _of_each(sides: Sequence[Sequence[Evidence]]) -> list[Evidence]:
    """What is nearly as relevant as the best utterance of its side, of the sides in turn."""
    near = ([item for item in side if item.relevance >= _least(side)] for side in sides)
    return [item for turn in zip_longest(*near) for item in turn if item]


def _least(side: Sequence[Evidence]) -> float:
    """The relevance below which a further remark of a side is left out."""
    return max(side[0].relevance - REMARK_MARGIN, REMARK_FLOOR)


def _by_source(evidence: Sequence[Evidence]) -> list[tuple[Evidence, ...]]:
    sources: dict[str, list[Evidence]] = {}
    for item in evidence:
        sources.setdefault(item.hit.source.id, []).append(item)
    return [tuple(told) for told in sources.values()]


def _near(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The best utterance, and what is nearly as relevant."""
    return [item for place, item in enumerate(evidence) if place == 0 or item.relevance >= _least(evidence)]


def _with_question(near: Sequence[Evidence], evidence: Sequence[Evidence]) -> list[Evidence]:
    """What is told, the most relevant question second: where it is asked whose words they are, it may be hers."""
    asked = next((item for item in evidence if item.utterance.mode is Mode.QUESTION), None)
    if asked is None or asked.relevance < evidence[0].relevance - QUESTION_MARGIN:
        return list(near)
    return [*near[:1], asked, *near[1:]]


def _at_first_hand(leader: Evidence, evidence: Sequence[Evidence]) -> Evidence:
    """The same remark in the source that gives the speech itself, where one nearly as relevant tells as much."""
    if is_first_hand(citation([leader])):
        return leader
    for item in evidence:
        is_near = item.relevance >= leader.relevance - REMARK_MARGIN
        if is_near and is_alike(item, leader) and _tells_as_much(item, leader) and is_first_hand(citation([item])):
            return item
    return leader


def _tells_as_much(item: Evidence, other: Evidence) -> bool:
    """Whether an utterance has all numbers of the other and is not much shorter."""
    texts = item.utterance.text, other.utterance.text
    own, others = (len(set(stems(text))) for text in texts)
    return numbers(texts[0]) >= numbers(texts[1]) and own >= LEAST_LENGTH * others


def _with_replies(leaders: Sequence[Evidence], findings: Findings) -> list[Evidence]:
    """The leaders, each question followed by what was answered: it may be a denial."""
    heard: list[Evidence] = []
    for leader in leaders:
        heard.append(leader)
        if leader.utterance.mode is Mode.QUESTION:
            later = [
                Evidence(said, hit, leader.relevance)
                for hit in findings.hits
                if hit.source.id == leader.hit.source.id
                for said in hit.passage.utterances
                if said.mode is Mode.QUOTE and 0 <= said.start - leader.utterance.end < REPLY_WITHIN
            ]
            heard += sorted(later, key=lambda item: item.utterance.start)[:1]
    return heard


def _grow(run: list[Evidence], known: Mapping[tuple[str, int], Evidence], room: int, *, asks_whose: bool) -> bool:
    """Adds to a run the neighbour that is most relevant, or else the next; False where none fits."""
    hit = run[0].hit
    spoken = hit.passage.utterances
    starts = [utterance.start for utterance in spoken]
    first, last = starts.index(run[0].utterance.start), starts.index(run[-1].utterance.start)
    best = max(item.relevance for item in run)
    options: list[tuple[float, Evidence]] = []
    for position in (last + 1, first - 1):
        if not 0 <= position < len(spoken):
            continue
        neighbour = known.get((hit.passage.id, starts[position])) or Evidence(
            spoken[position], hit, best - UNREAD_BELOW
        )
        if _same_voice(neighbour, run[0]) and len(neighbour.utterance.text.split()) <= room:
            options.append((neighbour.relevance - (EARLIER_BELOW if position < first else 0.0), neighbour))
    if not options:
        return False
    # whose words these are is told before them
    backwards = asks_whose or ANAPHORA.match(run[0].utterance.text) is not None
    by_place = sorted((each for _, each in options), key=lambda each: each.utterance.start)
    chosen = by_place[0] if backwards else max(options, key=lambda option: option[0])[1]
    if chosen.utterance.start < run[0].utterance.start:
        run.insert(0, chosen)
    else:
        run.append(chosen)
    return True


def _lacks_antecedent(run: Sequence[Evidence]) -> bool:
    """Whether a run begins with "they" or "this" while what they mean was said just before, by the same."""
    spoken = run[0].hit.passage.utterances
    before = [each for each in spoken if each.end <= run[0].utterance.start][-1:]
    is_same = any((each.speaker, each.mode) == (run[0].utterance.speaker, run[0].utterance.mode) for each in before)
    return is_same and ANAPHORA.match(run[0].utterance.text) is not None


def _is_within(leader: Evidence, run: Sequence[Evidence]) -> bool:
    return any(item.hit.source.id == leader.hit.source.id and item.utterance == leader.utterance for item in run)


def _joined(runs: Sequence[list[Evidence]]) -> list[list[Evidence]]:
    """The runs, those that grew into one another made one."""
    joined: list[list[Evidence]] = []
    for run in runs:
        into = next((other for other in joined if any(_is_within(item, other) for item in run)), None)
        if into is None:
            joined.append(list(run))
        else:
            merged = {item.utterance.start: item for item in (*into, *run)}
            into[:] = [merged[start] for start in sorted(merged)]
    return joined


def _same_voice(first: Evidence, second: Evidence) -> bool:
    return first.utterance.speaker == second.utterance.speaker and first.utterance.mode is second.utterance.mode


def _statement(run: Sequence[Evidence], evidence: Sequence[Evidence]) -> Statement:
    cited = citation(run)
    others = _corroborating(run, evidence)
    return statement(f"{who_and_when(cited)}: {in_quotation_marks(cited)}", [cited, *others], "verbatim")


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
    texts = (first.utterance.text, second.utterance.text)
    if not first.hit.source.metadata.date or len({bool(NEGATION.search(text)) for text in texts}) > 1:
        return False
    return are_worded_alike(*texts)


def are_worded_alike(first: str, second: str) -> bool:
    """Whether two texts share enough content words to word one remark."""
    one, two = set(stems(first)), set(stems(second))
    return len(one & two) >= max(LEAST_SHARED, ALIKE * min(len(one), len(two)))


def _says_the_same(first: Evidence, second: Evidence) -> bool:
    same = first.hit.source.id == second.hit.source.id and first.utterance.start == second.utterance.start
    words = (shingles(item.utterance.text) for item in (first, second))
    return (
        same or are_near_duplicates(*words) or (first.hit.source.id != second.hit.source.id and is_alike(first, second))
    )

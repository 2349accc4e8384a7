"""Drafting: a language model reads a few numbered excerpts and says yes or no, then which answer it sees in them.

In: the question and the evidence; out: drafted sentences, each naming its evidence. Nothing of it is shown
before verification. Text of documents goes in as data; what cannot be parsed is counted, not guessed at.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.citations import source_label
from rag.evidence import Findings
from rag.models import LanguageModel
from rag.prompts import EXCERPT, EXCERPT_GROUP, GRAMMAR, SYSTEM, USER
from rag.speakers import QUESTIONER
from rag.types import Evidence

MAX_EXCERPTS = 6
MAX_EXCERPT_WORDS = 130  # of all together: two processor cores read about fifty words a second
MAX_TOKENS = 110
LINE = re.compile(r"^\s*(?P<cites>(?:\[\d+\]\s*)+)(?P<text>\S.*)$")
CITED_LAST = re.compile(r"^(?P<text>.*?\S)\s*(?P<cites>(?:\[\d+\]\s*)+)\.?\s*$")


@dataclass(frozen=True, slots=True)
class Opinion:
    """Whether the model sees the answer in the excerpts: its probability of yes, or its bare word as 1 or 0."""

    yes: float


@dataclass(frozen=True, slots=True)
class DraftedSentence:
    """One sentence with the evidence that it names; no evidence where it names none that was shown."""

    text: str
    evidence: tuple[Evidence, ...]


def excerpts(findings: Findings) -> list[Evidence]:
    """The evidence that the model gets to read: best first from each facet in turn, within the word limit."""
    queues = [list(facet) for facet in findings.facets]
    chosen: dict[str, Evidence] = {}
    words = 0
    while any(queues) and len(chosen) < MAX_EXCERPTS:
        for queue in queues:
            if not queue or len(chosen) == MAX_EXCERPTS:
                continue
            item = queue.pop(0)
            size = len(item.utterance.text.split())
            if item.utterance.text in chosen or (chosen and words + size > MAX_EXCERPT_WORDS):
                continue
            chosen[item.utterance.text] = item
            words += size
    return list(chosen.values())


def drafted(
    question: str, shown: Sequence[Evidence], model: LanguageModel, is_stopped: Callable[[], bool]
) -> Iterator[Opinion | DraftedSentence]:
    """The model's opinion first, then its sentences as they are finished; closing the iterator stops the model.

    Raises ModelError when the model fails.
    """
    numbered = _in_reading_order(shown)
    user = USER.format(excerpts=_listed(numbered), question=question)
    drafts = model.write(SYSTEM, user, grammar=GRAMMAR, max_tokens=MAX_TOKENS, is_stopped=is_stopped)
    judged = False
    given = 0
    for draft in drafts:
        lines = draft.text.split("\n")
        complete = lines if draft.done else lines[:-1]
        if not judged and (draft.yes is not None or len(complete) > 0):
            yes = draft.yes if draft.yes is not None else float(lines[0].strip().lower().startswith("yes"))
            yield Opinion(yes)
            judged = True
        for line in complete[given:]:
            sentence = _parsed(line, numbered)
            if sentence:
                yield sentence
        given = max(given, len(complete))


def _parsed(line: str, numbered: Sequence[Evidence]) -> DraftedSentence | None:
    """A line of a draft; None for the line of the opinion and for empty ones."""
    line = re.sub(r"^\s*(?:yes|no)\b[\s.,:]*", "", line, flags=re.IGNORECASE).strip()
    if not line:
        return None
    match = LINE.match(line) or CITED_LAST.match(line)
    if not match:
        return DraftedSentence(line, ())
    numbers = [int(number) for number in re.findall(r"\d+", match["cites"])]
    known = tuple(numbered[number - 1] for number in dict.fromkeys(numbers) if 1 <= number <= len(numbered))
    return DraftedSentence(re.sub(r"\s*\[\d+\]", "", match["text"]).strip(), known)


def _in_reading_order(shown: Sequence[Evidence]) -> list[Evidence]:
    """By source in order of relevance, within a source as in the document."""
    rank: dict[str, int] = {}
    for item in shown:
        rank.setdefault(item.hit.source.id, len(rank))
    return sorted(shown, key=lambda item: (rank[item.hit.source.id], item.utterance.start))


def _listed(numbered: Sequence[Evidence]) -> str:
    lines: list[str] = []
    group = ""
    for number, item in enumerate(numbered, start=1):
        speaker = {"": "Report", QUESTIONER: "Question from the audience"}.get(
            item.utterance.speaker, item.utterance.speaker
        )
        heading = EXCERPT_GROUP.format(speaker=speaker, source=source_label(item.hit.source))
        if heading != group:
            lines.append(heading)
            group = heading
        lines.append(EXCERPT.format(number=number, text=" ".join(item.utterance.text.split())))
    return "\n".join(lines)

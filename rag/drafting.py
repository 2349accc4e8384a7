"""Drafting: a language model reads a few numbered excerpts, says whether they answer, and words the answer.

In: the question and the evidence; out: its opinion and one sentence that names its evidence. Nothing of it is
shown before verification. Text of documents goes in as data, never as instructions.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.citations import source_label
from rag.crediting import QUOTATION
from rag.errors import ModelError
from rag.evidence import Findings
from rag.models import LanguageModel
from rag.prompts import ASKED, EXCERPT, EXCERPT_GROUP, GRAMMAR, NARRATED, REPORTED, SPOKEN, SYSTEM, USER
from rag.speakers import QUESTIONER
from rag.types import Evidence, Mode
from rag.words import stems

MAX_EXCERPTS = 6
MAX_EXCERPT_WORDS = 130  # of all together: two processor cores read about fifty words a second
MAX_TOKENS = 64
LONGEST = 200  # characters of a sentence after its opening
# outside quotation marks these are of the speaker's mouth, or mean what only his other sentences tell
OF_THE_SPEAKER = re.compile(
    r"\b(?:[Ww]e|[Oo]urs?|us|ourselves|(?<!War )I|[Mm]y|me|[Yy]ou|[Yy]ours?|[Tt]his(?! (?:year|month|week)\b)|[Tt]hese|"
    r"[Tt]hose(?! (?:who|of|that|which|in|with|from)\b))\b"
)
QUOTED_SELF = re.compile(r"[“\"](?:we|I|our|my)\b", re.IGNORECASE)
# of what is still being written the last word, or all since the mark of a quotation that has not ended
UNFINISHED = re.compile(r"(?P<whole>(?:[^“”\"]*[“\"][^“”\"]*[”\"])*[^“”\"]*?)(?:[“\"][^“”\"]*|[\w’']+)?")
JOINING = frozenset(stems("instead rather versus like plus"))  # say nothing of what they join
YES = re.compile(r"\W*yes\b", re.IGNORECASE)
NO = re.compile(r"\W*no\b", re.IGNORECASE)
# What the bare word of a model without probabilities is taken for: an opinion, which evidence can outweigh
BARE_YES, BARE_NO = 0.9, 0.1
LINE = re.compile(r"^(?:yes[\s,.:]+)?(?:\[(?P<number>\d+)\]\s*)?(?P<text>\S.*?)\s*$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Opinion:
    """The probability with which the model sees the answer in the excerpts."""

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
    """The model's opinion first, then its sentence if it said yes; closing the iterator stops the model.

    Raises ModelError when the model fails.
    """
    numbered = _in_reading_order(shown)
    openings = " | ".join(
        json.dumps(f"[{n}] {opening(item)}", ensure_ascii=False) for n, item in enumerate(numbered, 1)
    )
    drafts = model.write(
        SYSTEM,
        USER.format(excerpts=_listed(numbered), question=question),
        grammar=GRAMMAR.format(openings=openings, longest=LONGEST),
        max_tokens=MAX_TOKENS,
        is_stopped=is_stopped,
    )
    judged = False
    for draft in drafts:
        if draft.done and is_stopped():
            return
        if draft.done and not draft.text.strip():
            raise ModelError("the language model wrote nothing")
        if not judged and (draft.yes is not None or draft.done):
            yield Opinion(draft.yes if draft.yes is not None else BARE_YES if YES.match(draft.text) else BARE_NO)
            judged = True
        if judged and not draft.done and _is_of_the_speaker(_finished(draft.text)):
            return  # whatever follows: the quote alone tells it better
        if draft.done and not NO.match(draft.text):
            yield from _parsed(draft.text, numbered)


def _parsed(text: str, numbered: Sequence[Evidence]) -> Iterator[DraftedSentence]:
    """The sentence of a draft with the excerpt that it names, if it was finished."""
    match = LINE.match(" ".join(text.split()))
    if match and match["text"].endswith(".") and _is_sound(match["text"], numbered):
        number = int(match["number"] or 0)
        yield DraftedSentence(match["text"], tuple(numbered[number - 1 : number]) if number else ())


def _is_sound(text: str, numbered: Sequence[Evidence]) -> bool:
    """Whether a sentence is whole and can be read without the speaker's other sentences."""
    has_lone_mark = text.count('"') % 2 == 1 or text.count("“") != text.count("”")
    return not (has_lone_mark or _is_of_the_speaker(text) or _is_cut(text, numbered) or _is_scrap(text))


def _finished(text: str) -> str:
    match = UNFINISHED.fullmatch(text)
    return match["whole"] if match else ""


def _is_of_the_speaker(text: str) -> bool:
    """Whether what a sentence tells, outside quotation marks, has words that only its speaker can say.

    Nor can a quotation that begins with "we" follow "that".
    """
    told = text.partition(" that ")[2]
    return QUOTED_SELF.match(told) is not None or OF_THE_SPEAKER.search(QUOTATION.sub(" ", told)) is not None


def _is_cut(text: str, numbered: Sequence[Evidence]) -> bool:
    """Whether the grammar ended a sentence at its longest, wherever that was."""
    begun = max((len(opening(item)) for item in numbered if text.startswith(opening(item))), default=0)
    return len(text) - begun > LONGEST


def _is_scrap(text: str) -> bool:
    """Whether quotations are joined by nothing that says anything: said that “this” instead of “that”."""
    outside = QUOTATION.sub(" ", text.partition(" that ")[2])
    return re.search(r"\w", outside) is not None and set(stems(outside)) <= JOINING


def opening(item: Evidence) -> str:
    """How a sentence on this evidence begins, so that nobody's words become another's."""
    if item.utterance.mode is Mode.QUESTION:
        return ASKED
    publisher = item.hit.source.metadata.publisher
    if item.utterance.mode is Mode.REPORTED:
        return REPORTED.format(speaker=item.utterance.speaker, publisher=publisher or "the source")
    if item.utterance.speaker:
        return SPOKEN.format(speaker=item.utterance.speaker)
    return NARRATED.format(publisher=publisher or "The source")


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
        speaker = {"": "Report", QUESTIONER: "Question"}.get(item.utterance.speaker, item.utterance.speaker)
        speaker = f"Report of what {speaker} said" if item.utterance.mode is Mode.REPORTED else speaker
        heading = EXCERPT_GROUP.format(speaker=speaker, source=source_label(item.hit.source))
        if heading != group:
            lines.append(heading)
            group = heading
        lines.append(EXCERPT.format(number=number, text=" ".join(item.utterance.text.split())))
    return "\n".join(lines)

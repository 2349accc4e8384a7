"""Questions with their gold: reads and validates `dev.jsonl`, `test.jsonl` and `elsewhere.jsonl`, and who says what.

dev and test ask of the bundled documents, elsewhere of the invented ones in `texts/`: reports, a transcript, debates,
interviews, a blog. Thresholds and weights are chosen on dev and elsewhere; test is only measured.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.errors import OnRecordError
from rag.record import BUNDLED_CORPUS
from rag.types import Turn

FOLDER = Path(__file__).parent
SPEAKERS = FOLDER.parent / "tests" / "gold" / "speakers.jsonl"
RESULTS = FOLDER / "results"
TEXTS = FOLDER / "texts"
PARTS = ("dev", "test")
ELSEWHERE = "elsewhere"
SETS = (*PARTS, "all")
KINDS = (
    "single_fact",
    "several_facts",
    "who_said",
    "comparison",
    "dates",
    "paraphrase",
    "false_premise",
    "unanswerable_close",
    "unanswerable_far",
    "follow_up",
    "injection",
)
FEEDBACK = "feedback"  # the kind of what visitors of the page called good: see evals/feedback.py


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of a document, named by its file."""

    document: str
    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        return self.document == other.document and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Case:
    """A question and what a right answer to it is.

    `facts`: every one must match, by any of its regular expressions; `must_not`: none may match;
    `evidence`: of every group at least one place must be cited.
    """

    id: str
    kind: str
    question: str
    history: tuple[Turn, ...]
    answerable: bool
    facts: tuple[tuple[str, ...], ...]
    must_not: tuple[str, ...]
    evidence: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class GoldUtterance:
    """Who says a stretch of a document by a reader's account; `mode` is quote, question, reported, narration or
    furniture."""

    document: str
    start: int
    end: int
    speaker: str
    mode: str


def load_cases(part: str, texts: Mapping[str, str]) -> list[Case]:
    """The cases of a part; `texts` gives each document's extracted text by file name.

    Raises ValueError naming the case where a quote is not in its document or a field is wrong.
    """
    lines = (FOLDER / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [case_of(json.loads(line), texts) for line in lines if line.strip()]
    identities = [case.id for case in cases]
    if len(set(identities)) < len(identities):
        raise ValueError(f"{part}.jsonl: an id occurs twice")
    return cases


def documents_of(part: str) -> Path:
    """The folder of the documents that a part asks of."""
    return TEXTS if part == ELSEWHERE else BUNDLED_CORPUS


def bundled_texts() -> dict[str, str]:
    """The extracted text of each bundled document, by file name."""
    return texts_of(BUNDLED_CORPUS)


def texts_of(folder: Path) -> dict[str, str]:
    """The extracted text of each plain text of a folder, by file name."""
    files = sorted(path for path in folder.iterdir() if path.suffix in (".txt", ".md"))
    return {path.name: path.read_text(encoding="utf-8") for path in files}


def load_speakers() -> list[GoldUtterance]:
    """Who says what in the bundled documents, what is quoted within somebody's words left out."""
    if not SPEAKERS.is_file():
        raise OnRecordError(f"{SPEAKERS}: is not there; run evals in a checkout of the repository")
    raws = [json.loads(line) for line in SPEAKERS.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        GoldUtterance(raw["document"], raw["start"], raw["end"], raw["speaker"], raw["mode"])
        for raw in raws
        if not raw.get("within")
    ]


def case_of(raw: dict[str, object], texts: Mapping[str, str]) -> Case:
    """The case of a line, with `texts` as for load_cases; raises ValueError or KeyError where it is none."""
    name = str(raw["id"])
    if raw["kind"] not in (*KINDS, FEEDBACK):
        raise ValueError(f"{name}: unknown kind {raw['kind']!r}")
    case = Case(
        id=name,
        kind=str(raw["kind"]),
        question=str(raw["question"]),
        history=tuple(Turn(turn["role"], turn["content"]) for turn in raw["history"]),  # type: ignore[attr-defined]
        answerable=bool(raw["answerable"]),
        facts=tuple(tuple(group) for group in raw["facts"]),  # type: ignore[attr-defined]
        must_not=tuple(raw["must_not"]),  # type: ignore[arg-type]
        evidence=tuple(
            tuple(_span(name, place, texts) for place in group)
            for group in raw["evidence"]  # type: ignore[attr-defined]
        ),
    )
    for pattern in (*case.must_not, *(pattern for group in case.facts for pattern in group)):
        re.compile(pattern)
    if case.answerable != bool(case.evidence):
        raise ValueError(f"{name}: answerable questions, and only they, have evidence")
    return case


def _span(name: str, place: dict[str, str], texts: Mapping[str, str]) -> Span:
    start = texts[place["document"]].find(place["quote"])
    if start < 0:
        raise ValueError(f"{name}: {place['document']} does not contain {place['quote']!r}")
    return Span(place["document"], start, start + len(place["quote"]))

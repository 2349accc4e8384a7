"""Outcomes: a case and its answer in, all that is measured of it out, as one line of JSON.

`marks` gives for each measure of evals/scores.py what this question contributes: no, one or several numbers.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

from evals.grading import Grade, grade
from evals.judge import Judge, Verdict
from evals.metrics import (
    citation_precision,
    citation_recall,
    claim,
    is_rightly_attributed,
    named_speaker,
    ndcg,
    recall_at,
    reciprocal_rank,
    stands_at,
)
from evals.questions import Case, GoldUtterance, Span
from rag.citations import source_label
from rag.export import answer_record, citation_record
from rag.types import Answer, Citation, Hit, Mode, Sentence

Marks = Mapping[str, Sequence[float]]
QUOTED_WHOLE = re.compile(r"^[^“]*“(.*)”$")
MARKS = re.compile("[“”‘’\"']")
QUOTED_PART = re.compile(r"“([^“”]+)”")


@dataclass(frozen=True, slots=True)
class Grounds:
    """What answers are held against: the documents' texts by file name, who says what in them, and the judge."""

    texts: Mapping[str, str]
    speakers: Sequence[GoldUtterance]
    judge: Judge


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question with its answer and what was measured; plain values throughout.

    `answer` is a line of `onrecord answer` whose citations also have `quote_start` and `label`; `sentences` what was
    found of each of its sentences: `claim`, `verdict`, `precise` (of each citation), `named` and `attributed`.
    `gold` are the evidence groups, each place as {document, quote}.
    """

    id: str
    kind: str
    question: str
    standalone: str
    fingerprint: str
    verdict: str
    missing: Sequence[str]
    forbidden: Sequence[str]
    gold: Sequence[Sequence[Mapping[str, str]]]
    answer: Mapping[str, Any]
    sentences: Sequence[Mapping[str, Any]]
    marks: Marks

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def outcome(
    case: Case, answer: Answer, grounds: Grounds, *, engine: str, first_evidence: float, fingerprint: str
) -> Outcome:
    """Measures one answer."""
    graded = grade(case, answer)
    sentences = [_judged(each, answer, grounds) for each in answer.sentences]
    marks = {
        **_of_answer(case, answer, graded),
        **_of_retrieval(case, answer.nearest),
        **_of_citations(answer, sentences, grounds),
        "own_engine": [float(answer.engine == engine)],
        "seconds_first": [first_evidence],
        "seconds": [answer.seconds],
    }
    return Outcome(
        id=case.id,
        kind=case.kind,
        question=case.question,
        standalone=answer.standalone,
        fingerprint=fingerprint,
        verdict=graded.verdict,
        missing=graded.missing,
        forbidden=graded.forbidden,
        gold=[[_place(span, grounds.texts) for span in group] for group in case.evidence],
        answer={**answer_record(answer, case.id), "citations": [_citation(cited) for cited in answer.citations]},
        sentences=sentences,
        marks={name: [round(float(value), 4) for value in values] for name, values in marks.items() if values},
    )


def _of_answer(case: Case, answer: Answer, graded: Grade) -> dict[str, Sequence[float]]:
    """Right or wrong, attempted or not."""
    correct, refused = graded.verdict == "correct", answer.abstained
    said = not refused
    return {
        "correct": [correct],
        "answerable_correct": [correct] if case.answerable else [],
        "incorrect": [graded.verdict == "incorrect"],
        "not_attempted": [graded.verdict == "not attempted"],
        "rightly_cited": [] if graded.cited is None else [graded.cited],
        "abstention_precision": [not case.answerable] if refused else [],
        "abstention_recall": [] if case.answerable else [refused],
        "wrongly_refused": [refused] if case.answerable else [],
        "sentences": [graded.length] if said else [],
        "words": [len(answer.text.split())] if said else [],
    }


def _of_retrieval(case: Case, hits: Sequence[Hit]) -> dict[str, Sequence[float]]:
    """How early the gold evidence is among the passages retrieved."""
    if not case.evidence:
        return {}
    ranked = [_places(hit) for hit in hits]
    return {
        "recall_5": [recall_at(ranked, case.evidence, 5)],
        "recall_10": [recall_at(ranked, case.evidence, 10)],
        "mrr_10": [reciprocal_rank(ranked, case.evidence)],
        "ndcg_10": [ndcg(ranked, case.evidence)],
    }


def _of_citations(
    answer: Answer, sentences: Sequence[Mapping[str, Any]], grounds: Grounds
) -> dict[str, Sequence[float]]:
    """Support, verbatim quotes, offsets and attribution."""
    if not sentences:
        return {}
    recalls = [float(each["verdict"] == Verdict.SUPPORTED) for each in sentences]
    precisions = [float(value) for each in sentences for value in each["precise"]]
    attributed = [float(each["attributed"]) for each in sentences if each["attributed"] is not None]
    return {
        "faithfulness": recalls,
        "citation_recall": [sum(recalls) / len(recalls)],
        "citation_precision": [sum(precisions) / len(precisions)] if precisions else [],
        "unparseable": [float(each["verdict"] == Verdict.UNPARSEABLE) for each in sentences],
        "verbatim": [
            *(_is_verbatim(cited, grounds.texts) for cited in answer.citations),
            *(float(each["quoted"]) for each in sentences),
        ],
        "offsets": [_is_in_place(cited, grounds.texts) for cited in answer.citations],
        "attribution": attributed,
    }


def _judged(sentence: Sentence, answer: Answer, grounds: Grounds) -> dict[str, Any]:
    """What is found of a sentence and its citations."""
    cited = [each for each in answer.citations if each.id in sentence.citations]
    said = claim(sentence.text, [source_label(each.source) for each in cited])
    verdicts: dict[tuple[str, ...], Verdict] = {}

    def supports(text: str, evidence: Sequence[Citation]) -> bool:
        key = tuple(each.id for each in evidence)
        if key not in verdicts:
            speakers = "; ".join(dict.fromkeys(each.speaker for each in evidence if each.speaker))
            verdicts[key] = grounds.judge.supports(text, speakers, [_on_one_line(each.quote) for each in evidence])
        return verdicts[key] is Verdict.SUPPORTED

    citation_recall(said, cited, supports)
    named = named_speaker(sentence.text)
    return {
        "claim": said,
        "verdict": str(verdicts.get(tuple(each.id for each in cited), Verdict.UNSUPPORTED)),
        "precise": citation_precision(said, cited, supports),
        "named": named,
        "attributed": _attributed(named, cited, grounds.speakers),
        "quoted": _quotes_hold(said, cited),
    }


def _attributed(named: str, cited: Sequence[Citation], gold: Sequence[GoldUtterance]) -> bool | None:
    """Whether sentence and citations name who says the cited words, None where the gold does not tell."""
    found = []
    for each in cited:
        place = Span(PurePath(each.source.path).name, each.quote_start, each.quote_start + len(each.quote))
        shown = "" if each.mode is Mode.NARRATION else each.speaker
        found += [is_rightly_attributed(who, place, gold) for who in (named, shown)]
    told = [value for value in found if value is not None]
    return all(told) if told else None


def _quotes_hold(said: str, cited: Sequence[Citation]) -> bool:
    """Whether what a sentence has in quotation marks stands in its citations, white space and kind of marks apart.

    Of a quote that ends within speech the closing marks are the answer's own.
    """
    whole = QUOTED_WHOLE.match(said)
    quotes = [_marks_alike(_on_one_line(each.quote)) for each in cited]
    if whole and any(_marks_alike(whole[1]).rstrip('"') in quote for quote in quotes):
        return True
    return all(any(_marks_alike(part) in quote for quote in quotes) for part in QUOTED_PART.findall(said))


def _marks_alike(text: str) -> str:
    return MARKS.sub('"', text)


def _is_verbatim(cited: Citation, texts: Mapping[str, str]) -> float:
    text = texts.get(PurePath(cited.source.path).name, "")
    return float(cited.quote in cited.text and stands_at(text, cited.quote_start, cited.quote))


def _is_in_place(cited: Citation, texts: Mapping[str, str]) -> float:
    """Whether start and end delimit the passage in the document, and those of its copies theirs."""
    places = [(cited.source, cited.start, cited.end, cited.text)]
    places += [(place.source, place.start, place.end, place.text) for place in cited.also_in]
    return float(
        all(
            end - start == len(words) and stands_at(texts.get(PurePath(source.path).name, ""), start, words)
            for source, start, end, words in places
        )
    )


def _places(hit: Hit) -> list[Span]:
    own = Span(PurePath(hit.source.path).name, hit.passage.start, hit.passage.end)
    return [own, *(Span(PurePath(p.source.path).name, p.start, p.end) for p in hit.also_in)]


def _citation(cited: Citation) -> dict[str, Any]:
    return {**citation_record(cited), "quote_start": cited.quote_start, "label": source_label(cited.source)}


def _place(span: Span, texts: Mapping[str, str]) -> dict[str, str]:
    return {"document": span.document, "quote": texts[span.document][span.start : span.end]}


def _on_one_line(text: str) -> str:
    return " ".join(text.split())

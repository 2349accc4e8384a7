"""Answering: an Inquiry in, events out: what was found, then each verified sentence, at last the whole Answer.

The engines share everything but the wording. *quotes* takes sentences as they stand; *local* and *endpoint*
let a language model choose and word, and every sentence it drafts is checked against the evidence that it
names: what fails is replaced by the quote. Without the model the quotes engine answers and the answer says so.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.abstention import is_settled, reason_to_abstain, signals
from rag.citations import Statement, citation, source_label, statement
from rag.crediting import QUOTATION
from rag.drafting import DraftedSentence, Opinion, drafted, excerpts, opening
from rag.errors import ModelError
from rag.evidence import Findings, searched_for
from rag.looks import first_look, second_look
from rag.models import EntailmentModel, LanguageModel, RelevanceModel
from rag.offices import with_name
from rag.questions import Inquiry
from rag.quotes import quoted
from rag.relevance import Once
from rag.retrieval import Searcher
from rag.types import Answer, Citation, Evidence, Filter, Mode
from rag.verification import verify_sentence
from rag.worded import strays

STOPPED = "stopped before an answer"


@dataclass(frozen=True, slots=True)
class Found:
    """The evidence, before any word of the answer; `reads_on`: a second Found follows, unless stopped."""

    question: Inquiry
    findings: Findings
    reads_on: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One verified sentence of the answer."""

    statement: Statement


@dataclass(frozen=True, slots=True)
class Finished:
    """The whole answer."""

    answer: Answer


Event = Found | Said | Finished


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What an answer came to beside its sentences."""

    engine: str
    reason: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Answerer:
    """What answering needs; `model` builds the language model on first use, None for the quotes engine."""

    searcher: Searcher
    stating: RelevanceModel
    entailment: EntailmentModel | None
    engine: str
    model: Callable[[], LanguageModel] | None
    hits: int

    def stream(
        self, question: Inquiry, *, restriction: Filter = Filter(), is_stopped: Callable[[], bool] = lambda: False
    ) -> Iterator[Event]:
        """Found once or twice, a Said for each sentence, then Finished; a stop ends it with what was said so far."""
        begun = time.perf_counter()
        question, restriction = with_name(question, self.searcher.catalog, restriction)
        search = searched_for(question, self.searcher, hits=self.hits, restriction=restriction)
        stating = Once(self.stating)
        findings = first_look(search, self.searcher, stating)
        reads_on = _may_be_answered(findings) and (
            self._reads_on_anyway(findings) or not is_settled(signals(findings, None))
        )
        yield Found(question, findings, reads_on)
        if reads_on and not is_stopped():
            findings = second_look(search, self.searcher, stating)
            yield Found(question, findings)
        outcome = _Outcome(self.engine, "", ())
        for step in self._steps(question, findings, is_stopped):
            if isinstance(step, Statement):
                outcome = replace(outcome, statements=(*outcome.statements, step))
                yield Said(step)
            else:
                outcome = replace(outcome, engine=step.engine, reason=step.reason)
        yield Finished(_answer(question, findings, outcome, time.perf_counter() - begun))

    def _reads_on_anyway(self, findings: Findings) -> bool:
        """Whether there is a second look whatever the first found: for a language model, and to compare sides."""
        return self.model is not None or len(findings.facets) > 1 or findings.compares

    def _steps(
        self, question: Inquiry, findings: Findings, is_stopped: Callable[[], bool]
    ) -> Iterator[Statement | _Outcome]:
        if is_stopped():
            yield _Outcome(self.engine, STOPPED, ())
        elif self.model is None or not _may_be_answered(findings):
            yield from _quoted(question, findings, self.engine, "")
        else:
            try:
                yield from _modelled(question, findings, self.model(), self.entailment, self.engine, is_stopped)
            except ModelError as error:
                yield from _quoted(question, findings, "quotes", f"{error}; the quotes engine answered")


def _may_be_answered(findings: Findings) -> bool:
    """Whether there is anything that a closer reading could find."""
    return bool(findings.evidence) and not findings.is_untimely


def _quoted(question: Inquiry, findings: Findings, engine: str, note: str) -> Iterator[Statement | _Outcome]:
    reason = reason_to_abstain(signals(findings, None))
    yield _Outcome(engine, "; ".join(filter(None, (reason, note))), ())
    if not reason:
        yield from quoted(findings, asks_whose=question.asks_whose)


def _modelled(
    question: Inquiry,
    findings: Findings,
    model: LanguageModel,
    entailment: EntailmentModel | None,
    engine: str,
    is_stopped: Callable[[], bool],
) -> Iterator[Statement | _Outcome]:
    """The model's sentence if it holds, then the words that the answer rests on; the quotes alone where it does not."""
    shown = excerpts(findings)
    said: tuple[Evidence, ...] = ()
    yield _Outcome(engine, STOPPED, ())
    for step in drafted(question.standalone, shown, model, is_stopped):
        if isinstance(step, Opinion):
            reason = reason_to_abstain(signals(findings, step.yes))
            yield _Outcome(engine, reason, ())
            if reason:
                return
        elif support := supporting(step, shown, entailment):
            said = (support,)
            cited = citation(said)
            yield statement(f"{step.text.rstrip('.')} ({source_label(cited.source)}).", [cited])
    if not is_stopped():
        yield from quoted(findings, asks_whose=question.asks_whose, said=said)


def supporting(
    draft: DraftedSentence, shown: Sequence[Evidence], entailment: EntailmentModel | None = None
) -> Evidence | None:
    """The evidence on which a drafted sentence holds: the one it names, or, as models misnumber, another by the same
    voice."""
    alike = (item for item in shown if draft.text.startswith(opening(item)))
    tried = (item for item in (*draft.evidence, *alike) if not _is_left_to_quotes(item))
    return next((item for item in tried if _holds(draft.text, item, entailment)), None)


def _holds(text: str, item: Evidence, entailment: EntailmentModel | None) -> bool:
    # that "the source reported" it, no document says of itself
    is_unnamed = item.utterance.mode is Mode.NARRATION and not item.hit.source.metadata.publisher
    told = text.removeprefix(opening(item))
    if item.utterance.mode is not Mode.QUESTION and strays(told, item):
        return False
    checked = told[:1].upper() + told[1:] if is_unnamed else text
    return verify_sentence(checked, [item], entailment=entailment).holds


def _is_left_to_quotes(item: Evidence) -> bool:
    """Whose words these are, a draft tells wrongly too easily: questions, and reported speech that quotes others."""
    mode = item.utterance.mode
    return mode is Mode.QUESTION or (mode is Mode.REPORTED and QUOTATION.search(item.utterance.text) is not None)


def _answer(question: Inquiry, findings: Findings, outcome: _Outcome, seconds: float) -> Answer:
    citations: dict[str, Citation] = {}
    for made in outcome.statements:
        citations.update((item.id, item) for item in made.citations)
    return Answer(
        question=question.asked,
        standalone=question.standalone,
        abstained=not outcome.statements,
        reason=outcome.reason,
        sentences=tuple(made.sentence for made in outcome.statements),
        citations=tuple(citations.values()),
        nearest=findings.hits,
        engine=outcome.engine,
        seconds=seconds,
    )

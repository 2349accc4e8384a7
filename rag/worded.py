"""Worded: whether what a language model words stays close enough to its evidence. In: both; out: a reason, or "".

Stricter than verification of people's drafts, since nothing is lost: the quote itself follows where a sentence is
dropped. Read by people, the sentences that verification lets in and that still say something else had a verb of the
question, a modal verb, a date or an actor that the evidence does not have, or lacked its year (evals/LOG.md).
"""

import re

from rag.clauses import SAYING_STEMS
from rag.periods import YEAR
from rag.quantities import MONTHS
from rag.types import Evidence
from rag.words import stems

MODAL = re.compile(r"\b(?:would|could|may|might|must|should|will|shall|can|cannot)\b", re.IGNORECASE)
MONTH = re.compile(rf"\b(?:{MONTHS})\b(?=\s\d)|(?<=\d\s)(?:{MONTHS})\b")
LOWER = re.compile(r"(?<![\w-])[a-z][\w’'-]*")
OPEN = re.compile(r"^\W*(?:it|they|he|she|such)\b", re.IGNORECASE)
# who owns an assertion, or on what condition it is made
FRAME = re.compile(r"^\W*(?:If|According to|In (?:the same|their|his|her|its)\b)[^,]{2,80},")


def strays(told: str, evidence: Evidence) -> str:
    """Why what is told (the sentence without who says it) strays from its evidence; "" where it does not."""
    text = evidence.utterance.text
    frame = FRAME.match(text)
    framed = frame is None or set(stems(frame.group())) <= set(stems(told))
    reasons = (
        "it begins with what only other sentences explain" if OPEN.match(told) else "",
        *(f"“{word}” is not in its evidence" for word in _new(told, text)),
        "its date is not in its evidence" if set(MONTH.findall(told)) - set(MONTH.findall(text)) else "",
        "it lacks a year of its evidence" if set(YEAR.findall(text)) - set(YEAR.findall(told)) else "",
        "" if framed else "it leaves out on what condition, or in whose view",
        "it breaks off before an “of”" if _is_cut(told, text) else "",
    )
    return next(filter(None, reasons), "")


def _new(told: str, text: str) -> list[str]:
    """The words, names apart, and the modal verbs that are told and not in a text."""
    held = set(stems(text)) | SAYING_STEMS
    modals = {word.lower() for word in MODAL.findall(text)}
    words = [word for word in LOWER.findall(told) if not set(stems(word)) <= held]
    return [*words, *(word for word in MODAL.findall(told) if word.lower() not in modals)]


def _is_cut(told: str, text: str) -> bool:
    """Whether it ends within a noun phrase of the evidence: "the leaders" of "the leaders of both towns"."""
    last = r"\s+".join(map(re.escape, re.findall(r"[\w’'-]+", told)[-2:]))
    return bool(last) and re.search(rf"\b{last}\s+of\b", text, re.IGNORECASE) is not None

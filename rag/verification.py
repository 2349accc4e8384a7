"""Verification: a drafted sentence and its evidence in, a verdict with a reason out. It fails closed.

The rules look at what journalists are sued for: numbers, names, quotations, negation, hedges and who is
said to have said it. A sentence that passes is worded from its evidence; one that fails is not shown.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.citations import source_label
from rag.saying import REPORTING, SAYING_WORDS
from rag.types import Evidence, Mode
from rag.words import STOP_WORDS, stem, stems

# Share of a draft's content words (stems) that its evidence must contain
MIN_SUPPORT = 0.8
NUMBER = re.compile(
    r"\d+(?:[.,]\d+)*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|"
    r"thousand|million|billion|trillion|half|dozen)\b",
    re.IGNORECASE,
)
NAME_WORD = re.compile(r"\b[A-Z][\w’'-]*")
# quoted within what is said: not the outer marks of a whole quotation
INNER_QUOTATION = re.compile(r"(?<=[\w\s–—,;:])\s?[“\"]([^“”\"]{3,80})[”\"](?=[\s,.;:)])")
QUOTATION = re.compile(r"[“\"]([^”\"]{3,})[”\"]")
NEGATION = re.compile(
    r"\b(?:not|no|never|nor|neither|nobody|none|without|cannot|nothing|fail\w*|unable|\w+n[’']t)\b", re.IGNORECASE
)
HEDGE = re.compile(
    r"\b(?:suspect\w*|suspicion\w*|alleg\w+|probabl\w+|possib\w+|may|might|could|perhaps|likely|apparently|seem\w*|"
    r"believ\w+|think|hope\w*|expect\w*|plan\w*|would|if|intend\w*|should)\b",
    re.IGNORECASE,
)
SAYS = re.compile(rf"\b(?P<name>[A-Z][\w’'-]+)(?:\s\w+ly|\salso|\shas|\shad)?\s(?:{REPORTING}|reported)\b")
ACCORDING = re.compile(r"\b[Aa]ccording to (?:the )?(?P<name>[A-Z][\w’'-]+)")
OPENING = re.compile(r"According to [^,]+, .{1,60}? said that ")  # of a draft on reported speech
SAYING_STEMS = frozenset(map(stem, SAYING_WORDS))


@dataclass(frozen=True, slots=True)
class Verdict:
    """ "verbatim": the evidence's own words; "supported": worded from it; "unsupported": with the reason why."""

    label: Literal["verbatim", "supported", "unsupported"]
    reason: str

    @property
    def holds(self) -> bool:
        return self.label != "unsupported"


def verify_sentence(draft: str, evidence: Sequence[Evidence]) -> Verdict:
    """Whether a sentence says no more and nothing else than its evidence does."""
    if not evidence:
        return Verdict("unsupported", "it names no evidence")
    words = " ".join(item.utterance.text for item in evidence)
    around = " ".join(
        f"{item.utterance.speaker} {source_label(item.hit.source)} {item.hit.passage.context}" for item in evidence
    )
    plain = _plain(draft)
    if plain and any(plain == _plain(item.utterance.text) for item in evidence):
        return Verdict("verbatim", "word for word")
    for reason in (
        _missing_numbers(draft, f"{words} {around}"),
        _missing_names(draft, f"{words} {around}"),
        _missing_quotations(draft, evidence),
        _third_party(draft, evidence),
        _wrong_speaker(draft, evidence),
        _changed_negation(draft, words),
        _changed_order(draft, words),
        _dropped_hedge(draft, words),
        _too_little_support(draft, f"{words} {around}"),
    ):
        if reason:
            return Verdict("unsupported", reason)
    return Verdict("supported", "numbers, names, negation, hedges and wording agree with its evidence")


def _missing_numbers(draft: str, evidence: str) -> str:
    missing = set(NUMBER.findall(draft.lower())) - set(NUMBER.findall(evidence.lower()))
    return f"the number {min(missing)} is not in its evidence" if missing else ""


def _missing_names(draft: str, evidence: str) -> str:
    held = {stem(word) for word in re.findall(r"\w+", evidence)}
    for match in NAME_WORD.finditer(draft):
        word = match.group().removesuffix("’s").removesuffix("'s")
        begins = not draft[: match.start()].rstrip() or draft[: match.start()].rstrip()[-1] in '.!?:“"'
        if begins or word.lower() in STOP_WORDS:
            continue
        if not all(stem(part) in held for part in re.findall(r"\w+", word)):
            return f"the name {word} is not in its evidence"
    return ""


def _missing_quotations(draft: str, evidence: Sequence[Evidence]) -> str:
    """What stands in quotation marks must be in the evidence; of reported speech, in its quotation marks."""
    plain = _plain(" ".join(_quotable(item) for item in evidence))
    missing = [quote for quote in QUOTATION.findall(draft) if _plain(quote) not in plain]
    return f"the quotation “{missing[0]}” is not in its evidence" if missing else ""


def _quotable(item: Evidence) -> str:
    text = item.utterance.text
    return " ".join(QUOTATION.findall(text)) if item.utterance.mode is Mode.REPORTED else text


def _third_party(draft: str, evidence: Sequence[Evidence]) -> str:
    """Words that a speaker only quotes are not his own, unless the draft quotes them as well."""
    if QUOTATION.search(draft):
        return ""
    own, quoted = set(), set()
    for item in evidence:
        text = item.utterance.text
        # what makes up most of a sentence is what its speaker says, not what he quotes
        inner = [found for found in INNER_QUOTATION.findall(text) if 2 * len(found) < len(text)]
        if item.utterance.mode is Mode.QUOTE and inner:
            quoted |= set(stems(" ".join(inner)))
            text = INNER_QUOTATION.sub(" ", text)
        own |= set(stems(text))
    borrowed = [word for word in stems(draft) if word in quoted - own]
    return f"“{borrowed[0]}” stands in words that the speaker only quotes" if borrowed else ""


def _wrong_speaker(draft: str, evidence: Sequence[Evidence]) -> str:
    """Who is said to say it must be a speaker, the publisher of a narration, or whom that narration lets speak."""
    allowed = {word for item in evidence for word in item.utterance.speaker.split()}
    for item in evidence:
        if item.utterance.mode in (Mode.NARRATION, Mode.REPORTED):
            allowed |= {"The", "source", *item.hit.source.metadata.publisher.split()}
            allowed |= {_bare(match["name"]) for match in SAYS.finditer(item.utterance.text)}
    credited = [match["name"] for pattern in (SAYS, ACCORDING) for match in pattern.finditer(draft)]
    wrong = [name for name in map(_bare, credited) if name not in allowed and name.lower() not in STOP_WORDS]
    return f"its evidence does not show that {wrong[0]} said it" if wrong else ""


def _bare(name: str) -> str:
    return name.removesuffix("’s").removesuffix("'s")


def _changed_negation(draft: str, evidence: str) -> str:
    """Negations must be there or not as in the evidence, and before the same words."""
    negated, original = _negated(draft), _negated(evidence)
    if bool(negated) != bool(original):
        return "“not”, “never” or the like was added or left out"
    moved = sorted(negated - original - {""})
    return f"“{moved[0]}” is negated in it and not in its evidence" if moved else ""


def _negated(text: str) -> set[str]:
    """The first content word (stem) after each negation of a text, "" where none follows."""
    return {next(iter(stems(text[match.end() : match.end() + 60])), "") for match in NEGATION.finditer(text)}


def _changed_order(draft: str, evidence: str) -> str:
    """Names that stand once in the evidence must keep their order: who did what to whom hangs on it."""
    draft = OPENING.sub("", draft)
    names = [stem(_bare(match.group())) for match in NAME_WORD.finditer(draft)]
    words = [stem(_bare(match.group())) for match in NAME_WORD.finditer(evidence)]
    places = [words.index(name) for name in dict.fromkeys(names) if words.count(name) == 1]
    return "its names stand in another order than in its evidence" if places != sorted(places) else ""


def _dropped_hedge(draft: str, evidence: str) -> str:
    hedge = HEDGE.search(evidence)
    return f"the hedge “{hedge.group()}” of its evidence is missing" if hedge and not HEDGE.search(draft) else ""


def _too_little_support(draft: str, evidence: str) -> str:
    own = [word for word in stems(draft) if word not in SAYING_STEMS]
    held = set(stems(evidence))
    missing = [word for word in own if word not in held]
    if own and len(own) - len(missing) < MIN_SUPPORT * len(own):
        return f"{len(missing)} of its {len(own)} content words are not in its evidence"
    return ""


def _plain(text: str) -> str:
    """Lower case, straight quotation marks, single spaces, no full stop at the end."""
    for curly, straight in (("“", '"'), ("”", '"'), ("’", "'"), ("‘", "'")):
        text = text.replace(curly, straight)
    return " ".join(text.lower().split()).strip(' ".')

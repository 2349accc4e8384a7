"""Holding: a draft held against its evidence, taken apart once for all the rules and models that compare the two."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.citations import source_label
from rag.clauses import SAYING_STEMS, Clause, clauses
from rag.crediting import credited, statements
from rag.naming import homes
from rag.types import Evidence
from rag.words import stems

OMISSION = re.compile(r"\s*(?:\[[^\]]{0,80}\]|\(?(?:\.\s?\.\s?\.|…)\)?)\s*")
ATTRIBUTION = re.compile(
    r"^(?:According to [^,]+, )?(?:[A-Z][\w’'-]+\s){1,3}(?:has |had |also )?"
    r"(?!deni|deny|disput|reject|refus|doubt|dismiss|conceal|hide)\w+ that |"
    r",? (?:according to|in the words of) (?:[A-Z][\w’'-]+\s?){1,3}(?=[.,]|$)|"
    r", (?:(?:[A-Z][\w’'-]+\s?){1,3}|he |she |the (?:[\w-]+\s){1,4})(?:said|says|added|noted|stated|claimed)(?=[.,]|$)"
)


@dataclass(frozen=True, slots=True)
class Held:
    """A draft held against its evidence: what the rules compare.

    `core` is the draft without "Lavrov said that", `own` and `theirs` are the clauses of both sides, `words` what the
    evidence says, `around` what is known of it beside, `near` the passages that it stands in; `countries` are those
    for which its speakers say "we".
    """

    draft: str
    evidence: tuple[Evidence, ...]
    background: str
    words: str
    around: str
    near: str
    core: str
    own: tuple[Clause, ...]
    theirs: tuple[Clause, ...]
    countries: frozenset[str]

    @classmethod
    def against(cls, draft: str, evidence: Sequence[Evidence], background: str) -> "Held":
        words = " ".join(item.utterance.text for item in evidence)
        core = ATTRIBUTION.sub(" ", draft).strip()
        return cls(
            draft=draft,
            evidence=tuple(evidence),
            background=background,
            words=words,
            around=" ".join(map(_around, evidence)),
            near=" ".join(item.hit.passage.text for item in evidence),
            core=core,
            own=tuple(clauses(OMISSION.sub(" ", core))),
            theirs=tuple(clauses(statements(evidence) or words)),
            countries=_homes(evidence, background),
        )


def lacking(draft: str, words: str) -> list[str]:
    """The content words (stems) of a draft that some words do not hold."""
    held = set(stems(words))
    return [word for word in stems(draft) if word not in SAYING_STEMS and word not in held]


def shared(draft: str, words: str) -> float:
    """Share of a draft's content words that some words hold, from 0 to 1; whom it lets speak does not count."""
    speakers = {stem for name in credited(draft) for stem in stems(name)}
    own = [word for word in stems(draft) if word not in SAYING_STEMS and word not in speakers]
    held = set(stems(words))
    return sum(word in held for word in own) / len(own) if own else 1.0


def _homes(evidence: Sequence[Evidence], background: str) -> frozenset[str]:
    """The countries for which the speakers of the evidence say "we"."""
    return frozenset(
        country
        for item in evidence
        for country in homes(
            item.utterance.speaker,
            (item.hit.passage.context, item.hit.passage.text, item.hit.source.metadata.title, background),
        )
    )


def _around(item: Evidence) -> str:
    """What is known of a sentence beside its words; the question before an answer is not said by who answers."""
    source = item.hit.source
    return f"{item.utterance.speaker} {source_label(source)} {source.metadata.title}"


def plain(text: str) -> str:
    """Lower case, straight quotation marks, single spaces, no full stop at the end."""
    for curly, straight in (("“", '"'), ("”", '"'), ("’", "'"), ("‘", "'")):
        text = text.replace(curly, straight)
    return " ".join(text.lower().split()).strip(' ".')

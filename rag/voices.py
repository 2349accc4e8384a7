"""Voices: hits in, the same hits out in which only the speakers that a filter names count as evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.retrieval import Searcher
from rag.types import Filter, Hit, Mode


@dataclass(frozen=True, slots=True)
class VoicedSearcher(Searcher):
    """A searcher that also heeds the speakers of a filter."""

    def search(self, question: str, *, limit: int, restriction: Filter = Filter()) -> list[Hit]:
        """As Searcher.search; with speakers, only hits in which one of them speaks."""
        depth = max(self.candidates, limit) if restriction.speakers else limit
        # a dataclass with slots is made anew, so that super() without arguments would look for the old one
        hits = super(VoicedSearcher, self).search(question, limit=depth, restriction=restriction)
        return narrowed(hits, restriction.speakers)[:limit] if restriction.speakers else hits


def narrowed(hits: Sequence[Hit], speakers: Sequence[str]) -> list[Hit]:
    """The hits in which one of the speakers says something; what others say there becomes furniture, no evidence.

    It stays in its place, so that a quote never runs across it.
    """
    names = {name.casefold() for name in speakers}
    kept: list[Hit] = []
    for hit in hits:
        theirs = [each.speaker.casefold() in names for each in hit.passage.utterances]
        if any(theirs):
            spoken = tuple(
                each if counts else replace(each, mode=Mode.FURNITURE)
                for each, counts in zip(hit.passage.utterances, theirs, strict=True)
            )
            kept.append(replace(hit, passage=replace(hit.passage, utterances=spoken)))
    return kept

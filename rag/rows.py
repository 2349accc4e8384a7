"""Rows: a passage as the catalog keeps it, its utterances in one column. In: a Passage or a row; out: the other."""

import json

from rag.types import Mode, Passage, Utterance


def packed(passage: Passage) -> str:
    """The utterances as JSON; their texts stand in the passage's."""
    return json.dumps([[u.start, u.end, u.speaker, u.mode] for u in passage.utterances], ensure_ascii=False)


def unpacked(row: tuple[str, str, int, int, str, str, str]) -> Passage:
    """The passage of a row (id, document, start, end, text, context, utterances)."""
    identity, document_id, start, end, text, context, utterances = row
    spoken = tuple(
        Utterance(begin, stop, text[begin - start : stop - start], speaker, Mode(mode))
        for begin, stop, speaker, mode in json.loads(utterances)
    )
    return Passage(identity, document_id, start, end, text, context, spoken)

"""Rows: the tables of the catalog, and a passage as they keep it. In: a Passage or a row; out: the other."""

import json

from rag.types import Mode, Nested, Passage, Utterance
from rag.words import TOKENIZER

SCHEMA = f"""
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS roots (path TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, publisher TEXT NOT NULL, date TEXT NOT NULL,
    event_date TEXT NOT NULL, event_place TEXT NOT NULL, language TEXT NOT NULL,
    date_source TEXT NOT NULL, text TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS documents_listed ON documents(date, publisher, id, title);
CREATE TABLE IF NOT EXISTS paths (path TEXT PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents(id));
CREATE INDEX IF NOT EXISTS paths_by_document ON paths(document_id);
CREATE TABLE IF NOT EXISTS passages (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document_id TEXT NOT NULL REFERENCES documents(id),
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL, context TEXT NOT NULL, utterances TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS passages_by_document ON passages(document_id);
CREATE TABLE IF NOT EXISTS speakers (
    name TEXT NOT NULL, document_id TEXT NOT NULL REFERENCES documents(id), PRIMARY KEY (name, document_id)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS lexical USING fts5(
    text, context, content='passages', content_rowid='number', tokenize='{TOKENIZER}'
);
CREATE TRIGGER IF NOT EXISTS passages_added AFTER INSERT ON passages BEGIN
    INSERT INTO lexical(rowid, text, context) VALUES (new.number, new.text, new.context);
END;
CREATE TRIGGER IF NOT EXISTS passages_removed AFTER DELETE ON passages BEGIN
    INSERT INTO lexical(lexical, rowid, text, context) VALUES ('delete', old.number, old.text, old.context);
END;
"""


def packed(passage: Passage) -> str:
    """The utterances as JSON; their texts stand in the passage's."""
    spoken = [
        [each.start, each.end, each.speaker, each.mode, *([n.start, n.end, n.words_of] for n in each.nested)]
        for each in passage.utterances
    ]
    return json.dumps(spoken, ensure_ascii=False)


def unpacked(row: tuple[str, str, int, int, str, str, str]) -> Passage:
    """The passage of a row (id, document, start, end, text, context, utterances)."""
    identity, document_id, start, end, text, context, utterances = row
    spoken = tuple(
        Utterance(
            begin,
            stop,
            text[begin - start : stop - start],
            speaker,
            Mode(mode),
            tuple(Nested(*each) for each in nested),
        )
        for begin, stop, speaker, mode, *nested in json.loads(utterances)
    )
    return Passage(identity, document_id, start, end, text, context, spoken)

"""Speakers against the gold files: speaker and mode of every sentence, as read by a person.

`speakers.jsonl` has the five bundled documents; the other files have invented texts of other forms.
Lines with `within` are quotations inside what somebody says.
"""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from rag.documents import find_files, load_file, read_document
from rag.manifest import read_manifest
from rag.record import BUNDLED_CORPUS
from rag.speakers import utterances
from rag.types import Document

GOLD = Path(__file__).parent / "gold"
ALL, MOST = 1.0, 0.95
Line = dict[str, str | int]


def gold() -> dict[str, list[Line]]:
    """The lines of each document."""
    lines: defaultdict[str, list[Line]] = defaultdict(list)
    for file in sorted(GOLD.glob("*.jsonl")):
        for text in file.read_text(encoding="utf-8").splitlines():
            line = json.loads(text)
            lines[line["document"]].append(line)
    return lines


LINES = {name: [line for line in lines if "within" not in line] for name, lines in gold().items()}
NESTED = {name: [line for line in lines if "within" in line] for name, lines in gold().items()}
PATHS = {path.name: path for path in (*find_files(BUNDLED_CORPUS), *GOLD.glob("*.txt"))}


def read(name: str) -> Document:
    return read_document(load_file(PATHS[name], manifest=read_manifest(BUNDLED_CORPUS), max_megabytes=1))


@pytest.mark.parametrize("name", sorted(LINES))
def test_speaker_and_mode_of_the_sentences_are_as_read_by_a_person(name: str) -> None:
    document = read(name)
    found = {(each.start, each.end): (each.speaker, each.mode.value) for each in utterances(document)}
    wrong = [
        (line["speaker"], line["mode"], found.get(span), document.text[slice(*span)])
        for line in LINES[name]
        if found.get(span := (int(line["start"]), int(line["end"]))) != (line["speaker"], line["mode"])
    ]
    least = MOST if PATHS[name].parent == GOLD else ALL
    assert 1 - len(wrong) / len(LINES[name]) >= least, wrong


def test_every_sentence_of_the_bundled_documents_has_its_line() -> None:
    for path in find_files(BUNDLED_CORPUS):
        spans = [(line["start"], line["end"]) for line in LINES[path.name]]
        assert [(each.start, each.end) for each in utterances(read(path.name))] == spans


def test_nested_quotations_are_told_by_and_of_whom_a_person_read_them() -> None:
    found = {
        (name, each.start, each.end): (utterance.speaker, each.words_of)
        for name in LINES
        for utterance in utterances(read(name))
        for each in utterance.nested
    }
    lines = {(name, line["start"], line["end"]): line for name in NESTED for line in NESTED[name]}
    assert set(found) <= set(lines)  # none but real ones
    for place, (told_by, words_of) in found.items():
        assert told_by == lines[place]["within"]
        assert words_of in ("", lines[place]["speaker"])
    quoted = [place for place, line in lines.items() if line["mode"] == "quote"]
    assert len(found) >= 0.7 * len(quoted)

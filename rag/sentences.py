"""Sentences: paragraphs of a text and sentences of a paragraph, as spans (start, end) without outer white space.

NLTK's Punkt with the English model that llama-index ships finds the ends of sentences; around it we
add what Punkt lacks: a closing curly quotation mark stays with its sentence, titles end none.
"""

import re
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from rag.saying import ASKING

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktTokenizer

Span = tuple[int, int]

CLOSING = re.compile(r"[”’»“\"')\]]+(?=\s|$)")
# Punkt does not know that a name follows these, an example "e.g.", a point of a list "2.", a number "No."
TITLE_END = re.compile(
    r"(?:(?:^|\s)(?:Mr|Mrs|Ms|Dr|[Hh]on|Rev|St|Gen|Col|Capt|Lt|Maj|Adm|Sen|Rep|Gov|Prof|vs|e\.g|i\.e|U\.S|U\.N|[A-Z])|^\d{1,3})\.$"
)
NUMBER_END = re.compile(r"(?:^|\s)Nos?\.$")
# "BISHKEK, November 27. /TASS/. Washington has …" is one sentence
DATELINE_END = re.compile(r"(?:^|\s)[A-Z]{3,}, [A-Z][a-z]+\.? \d{1,2}\.(?:\s*/[A-Z]+/\.)?$")
QUESTION_END = re.compile(r"[?!…][”’»“\"']+$")
ASKED = re.compile(
    rf"(?:[A-Z][\w.’'-]*\s|[\w-]+\s){{1,6}}?(?:{ASKING})(?!\s(?:that|whether|if|how|why)\b|[^.]*[:“‘\"])[^.]{{0,60}}\."
)
TERMINAL = re.compile(r"[.!?:;…][”’»“\"')\]]*$")
# "Question:", "A:", "Sergey Lavrov:" begin a turn
TURN = re.compile(r"(?:[A-Z][\w.’'-]*\s){0,3}[A-Z][\w.’'-]*\s?:\s")
# "date 2019-11-27 BISHKEK, …": a stored page's record of itself that ran into its first paragraph
RECORD = re.compile(r"(?i:date|published|updated)\s?:?\s\d{4}-\d{2}-\d{2}(?=\s+\S)")
WRAPPED_LENGTH = range(40, 121)
# of the usual length of a line: what is shorter was not broken off for want of room
SHORT_LINE = 0.7


def paragraph_spans(text: str) -> list[Span]:
    """A line is a paragraph; in hard-wrapped text (PDF, e-mail) a run of lines is, up to a blank or short one."""
    lines = [_trimmed(text, match.start(), match.end()) for match in re.finditer(rf"{RECORD.pattern}|\S.*", text)]
    width = _wrap_width(text, lines)
    merged: list[Span] = []
    for number, (start, end) in enumerate(lines):
        before = lines[number - 1]
        is_full = before[1] - before[0] >= SHORT_LINE * width
        if merged and width and is_full and _is_next_line(text, before[1], start) and not TURN.match(text, start, end):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def sentence_spans(text: str, start: int, end: int) -> list[Span]:
    """The sentences within text[start:end]."""
    merged: list[list[int]] = []
    piece = text[start:end]
    for begin, stop in _punkt().span_tokenize(piece):
        closing = CLOSING.match(piece, begin)
        if merged and closing:
            merged[-1][1] = closing.end()
            begin = closing.end()
        if merged and _runs_on(piece[slice(*merged[-1])], piece[begin:stop].lstrip()):
            merged[-1][1] = stop
        elif piece[begin:stop].strip():
            merged.append([begin, stop])
    return [_trimmed(text, start + begin, start + stop) for begin, stop in merged]


def _runs_on(sentence: str, following: str) -> bool:
    """Whether what Punkt takes for two sentences is one."""
    if TITLE_END.search(sentence) or DATELINE_END.search(sentence):
        return True
    if NUMBER_END.search(sentence):
        return following[:1].isdigit()
    if QUESTION_END.search(sentence) and ASKED.match(following):  # “Is it so?” Ms Lee asked.
        return True
    return following[:1].islower() and sentence.endswith(
        ("”", "’", "“", '"', "»", ")", "etc.")
    )  # “Is it so?” she asked.


def _wrap_width(text: str, lines: list[Span]) -> float:
    """The usual length of a line where many break off and go on in lower case on the next one; else 0."""
    followed = [(one, two) for one, two in pairwise(lines) if _is_next_line(text, one[1], two[0])]
    broken = [
        end - start
        for (start, end), (after, _) in followed
        if end - start in WRAPPED_LENGTH and text[after].islower() and not TERMINAL.search(text, start, end)
    ]
    return median(broken) if len(broken) >= 2 and len(broken) > 0.2 * len(followed) else 0


def _is_next_line(text: str, end: int, start: int) -> bool:
    return text.count("\n", end, start) == 1


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


@cache
def _punkt() -> "PunktTokenizer":
    # nltk takes a second to import, which a search need not wait for; so would llama-index, if it were imported
    from nltk.data import path as nltk_path
    from nltk.tokenize.punkt import PunktTokenizer

    package = find_spec("llama_index.core")
    assert package is not None and package.origin is not None
    bundled = Path(package.origin).parent / "_static" / "nltk_cache"
    if str(bundled) not in nltk_path:
        nltk_path.insert(0, str(bundled))
    return PunktTokenizer("english")

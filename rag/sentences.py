"""Sentences: paragraphs of a text and sentences of a paragraph, as spans (start, end) without outer white space.

NLTK's Punkt with the English model that llama-index ships finds the ends of sentences; around it we
add what Punkt lacks: a closing curly quotation mark stays with its sentence, titles end none.
"""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import llama_index.core
from nltk.data import path as nltk_path
from nltk.tokenize.punkt import PunktTokenizer

Span = tuple[int, int]

CLOSING = re.compile(r"[”’»\"')\]]+(?=\s|$)")
# Punkt does not know that a name follows these
TITLE_END = re.compile(r"(?:^|\s)(?:Mr|Mrs|Ms|Dr|St|Gen|Col|Sen|Rep|Gov|Prof|No|vs|U\.S|U\.N|[A-Z])\.$")
# "BISHKEK, November 27. /TASS/. Washington has …" is one sentence
DATELINE_END = re.compile(r"(?:^|\s)[A-Z]{3,}[^.]{0,40}\.(?:\s*/[A-Z]+/\.)?$")
TERMINAL = re.compile(r"[.!?:;…][”’»\"')\]]*$")


def paragraph_spans(text: str) -> list[Span]:
    """A line is a paragraph; in hard-wrapped text (PDF, e-mail) a run of lines up to a blank one is."""
    pattern = r"\S(?:.|\n(?!\s*\n))*" if _is_hard_wrapped(text) else r"\S.*"
    return [_trimmed(text, match.start(), match.end()) for match in re.finditer(pattern, text)]


def sentence_spans(text: str, start: int, end: int) -> list[Span]:
    """The sentences within text[start:end]."""
    merged: list[list[int]] = []
    piece = text[start:end]
    for begin, stop in _punkt().span_tokenize(piece):
        closing = CLOSING.match(piece, begin)
        if merged and closing:
            merged[-1][1] = closing.end()
            begin = closing.end()
        if merged and any(end.search(piece[slice(*merged[-1])]) for end in (TITLE_END, DATELINE_END)):
            merged[-1][1] = stop
        elif piece[begin:stop].strip():
            merged.append([begin, stop])
    return [_trimmed(text, start + begin, start + stop) for begin, stop in merged]


def _is_hard_wrapped(text: str) -> bool:
    """Whether most lines that are followed by another break off in the middle of a sentence."""
    lines = [line.strip() for line in text.splitlines()]
    followed = [line for line, after in pairwise(lines) if line and after]
    broken = sum(len(line) < 120 and not TERMINAL.search(line) for line in followed)
    return len(followed) >= 5 and broken > 0.6 * len(followed)


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


@cache
def _punkt() -> PunktTokenizer:
    bundled = Path(llama_index.core.__file__).parent / "_static" / "nltk_cache"
    if str(bundled) not in nltk_path:
        nltk_path.insert(0, str(bundled))
    return PunktTokenizer("english")

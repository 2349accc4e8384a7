"""Marks: a citation in, its quote in quotation marks out, so that marks within marks stay pairs."""

import re

from rag.citations import is_framed
from rag.types import Citation, Mode

MARK = re.compile(r"[“”\"]")
CLOSING = re.compile(r"[^\s(\[][”\"](?=[\s,.;:)\]]|$)")


def in_quotation_marks(cited: Citation) -> str:
    """The quote on one line in quotation marks; a reporter's narration, too, is quoted word for word.

    Of speech in marks of its own these stay, made pairs: “It is safe,” Lee said. “Go.”, whatever its words begin with.
    """
    words = " ".join(cited.quote.split())
    if cited.mode is not Mode.QUOTE or is_framed(cited):
        return _nested(words)
    marks = [match.start() for match in MARK.finditer(words)]
    # cut out of speech: its first mark ends it
    is_cut = bool(marks) and marks[0] > 0 and CLOSING.match(words, marks[0] - 1) is not None
    if not is_cut and not (marks and marks[0] == 0):
        return f"“{words}”"
    return _paired(words, is_open=is_cut, straight=words[marks[0]] == '"')


def _nested(words: str) -> str:
    """A reporter's words in double marks, curly marks within them in single and double ones by turns; all closed."""
    told, depth = "“", 1
    for letter in words:
        if letter == "“":
            depth += 1
            letter = "‘“"[depth % 2]
        elif letter == "”" and depth > 1:
            letter = "’”"[depth % 2]
            depth -= 1
        told += letter
    return told + "".join("’”"[level % 2] for level in range(depth, 0, -1))


def _paired(words: str, *, is_open: bool, straight: bool) -> str:
    """Double marks made pairs, what is quoted within them in single ones; the last is closed.

    Between curly marks a straight one is no quotation mark (an inch, an attribute) and stays.
    """
    paired, nested = "“" if is_open else "", 0
    for letter in words:
        if letter == "“" and is_open:
            letter, nested = "‘", nested + 1
        elif letter == "”" and nested:
            letter, nested = "’", nested - 1
        elif letter in "“”" or (letter == '"' and straight):
            letter, is_open = "”" if is_open else "“", not is_open
        paired += letter
    return f"{paired}”" if is_open else paired

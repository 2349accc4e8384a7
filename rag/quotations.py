"""Quotations: which stretches of a text stand in quotation marks, of any of the usual kinds.

“…”, "…", ‘…’, '…', «…» and „…“ nest. A quotation may run on over paragraphs, each of which may repeat the
opening mark. An apostrophe is no mark: ’ closes only what ‘ opened, and not within a word.
"""

import re
from dataclasses import dataclass

from rag.sentences import Span

CLOSERS = {"“": "”", "«": "»", "„": "“”", "‘": "’", '"': '"', "'": "'"}
SINGLE = "‘'"
MAX_OPEN_PARAGRAPHS = 3  # a quotation left open longer than this was never closed


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with the outermost stretches of it inside quotation marks, as spans of the document."""

    span: Span
    text: str
    quoted: tuple[Span, ...]

    @property
    def outside(self) -> str:
        """The paragraph with its quoted stretches blanked out with \\x00, of the same length."""
        start = self.span[0]
        outside = list(self.text)
        for begin, stop in self.quoted:
            outside[begin - start : stop - start] = "\x00" * (stop - begin)
        return "".join(outside)

    @property
    def is_open(self) -> bool:
        """Whether its last quotation runs on into the next paragraph."""
        return bool(self.quoted) and self.quoted[-1][1] >= self.span[1] and self.text[-1] not in "”»\"’'“"


def paragraphs(text: str, spans: list[Span]) -> list[Paragraph]:
    """The paragraphs with their quoted stretches."""
    made: list[Paragraph] = []
    opened: list[str] = []
    open_for = 0
    for start, end in spans:
        quoted, opened = _quoted(text, (start, end), opened)
        made.append(Paragraph((start, end), text[start:end], tuple(quoted)))
        open_for = open_for + 1 if opened else 0
        # a mark that was never closed must not swallow the rest of the document
        if opened and not (open_for < MAX_OPEN_PARAGRAPHS and _says_on(text, end, opened[0])):
            opened = []
        opened = opened[:1]
    return made


def _quoted(text: str, span: Span, opened: list[str]) -> tuple[list[Span], list[str]]:
    """The quoted stretches of a paragraph and the marks still open at its end, outermost first."""
    start, end = span
    stack = list(opened)
    begun = start
    quoted: list[Span] = []
    for position in range(start, end):
        mark = text[position]
        if stack and position == start and mark == stack[0]:
            continue  # the next paragraph of a quotation begins with its mark again
        level = _closes(text, position, span, stack)
        if level >= 0:
            del stack[level:]
            if not stack:
                quoted.append((begun, position + 1))
        elif _opens(text, position, span, stack):
            begun = begun if stack else position
            stack.append(mark)
    if stack:
        quoted.append((begun, end))
    return quoted, stack


def _opens(text: str, position: int, span: Span, stack: list[str]) -> bool:
    mark = text[position]
    if mark not in CLOSERS or (mark == '"' and stack):
        return False
    if mark not in SINGLE:
        return True
    before = text[position - 1] if position > span[0] else " "
    after = text[position + 1 : position + 2]
    # ‘…’ is a pair within its paragraph, or else an apostrophe: ‘90s, 'em
    ends = r"[\w.,!?…–—”]" if mark == "‘" else '[.,!?…–—”"]'
    paired = re.search(rf"{ends}{CLOSERS[mark]}(?!\w)", text[position + 1 : span[1]]) is not None
    runs_on = mark == "‘" and position == span[0] and after.isalpha()
    return not (before.isalnum() or after.isspace()) and mark not in stack and (paired or runs_on)


def _closes(text: str, position: int, span: Span, stack: list[str]) -> int:
    """The level of the stack that a mark closes, -1 for none."""
    mark = text[position]
    for level in range(len(stack) - 1, -1, -1):
        # a straight mark may close a curly one
        if mark in CLOSERS[stack[level]] or (mark == '"' and stack[level] == "“"):
            return -1 if stack[level] in SINGLE and _is_apostrophe(text, position, span, stack[level]) else level
    return -1


def _is_apostrophe(text: str, position: int, span: Span, opener: str) -> bool:
    """Whether ’ stands within a word, or ends a plural (“the workers’ union”) of a quotation closed later."""
    if text[position + 1 : position + 2].isalnum():
        return True
    if text[position - 1] != "s" or not re.match(r"\s[a-z]", text[position + 1 : position + 3]):
        return False
    rest = text[position + 1 : span[1]].split(opener, maxsplit=1)[0]
    return re.search(rf"[.,!?…–—”]{CLOSERS[opener]}(?!\w)", rest) is not None


def _says_on(text: str, end: int, opener: str) -> bool:
    """Whether the text after a paragraph closes a quotation before it opens another one."""
    # paragraphs that begin with these marks open them again
    if opener in SINGLE or opener == '"':
        return False
    following = re.search(rf"[{re.escape(opener + CLOSERS[opener])}]", text[end:])
    return following is not None and following.group() in CLOSERS[opener]

"""Markdown: an article in, its sentences out, each as written and as plain prose. Plain text passes as it is.

Headings, tables, code, front matter and footnotes' texts are no sentences of the article and are left out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.crediting import QUOTATION
from rag.sentences import Span, sentence_spans

FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
LEFT_OUT = re.compile(r"(?<=\S)\[\^[^\]]+\](?!:)|```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|<!--.*?-->", re.DOTALL)
HEADING = re.compile(r"\s{0,3}#{1,6}(?:\s|$)")
UNDERLINE = re.compile(r"\s*(?:=+|-{3,}|\*{3,}|_{3,})\s*$")
NO_PROSE = re.compile(r"\s*(?:\||\[\^[^\]]+\]:|\[[^\]]+\]:\s*\S+|!\[[^\]]*\]\([^)]*\)\s*$)")
ITEM = re.compile(r"^\s*(?:>\s*)*(?:[-*+•]|\d{1,3}[.)])\s+")
QUOTED_LINE = re.compile(r"^\s*(?:>\s?)+")
MARKUP = (
    (re.compile(r"!\[[^\]]*\]\([^)]*\)|\[\^[^\]]+\]|</?[A-Za-z][^>]*>"), ""),
    (re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\[[^\]]*\])"), r"\1"),
    (re.compile(r"(\*{1,3}|(?<!\w)_{1,3}|`+|~~)(\S(?:.*?\S)?)\1(?!\w)"), r"\2"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!|>-])"), r"\1"),
)


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence of an article: `text` as written, on one line; `prose` without markup."""

    text: str
    prose: str

    @property
    def is_claim(self) -> bool:
        """Whether it states something: it has words, and is no question."""
        return bool(re.search(r"\w{2}", self.prose)) and not self.prose.rstrip('”"’») ').endswith("?")


def sentences(text: str) -> list[Written]:
    """The sentences of an article in order; one that quotes several is one."""
    made = []
    for block in _blocks(LEFT_OUT.sub(_gap, FRONT_MATTER.sub("", text.replace("\r\n", "\n")))):
        for start, end in _with_quotations_whole(block, sentence_spans(block, 0, len(block))):
            made.append(Written(block[start:end], prose(block[start:end])))
    return made


def _with_quotations_whole(block: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, those joined across which one quotation runs: it can only be checked whole."""
    quotations = [match.span() for match in QUOTATION.finditer(block)]
    joined: list[Span] = []
    for start, end in spans:
        if joined and any(begin < joined[-1][1] and start < stop for begin, stop in quotations):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def prose(text: str) -> str:
    """Text without links, footnote marks and emphasis, on one line."""
    for pattern, kept in MARKUP:
        text = pattern.sub(kept, text)
    return " ".join(text.split())


def _gap(match: re.Match[str]) -> str:
    """Nothing for the mark of a footnote, else a blank line."""
    return "" if match.group().startswith("[^") else "\n\n"


def _blocks(text: str) -> Iterator[str]:
    """The paragraphs and list items of an article, each on one line, headings left out."""
    lines: list[str] = []
    for line in (*text.split("\n"), ""):
        if UNDERLINE.match(line) and lines and "=" in line:  # what stands above was a heading
            lines = []
            continue
        is_break = not line.strip() or HEADING.match(line) or UNDERLINE.match(line) or NO_PROSE.match(line)
        if lines and (is_break or ITEM.match(line)):
            yield " ".join(lines)
            lines = []
        if not is_break:
            lines.append(QUOTED_LINE.sub("", ITEM.sub("", line)).strip())

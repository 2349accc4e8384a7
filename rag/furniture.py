"""Furniture: which paragraphs are no part of the text proper: menus, credits, headings, the title itself."""

import re

FURNITURE = re.compile(
    r"^(?:©|photos?(?:graph)?\s?(?::|by\b|credit)|source\s?:\s?(?:\S+\s?){1,5}$|read (?:more|also)\s?:|"
    r".*/(?:POOL|AFP|AP|EPA|TASS|Reuters|Getty)\b[^.!?]*$|(?:share on|subscribe to)\b|"
    r"\((?:(?:additional |further )?(?:reporting|writing|editing)) by\b[^)]*\)$|"
    r"(?:•\s*)?(?:[a-z]{2}-[A-Z]{2}\d?\s*)+$)",
    re.IGNORECASE,
)
# rows of tables and points of lists have no full stop, and are text all the same
TABLE_ROW = re.compile(r"\t|^\|.*\|$")
LIST_POINT = re.compile(r"^(?:[-*•–]|\d{1,3}[.)])\s+(?:\S+\s+){3}")
SENTENCE_END = re.compile(r"[.!?…][”’»“\"')\]]*$")
ENDS_SENTENCE = re.compile(r"[.!?…:;,][”’»“\"')\]]*$|[”»“\"\]]$")
MAX_FURNITURE = 60  # characters: longer lines without a full stop are rather sub-headlines
MAX_HEADLINE = 160


def is_furniture(paragraph: str, title: str, *, leads: bool = False) -> bool:
    """Whether a paragraph is furniture; `leads`: no text proper stands before it, so that it may be a headline."""
    bare = " ".join(paragraph.split())
    if FURNITURE.search(bare) or (title and bare == " ".join(title.split())):
        return True
    if TABLE_ROW.search(paragraph) or LIST_POINT.search(bare):
        return False
    return len(bare) <= (MAX_HEADLINE if leads else MAX_FURNITURE) and not ENDS_SENTENCE.search(bare)


def ends_sentence(text: str) -> bool:
    """Whether a text ends where a sentence does, closing marks apart."""
    return SENTENCE_END.search(text) is not None

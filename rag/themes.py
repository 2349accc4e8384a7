"""Themes: the words that documents are about. In: words and documents; out: those that run through one of them.

What somebody says in an article on Central Asia is on Central Asia, though his sentences need not name it. That counts
where the question chose the documents, by their time say, so that no others could answer better.
"""

import re
from collections.abc import Iterable

from rag.catalog import Catalog
from rag.types import Filter
from rag.words import TERM, in_one_word, stems

THEME_SHARE = 1 / 3  # of a document's passages
LEAST = 2  # passages: what stands in one alone does not run through


def is_chosen(restriction: Filter) -> bool:
    """Whether a filter chooses among documents, and not just among speakers."""
    return bool(restriction.date_from or restriction.date_to or restriction.publishers or restriction.documents)


def themes(words: Iterable[str], documents: Iterable[str], catalog: Catalog) -> set[str]:
    """Those of the words (stems) that a third of the passages of one of the documents hold."""
    wanted, found = set(words), set[str]()
    for document in set(documents) if wanted else ():
        passages = [set(stems(passage.text)) for passage in catalog.passages_of(document)]
        least = max(LEAST, THEME_SHARE * len(passages))
        found |= {word for word in wanted if sum(word in held for held in passages) >= least}
    return found


def without_words(question: str, words: Iterable[str]) -> str:
    """The question without those of its terms that have one of these stems, and the "about" before them."""
    gone = set(words)
    marked = TERM.sub(
        lambda match: "\x00" if gone & set(stems(match.group())) else match.group(), in_one_word(question)
    )
    return " ".join(re.sub(r"(?:\s(?:about|on|of|regarding|concerning))?(?:\sthe)?(?:[\s-]*\x00)+", "", marked).split())

"""What tests make by hand: a document and what is said in it, a hit, evidence, a citation."""

from collections.abc import Sequence

from rag.speakers import utterances
from rag.types import Citation, Document, Evidence, Hit, Metadata, Mode, Passage, Source, Utterance

Said = tuple[str, str, Mode]


def document(text: str, **metadata: str) -> Document:
    """A document of this text."""
    return Document("d", "d.txt", text, Metadata(**metadata))


def said(text: str, title: str = "") -> list[Said]:
    """Text, speaker and mode of every sentence."""
    return [(each.text, each.speaker, each.mode) for each in utterances(document(text, title=title))]


def speakers(text: str, title: str = "") -> list[str]:
    """Who says the quotations of a text."""
    return [speaker for _, speaker, mode in said(text, title) if mode is Mode.QUOTE]


def hit(
    *texts: str,
    speaker: str = "Sergey Lavrov",
    mode: Mode = Mode.QUOTE,
    document: str = "d1",
    metadata: Metadata | None = None,
    score: float = 0.05,
    context: str = "",
) -> Hit:
    """A hit whose passage begins at character 10 and consists of these sentences, parted by spaces."""
    start, spoken = 10, []
    for text in texts:
        spoken.append(Utterance(start, start + len(text), text, speaker, mode))
        start += len(text) + 1
    passage = Passage(f"p-{document}-{texts[0][:5]}", document, 10, start - 1, " ".join(texts), context, tuple(spoken))
    source = Source(document, f"/x/{document}.txt", metadata or Metadata(publisher="TASS", date="2019-11-27"))
    return Hit(passage, source, score)


def evidence(*texts: str, relevance: Sequence[float] = (), **about: object) -> list[Evidence]:
    """Evidence for each sentence of one hit, with these relevances (default: falling from 5)."""
    made = hit(*texts, **about)  # type: ignore[arg-type]
    values = relevance or [5.0 - number for number in range(len(texts))]
    return [Evidence(each, made, value) for each, value in zip(made.passage.utterances, values, strict=True)]


def citation(quote: str, *, speaker: str = "", **metadata: str) -> Citation:
    """A citation of all that a document says."""
    return Citation(
        id="c",
        source=Source("d", "d.txt", Metadata(**metadata)),
        start=0,
        end=len(quote),
        text=quote,
        quote=quote,
        quote_start=0,
        speaker=speaker,
        mode=Mode.QUOTE,
        also_in=(),
    )

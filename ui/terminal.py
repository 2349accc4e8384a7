"""Terminal: events in, text on the screen out: evidence, then the answer sentence by sentence, then citations.

Text of documents is shown as text: control characters, by which it could steer a terminal, are taken out.
"""

import re
import sys
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from rag import Answer, Citation, Conversation, Finished, Found, OnRecordError, Said
from rag.answering import Event
from rag.citations import source_label, who_and_when
from rag.drafts import CheckedSentence
from rag.evidence import Findings
from rag.marks import in_quotation_marks
from rag.notes import notes
from rag.occasions import occasions, told
from rag.types import Hit, Mode, Place

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
SHOWN_EVIDENCE = 4
SHOWN_SOURCES = 2
MARKS = {"verbatim": ("=", "green"), "supported": ("✓", "green"), "unsupported": ("✗", "red")}
GREETING = "Ask the record. /new begins a new conversation, /quit ends it."


def plain(text: str) -> str:
    """The text on one line, without control characters."""
    return CONTROL.sub("", " ".join(text.split()))


def note(text: str) -> None:
    """Prints a line on stderr."""
    print(plain(text), file=sys.stderr, flush=True)


def show(events: Iterator[Event], console: Console) -> Answer:
    """Prints a stream as it comes and returns its answer."""
    numbers: dict[str, int] = {}
    shown: set[str] = set()
    for event in events:
        if isinstance(event, Found):
            fresh = [line for line in _evidence_lines(event.findings) if line not in shown]
            shown.update(fresh)
            for line in fresh:
                console.print(Text(line, style="dim"), overflow="ellipsis", no_wrap=True)
            if fresh:
                console.print()
        elif isinstance(event, Said):
            marks = "".join(
                f"[{numbers.setdefault(each, len(numbers) + 1)}]" for each in event.statement.sentence.citations
            )
            console.print(Text(f"{plain(event.statement.sentence.text)} {marks}"), soft_wrap=False)
        elif isinstance(event, Finished):
            _show_end(event.answer, numbers, console)
            return event.answer
    raise AssertionError("a stream ends with Finished")


def _evidence_lines(findings: Findings) -> Iterator[str]:
    for item in findings.evidence[:SHOWN_EVIDENCE]:
        told = " (reported)" if item.utterance.mode is Mode.REPORTED else ""
        speaker = f"{item.utterance.speaker}{told}, " if item.utterance.speaker else ""
        yield plain(f"· {speaker}{source_label(item.hit.source)}: {item.utterance.text}")


def _show_end(answer: Answer, numbers: dict[str, int], console: Console) -> None:
    if answer.abstained:
        console.print(Text(plain(f"{answer.text} ({answer.reason})")))
        for hit in answer.nearest[:3]:
            console.print(Text(f"  nearest: {_where(hit)} {plain(hit.passage.text)[:160]}", style="dim"))
        return
    console.print()
    for cited in sorted(answer.citations, key=lambda each: numbers[each.id]):
        console.print(Text(f"[{numbers[cited.id]}] {_pinned(cited)}", style="cyan"))
        for note in notes(cited):
            console.print(Text(f"    {plain(note)}", style="dim"))
    for line in filter(None, (told(each, numbers) for each in occasions(answer.citations))):
        console.print(Text(plain(line), style="dim"))
    if answer.reason:
        console.print(Text(plain(f"Note: {answer.reason}"), style="yellow"))


def _pinned(cited: Citation) -> str:
    elsewhere = "".join(f"; also in {_place(place)}" for place in cited.also_in)
    end = cited.quote_start + len(cited.quote)
    where = f"{plain(cited.source.path)}:{cited.quote_start}-{end}{elsewhere}"
    return f"{plain(who_and_when(cited))}: {plain(in_quotation_marks(cited))} ({where})"


def _where(hit: Hit) -> str:
    return f"{plain(source_label(hit.source))}:"


def _place(place: Place) -> str:
    return f"{plain(place.source.path)}:{place.start}-{place.end}"


def show_checked(checked: Sequence[CheckedSentence], console: Console) -> None:
    """Prints each sentence with its mark, the reason where it does not hold, and where it comes from."""
    for each in checked:
        mark, style = MARKS[each.verdict]
        console.print(Text(f"{mark} {plain(each.text)}", style=style), soft_wrap=True)
        if not each.holds:
            console.print(Text(f"    {plain(each.reason)}", style=style), soft_wrap=True)
        for quote in each.quotes:
            if quote.verdict != "found" and quote.reason not in each.reason:
                console.print(
                    Text(f"    “{plain(quote.text)}”: {quote.verdict}; {plain(quote.reason)}", style=style),
                    soft_wrap=True,
                )
        near = "    nearest: " if not each.holds else "    "
        for cited in each.citations[:SHOWN_SOURCES]:
            console.print(Text(f"{near}{_pinned(cited)}", style="dim"), soft_wrap=True)
    counts = {verdict: sum(each.verdict == verdict for each in checked) for verdict in MARKS}
    console.print(Text(f"\n{len(checked)} sentences: " + ", ".join(f"{n} {name}" for name, n in counts.items())))


def chat(conversation: Conversation, console: Console) -> None:
    """Reads questions until /quit or the end of input; an error is one line and the conversation goes on."""
    console.print(Text(GREETING, style="dim"))
    while True:
        try:
            question = console.input("› ")
        except (EOFError, KeyboardInterrupt):
            console.print()
            return
        if question.strip() in ("/quit", "/exit"):
            return
        if question.strip() == "/new":
            conversation.turns.clear()
            console.print(Text("A new conversation.", style="dim"))
            continue
        if not question.strip():
            continue
        try:
            show(conversation.stream(question), console)
        except OnRecordError as error:
            console.print(Text(plain(str(error)), style="red"))
        except KeyboardInterrupt:
            console.print(Text("stopped", style="dim"))

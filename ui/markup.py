"""Markup: exchanges in, HTML out. Whatever comes from documents, questions or models goes through `shown`."""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ui.exchanges import Card, Exchange
from ui.report import answer_text

# What a template language could take for its own, beside what HTML does
TEMPLATE_SIGNS = {ord(sign): f"&#{ord(sign)};" for sign in "{}$`\r"}
# Invisible signs that turn the direction of text or end it
STEERING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

# By the verdict of a sentence: its name, and what that means
TRUST = {
    "verbatim": (
        "Word for word",
        "These words stand in the first document exactly as quoted; the others have them, too, or put them otherwise.",
    ),
    "supported": (
        "Worded, checked",
        "Worded by the language model; its names, numbers, negations and wording were checked against the cited words.",
    ),
}
NOT_SHOWN = "What the check does not find supported is not shown: the quotes stand in its place."
FILTER_HELP = "Widen the filter: it leaves out all other documents and speakers."
REFUSAL_HELP = "Name a person, a year or a publisher, or use words that the documents may use."


def shown(text: object) -> str:
    """Any text as HTML text or attribute value that shows exactly it: never markup, never a template.

    Signs that steer the direction of text are replaced one for one, so that lengths stay.
    """
    plain = STEERING.sub("\ufffd", str(text))
    return html.escape(plain, quote=True).translate(TEMPLATE_SIGNS)


def conversation(exchanges: Sequence[Exchange]) -> str:
    """Finished exchanges, oldest first."""
    return "".join(exchange_markup(each) for each in exchanges)


def legend() -> str:
    """What the names of trust mean, to be unfolded by whoever wants to know."""
    rows = "".join(f"<dt>{name}</dt><dd>{meaning}</dd>" for name, meaning in TRUST.values())
    return (
        '<details class="legend"><summary>What “Word for word” and “Worded, checked” mean</summary>'
        f"<dl>{rows}<dt>Not supported</dt><dd>{NOT_SHOWN}</dd></dl></details>"
    )


def exchange_markup(exchange: Exchange, doing: str = "") -> str:
    """An exchange; `doing` says what is being done meanwhile."""
    sentences = "".join(_sentence(exchange, each, place) for place, each in enumerate(exchange.sentences))
    body = f'<div class="answer">{sentences}</div>' if sentences else ""
    if exchange.is_finished:
        body += _ending(exchange)
    busy = f'<p class="doing" role="status"><span class="pulse"></span>{shown(doing)}</p>' if doing else ""
    return (
        f'<article class="exchange" aria-busy="{str(bool(doing)).lower()}">'
        f'<h2 class="question" dir="auto">{shown(exchange.question)}</h2>'
        f"{_asked_of(exchange)}{_searched(exchange)}{_evidence(exchange)}{body}{busy}</article>"
    )


def _asked_of(exchange: Exchange) -> str:
    return f'<p class="searched asked-of">Asked of: {shown(exchange.asked_of)}</p>' if exchange.asked_of else ""


def _searched(exchange: Exchange) -> str:
    if exchange.searched.casefold() in ("", exchange.question.casefold()):
        return ""
    return f'<p class="searched">Understood as: <em dir="auto">{shown(exchange.searched)}</em></p>'


def _evidence(exchange: Exchange) -> str:
    """The evidence, open until the answer is there."""
    if not exchange.evidence:
        return ""
    is_open = "" if exchange.is_finished else " open"
    cards = "".join(card(each) for each in exchange.evidence)
    return (
        f'<details class="evidence"{is_open}><summary>Evidence: the {len(exchange.evidence)} closest sentences'
        f'</summary><ul class="cards">{cards}</ul></details>'
    )


def card(words: Card) -> str:
    """A passage that opens its document when pressed."""
    speaker = f'<strong class="speaker">{shown(words.speaker)}</strong> · ' if words.speaker else ""
    return (
        f'<li><button type="button" class="card" data-do="open" data-document="{shown(words.document)}" '
        f'data-start="{words.start}" data-end="{words.end}">'
        f'<span class="source">{speaker}{shown(words.source)}</span>'
        f'<span class="words" dir="auto">{shown(words.text)}</span></button></li>'
    )


def _sentence(exchange: Exchange, sentence: Mapping[str, Any], place: int) -> str:
    markers = "".join(_marker(exchange, each, place) for each in sentence["citations"])
    kind = sentence["verdict"]
    name, explanation = TRUST[kind]
    badge = f'<span class="badge {kind}" title="{shown(explanation)}">{name}</span>'
    return f'<p class="sentence {kind}"><span dir="auto">{shown(sentence["text"])}</span>{markers} {badge}</p>'


def _marker(exchange: Exchange, identity: str, place: int) -> str:
    """A numbered marker: shows the quote when pointed at, opens the document when pressed."""
    printed = exchange.numbers[identity]
    label = exchange.labels.get(identity, "")
    quote = exchange.citations[identity]["quote"]
    hover = f"hover-{shown(exchange.key)}-{place}-{printed}"
    return (
        f'<button type="button" class="marker" data-do="open" data-exchange="{shown(exchange.key)}" '
        f'data-citation="{shown(identity)}" aria-label="Citation {printed}: {shown(label)}" aria-describedby="{hover}">'
        f'{printed}<span class="hover" role="tooltip" id="{hover}"><q dir="auto">{shown(quote)}</q>'
        f'<span class="source">{shown(label)}</span></span></button>'
    )


def _ending(exchange: Exchange) -> str:
    """What stands below an answer: sources and controls; or why there is none, and what comes nearest."""
    if exchange.is_stopped and not exchange.sentences:
        return f'<p class="note">{shown(exchange.text)}</p>'
    if not exchange.sentences:
        return _refusal(exchange) + _controls(exchange)
    notes = [exchange.reason, "Stopped: this is what was said so far." if exchange.is_stopped else ""]
    note = "".join(f'<p class="note" role="note">{shown(_noted(each))}</p>' for each in notes if each)
    return note + _sources(exchange) + _controls(exchange)


def _noted(reason: str) -> str:
    return reason[0].upper() + reason[1:] + ("" if reason.endswith(".") else ".")


def _refusal(exchange: Exchange) -> str:
    nearest = "".join(card(each) for each in exchange.nearest)
    passages = f'<h3>Nearest passages</h3><ul class="cards">{nearest}</ul>' if nearest else ""
    help_ = FILTER_HELP if exchange.asked_of else REFUSAL_HELP
    return (
        f'<div class="refusal"><p class="refused">{shown(exchange.text)}</p>'
        f'<p>Looked for: <em dir="auto">{shown(exchange.searched or exchange.question)}</em>{_within(exchange)}</p>'
        f"<p>{shown(_noted(exchange.reason)) if exchange.reason else ''} {help_}</p>{passages}</div>"
    )


def _within(exchange: Exchange) -> str:
    return f"; filter: {shown(exchange.asked_of)}" if exchange.asked_of else ""


def _sources(exchange: Exchange) -> str:
    """The numbered list of citations, each opening its document."""
    rows = "".join(
        f'<li><button type="button" class="reference" data-do="open" data-exchange="{shown(exchange.key)}" '
        f'data-citation="{shown(each)}"><span class="number">{printed}</span> {shown(exchange.labels.get(each, ""))}'
        f"{_elsewhere(exchange.citations[each])}</button></li>"
        for each, printed in exchange.numbers.items()
    )
    told_by = "".join(f'<p class="elsewhere">{shown(line)}</p>' for line in exchange.occasions)
    return f'<ol class="references" aria-label="Sources">{rows}</ol>{told_by}'


def _elsewhere(cited: Mapping[str, Any]) -> str:
    """Where else the words stand, and what their "last year" was."""
    count = len(cited["also_in"])
    told = [f"also in {count} other document{'s' if count > 1 else ''}"] if count else []
    told += cited.get("notes", ())
    return f' <span class="elsewhere">{shown("; ".join(told))}</span>' if told else ""


def _controls(exchange: Exchange) -> str:
    rate = "".join(
        f'<button type="button" class="quiet" data-do="rate" data-exchange="{shown(exchange.key)}" '
        f'data-verdict="{verdict}" aria-pressed="{str(exchange.verdict == verdict).lower()}">{name}</button>'
        for verdict, name in (("up", "Good answer"), ("down", "Bad answer"))
    )
    engine, seconds = shown(exchange.engine), exchange.answer.get("seconds", 0)
    return (
        f'<div class="controls"><span class="made">{engine}, {seconds:.1f} s</span>{rate}'
        f'<button type="button" class="quiet" data-copy="{shown(answer_text(exchange))}">'
        "Copy with citations</button></div>"
    )

"""Talk: what the page does when somebody asks, opens a citation, judges an answer or takes a conversation away.

In: the values of the page's components; out: their new values. Errors become one line on the page.
"""

import json
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import gradio as gr

from rag import OnRecordError
from rag.record import BUNDLED_CORPUS
from ui.desk import Desk, View
from ui.exchanges import Exchange
from ui.filters import filter_of
from ui.markup import conversation, exchange_markup, shown
from ui.pane import framed, pane, stretch_of
from ui.report import conversation_json, markdown

EXAMPLES = (
    "What did Lavrov say about Afghan helicopters?",
    "What did Lavrov say about Blinken's visit?",
    "How many Central Asians work in Russia?",
    "What does Lavrov say the West wants in Central Asia?",
)
MAX_LEFT = 1000  # sessions, and conversations that pages have left, that are remembered
HIDDEN: Any = gr.update(visible=False)


class Shown(NamedTuple):
    """New values of the page's components, in their order; gr.skip() leaves one as it is.

    `replaces` is the key of the exchange that the next question replaces, `remarks` the row of the remark.
    """

    identity: Any
    before: Any
    current: Any
    notice: Any
    question: Any
    replaces: Any
    remarks: Any


def notice(error: object) -> str:
    """A line that a screen reader speaks at once."""
    return f'<p class="alert" role="alert">{shown(error)}</p>'


def said(line: str) -> str:
    """A line that a screen reader speaks when it comes to it."""
    return f'<p class="note" role="status">{shown(line)}</p>'


def answered(exchange: Exchange) -> str:
    """That the answer is there, for those who do not see it come."""
    count = len(exchange.sentences)
    line = f"The answer has {count} sentence{'s' * (count != 1)}." if count else exchange.text
    return f'<p class="unseen" role="status">{shown(line)}</p>'


@dataclass(frozen=True, slots=True)
class Talk:
    """The handlers of the conversation. Those that change it give a Shown."""

    desk: Desk
    _left: "OrderedDict[tuple[str, str], None]" = field(default_factory=OrderedDict)  # (session, conversation)
    _latest: "OrderedDict[str, object]" = field(default_factory=OrderedDict)  # what a session asked last

    def load(self, request: gr.Request) -> Shown:
        """The conversation that the address names, or a greeting."""
        identity = str(request.query_params.get("conversation", ""))
        try:
            exchanges = self.desk.store.load(identity)
        except OnRecordError as error:
            return Shown("", self._greeting(), "", notice(error), "", "", HIDDEN)
        lost = notice("This conversation is not kept here; ask to begin a new one.") if identity else ""
        return self._kept(identity, exchanges, "" if exchanges else lost)

    def ask(
        self, request: gr.Request, question: str, identity: str, replaces: str, engine: str, *filters: Any
    ) -> Iterator[Shown]:
        """Views of the answer as it comes; after an error the page stands as before.

        Nothing comes once the page has left the conversation, however late a press of a button arrives here.
        """
        publishers, speakers, documents, date_from, date_to = filters
        view, is_shown = None, False
        session, mine = request.session_hash or "", object()
        _remember(self._latest, session, mine)
        try:
            restriction = filter_of(
                publishers=publishers or (),
                speakers=speakers or (),
                documents=documents or (),
                date_from=date_from or "",
                date_to=date_to or "",
            )
            for view in self.desk.converse(
                identity, question, engine=engine, restriction=restriction, replaces=replaces
            ):
                if (session, view.identity) in self._left:
                    break
                # later views leave the box alone: the next question may be in it already
                yield self._view(view, is_first=not view.exchange.searched)
                is_shown = True
            # a view that was on its way when the page left would stay
            if view and (session, view.identity) in self._left and is_shown and self._latest.get(session) is mine:
                yield Shown("", self._greeting(), "", "", gr.skip(), "", HIDDEN)
        except OnRecordError as error:
            same = gr.skip()
            if view is None:
                yield Shown(same, same, same, notice(error), question, replaces, HIDDEN)
            else:
                kept = conversation(view.before) or self._greeting()
                yield Shown(view.identity if view.before else "", kept, "", notice(error), question, replaces, HIDDEN)

    def retry(self, request: gr.Request, identity: str, engine: str, *filters: Any) -> Iterator[Shown]:
        """Asks the last question again, in place of the last answer."""
        try:
            exchanges = self.desk.store.load(identity)
        except OnRecordError as error:
            yield self._unchanged(error)
            return
        if exchanges:
            yield from self.ask(request, exchanges[-1].question, identity, exchanges[-1].key, engine, *filters)
        else:
            yield self._unchanged("There is no question yet to ask again.")

    def edit(self, identity: str) -> Shown:
        """The last question back in the box; the next answer takes its place."""
        try:
            exchanges = self.desk.store.load(identity)
        except OnRecordError as error:
            return self._unchanged(error)
        if not exchanges:
            return self._unchanged("There is no question yet to edit.")
        same, last = gr.skip(), exchanges[-1]
        line = said("The answer to the edited question takes the place of the last one.")
        return Shown(same, same, same, line, last.question, last.key, HIDDEN)

    def anew(self, request: gr.Request, identity: str) -> Shown:
        """A new conversation; what the last one was still waiting for ends."""
        self.desk.stop(identity)
        if identity:
            _remember(self._left, (request.session_hash or "", identity), None)
        return Shown("", self._greeting(), "", "", "", "", HIDDEN)

    def stop(self, identity: str) -> None:
        self.desk.stop(identity)

    def open(self, identity: str, event: gr.EventData) -> str:
        """The document pane for what was pressed."""
        try:
            return pane(self.desk.record, stretch_of(_data(event), self.desk.store.load(identity)))
        except OnRecordError as error:
            return framed("", notice(error))

    def example(self, event: gr.EventData) -> str:
        """The text of an example that was pressed."""
        return str(_data(event).get("question", ""))

    def rate(self, identity: str, event: gr.EventData) -> tuple[Any, Any, list[str] | None, Any, str]:
        """Keeps a verdict; gives (before, current, what was rated, the remark's row, notice)."""
        data = _data(event)
        key, verdict = str(data.get("exchange", "")), str(data.get("verdict", ""))
        try:
            exchanges = self.desk.rate(identity, key, verdict=verdict)
        except OnRecordError as error:
            return (gr.skip(), gr.skip(), None, HIDDEN, notice(error))
        page = self._kept(identity, exchanges)
        return (page.before, page.current, [key, verdict], gr.update(visible=True), "")

    def remark(self, identity: str, rated: Sequence[str] | None, text: str) -> tuple[str, Any, str]:
        """Adds a remark to a verdict; gives (remark, its row, notice)."""
        if not rated or not text.strip():
            return (text, gr.skip(), notice("There is no remark yet; type one."))
        try:
            self.desk.rate(identity, rated[0], verdict=rated[1], remark=text.strip())
        except OnRecordError as error:
            return (text, gr.skip(), notice(error))
        return ("", HIDDEN, said("Thank you; it is written down."))

    def export(self, kind: Literal["md", "json"]) -> Callable[[str], tuple[str, str]]:
        """A handler that gives the file to be saved as JSON {name, text}, "" where there is nothing, and a notice."""

        def exported(identity: str) -> tuple[str, str]:
            try:
                exchanges = self.desk.store.load(identity)
            except OnRecordError as error:
                return "", notice(error)
            if not exchanges:
                return "", notice("There is nothing to save yet; ask a question first.")
            write = markdown if kind == "md" else conversation_json
            name = f"conversation-{identity[:8]}.{kind}"
            return json.dumps({"name": name, "text": write(exchanges, identity)}), ""

        return exported

    def _view(self, view: View, *, is_first: bool) -> Shown:
        current = exchange_markup(view.exchange, view.doing)
        line = answered(view.exchange) if view.exchange.is_finished else ""
        box = ("", "", HIDDEN) if is_first else (gr.skip(), gr.skip(), gr.skip())
        return Shown(view.identity, conversation(view.before), current, line, *box)

    def _kept(self, identity: str, exchanges: Sequence[Exchange], line: str = "") -> Shown:
        if not exchanges:
            return Shown("", self._greeting(), "", line, "", "", HIDDEN)
        current = exchange_markup(exchanges[-1])
        return Shown(identity, conversation(exchanges[:-1]), current, line, "", "", HIDDEN)

    def _unchanged(self, error: object) -> Shown:
        same = gr.skip()
        return Shown(same, same, same, notice(error), same, same, same)

    def _greeting(self) -> str:
        """What stands where no question was asked yet; examples only for the corpus that they are about."""
        paths = [source.path for source in self.desk.record.sources()]
        fits = any(path.startswith(str(BUNDLED_CORPUS)) for path in paths)
        buttons = "".join(
            f'<button type="button" class="example" data-do="example" data-question="{shown(each)}">{shown(each)}'
            "</button>"
            for each in EXAMPLES
        )
        examples = f'<div class="examples" role="group" aria-label="Examples">{buttons}</div>' if fits else ""
        return (
            '<div class="greeting"><p>Ask the documents a question. Every sentence of the answer carries a number: '
            "point at it to read the words it rests on, press it to see them in their document.</p>"
            f"{examples}</div>"
        )


def _remember(kept: "OrderedDict[Any, Any]", key: object, value: object) -> None:
    """Keeps a value, and forgets the oldest where there are many."""
    kept[key] = value
    while len(kept) > MAX_LEFT:
        kept.popitem(last=False)


def _data(event: gr.EventData) -> Mapping[str, Any]:
    """What the browser sent with an event, which can be anything."""
    data = event._data
    return data if isinstance(data, Mapping) else {}

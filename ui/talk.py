"""Talk: what the page does when somebody asks, opens a citation, judges an answer or takes a conversation away.

In: the values of the page's components; out: their new values. Errors become one line on the page.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import gradio as gr

from rag import OnRecordError
from rag.record import BUNDLED_CORPUS
from ui.desk import Desk, View
from ui.exchanges import Exchange
from ui.filters import filter_of
from ui.markup import conversation, exchange_markup, shown
from ui.pane import pane, stretch_of
from ui.report import conversation_json, markdown

EXAMPLES = (
    "What did Lavrov say about Afghan helicopters?",
    "What did Lavrov say about Blinken's visit?",
    "How many Central Asians work in Russia?",
    "What does Lavrov say the West wants in Central Asia?",
)
LEGEND = (
    "“Word for word” marks a sentence that quotes its document; “Worded, checked” one that the language model wrote "
    "and that held against the words it cites. What does not hold is not shown."
)
NEW = "new"
Shown = tuple[Any, ...]


def notice(error: object) -> str:
    """A line that a screen reader speaks at once."""
    return f'<p class="alert" role="alert">{shown(error)}</p>'


@dataclass(frozen=True, slots=True)
class Talk:
    """The handlers of the conversation; each gives (identity, before, current, notice, question, replaces)."""

    desk: Desk

    def load(self, request: gr.Request) -> Shown:
        """The conversation that the address names, or a greeting."""
        identity = str(request.query_params.get("conversation", ""))
        try:
            exchanges = self.desk.store.load(identity)
        except OnRecordError as error:
            return ("", self._greeting(), "", notice(error), "", False)
        lost = notice("This conversation is not kept here; ask to begin a new one.") if identity else ""
        return (*self._kept(identity, exchanges), "" if exchanges else lost, "", False)

    def ask(self, question: str, identity: str, replaces: bool, engine: str, *filters: Any) -> Iterator[Shown]:
        """Views of the answer as it comes; after an error the page stands as before."""
        publishers, speakers, documents, date_from, date_to = filters
        try:
            restriction = filter_of(
                publishers=publishers or (),
                speakers=speakers or (),
                documents=documents or (),
                date_from=date_from or "",
                date_to=date_to or "",
            )
            views = self.desk.converse(identity, question, engine=engine, restriction=restriction, replaces=replaces)
            for number, view in enumerate(views):
                # later views leave the box alone: the next question may be in it already
                yield (*self._view(view), *(("", False) if number == 0 else (gr.skip(), gr.skip())))
        except OnRecordError as error:
            exchanges = self.desk.store.load(identity)
            yield (*self._kept(identity, exchanges), notice(error), question, replaces)

    def retry(self, identity: str, engine: str, *filters: Any) -> Iterator[Shown]:
        """Asks the last question again, in place of the last answer."""
        exchanges = self.desk.store.load(identity)
        if exchanges:
            yield from self.ask(exchanges[-1].question, identity, True, engine, *filters)
        else:
            yield (*self._kept(identity, exchanges), notice("There is no question yet to ask again."), "", False)

    def edit(self, identity: str) -> Shown:
        """The last question back in the box; the next answer takes its place."""
        exchanges = self.desk.store.load(identity)
        if not exchanges:
            return (*self._kept(identity, exchanges), notice("There is no question yet to edit."), "", False)
        line = '<p class="note" role="status">The answer to the edited question takes the place of the last one.</p>'
        return (*self._kept(identity, exchanges), line, exchanges[-1].question, True)

    def anew(self, identity: str) -> Shown:
        """A new conversation; what the last one was still waiting for ends."""
        self.desk.stop(identity)
        return ("", self._greeting(), "", "", "", False)

    def stop(self, identity: str) -> None:
        self.desk.stop(identity)

    def open(self, identity: str, event: gr.EventData) -> str:
        """The document pane for what was pressed."""
        try:
            return pane(self.desk.record, stretch_of(_data(event), self.desk.store.load(identity)))
        except OnRecordError as error:
            return f'<section class="document" role="complementary" aria-label="Document">{_closing(error)}</section>'

    def example(self, event: gr.EventData) -> str:
        """The text of an example that was pressed."""
        return str(_data(event).get("question", ""))

    def rate(self, identity: str, event: gr.EventData) -> Shown:
        """Keeps a verdict; gives (before, current, what was rated, the remark's row, notice)."""
        exchanges = self.desk.store.load(identity)
        data = _data(event)
        number, verdict = str(data.get("exchange", "")), str(data.get("verdict", ""))
        if verdict not in ("up", "down") or not number.isdecimal() or int(number) >= len(exchanges):
            return (gr.skip(), gr.skip(), None, gr.update(visible=False), notice("There is no such answer to rate."))
        place = int(number)
        exchanges[place] = replace(exchanges[place], verdict=verdict)
        try:
            self.desk.store.save(identity, exchanges)
            self.desk.store.rate(identity, exchanges, place, verdict=verdict, remark="")
        except OnRecordError as error:
            return (gr.skip(), gr.skip(), None, gr.update(visible=False), notice(error))
        _, before, current = self._kept(identity, exchanges)
        return (before, current, [place, verdict], gr.update(visible=True), "")

    def remark(self, identity: str, rated: Sequence[Any] | None, text: str) -> Shown:
        """Adds a remark to a verdict; gives (remark, its row, notice)."""
        exchanges = self.desk.store.load(identity)
        if rated and int(rated[0]) < len(exchanges) and text.strip():
            try:
                self.desk.store.rate(identity, exchanges, int(rated[0]), verdict=str(rated[1]), remark=text.strip())
            except OnRecordError as error:
                return (text, gr.update(), notice(error))
        return ("", gr.update(visible=False), '<p class="note" role="status">Thank you; it is written down.</p>')

    def export(self, kind: Literal["md", "json"]) -> Callable[[str], str]:
        """A handler that gives the file to be saved as JSON {name, text}."""

        def exported(identity: str) -> str:
            exchanges = self.desk.store.load(identity)
            write = markdown if kind == "md" else conversation_json
            name = f"conversation-{identity[:8] or NEW}.{kind}"
            return json.dumps({"name": name, "text": write(exchanges, identity or NEW)})

        return exported

    def _view(self, view: View) -> Shown:
        number = len(view.before)
        current = exchange_markup(view.exchange, number, view.doing)
        return (view.identity, conversation(view.before), current, "")

    def _kept(self, identity: str, exchanges: Sequence[Exchange]) -> tuple[str, str, str]:
        if not exchanges:
            return ("", self._greeting(), "")
        last = len(exchanges) - 1
        return (identity, conversation(exchanges[:-1]), exchange_markup(exchanges[-1], last))

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
            f'{examples}<p class="legend">{LEGEND}</p></div>'
        )


def _data(event: gr.EventData) -> Mapping[str, Any]:
    """What the browser sent with an event, which can be anything."""
    data = event._data
    return data if isinstance(data, Mapping) else {}


def _closing(error: object) -> str:
    return '<div class="bar"><button type="button" class="close" data-do="close">Close ✕</button></div>' + notice(error)

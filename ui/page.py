"""The page: puts talk, documents and API into one Gradio app. In: a record; out: Blocks, ready to be launched."""

from pathlib import Path
from typing import Any

import gradio as gr

from rag import Record
from rag.settings import Settings
from ui.api import add_api
from ui.desk import Desk
from ui.library import Library
from ui.markup import legend
from ui.shelf import add_shelf, document_choices
from ui.talk import Talk

FOLDER = Path(__file__).parent
SCRIPT = (FOLDER / "page.js").read_text(encoding="utf-8")
STYLE = f"<style>{(FOLDER / 'page.css').read_text(encoding='utf-8')}</style>"
ENGINE_NAMES = {
    "quotes": "Quotes: word for word, at once",
    "local": "Local language model: slower, then the quotes",
    "endpoint": "Language model at the endpoint, then the quotes",
}
MASTHEAD = "<h1>On Record</h1><p>Answers from your documents, every sentence pinned to the exact words it rests on.</p>"
SAVE = """(file) => {
  if (!file) return;
  const { name, text } = JSON.parse(file);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }));
  link.download = name;
  link.click();
}"""
SHOW_ADDRESS = """(identity) => {
  const address = new URL(location.href);
  if (identity) address.searchParams.set('conversation', identity);
  else address.searchParams.delete('conversation');
  history.replaceState(null, '', address);
}"""
COPY_LINK = """() => {
  const button = document.querySelector('#link');
  button.dataset.copy = location.href;
  window.onrecordCopied(button);
}"""
FOCUS_QUESTION = "() => { document.querySelector('#question textarea')?.focus(); }"
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
# so many may be answered at once, by the page and (see ui/api.py) by programs; those beyond wait in Gradio's queue,
# which has an end; what is quick finds a thread at any time
CONCURRENT = 32
QUEUE = 200
THREADS = 96
HOUR = 3600


def build(record: Record, *, engine: str, allow_upload: bool) -> gr.Blocks:
    """The app over a record; adding and removing documents only where allowed."""
    desk, library = Desk(record), Library(record)
    # files that were sent to be added are copied at once: Gradio's own copies need not stay
    with gr.Blocks(title="On Record", analytics_enabled=False, delete_cache=(HOUR, HOUR)) as page:
        add_api(desk, library)  # first: Gradio would add a number to a name that a handler has taken
        _html(MASTHEAD, "masthead")
        with gr.Tab("Ask"):
            filters = _conversation(page, Talk(desk), record.settings, engine, library)
        with gr.Tab("Documents"):
            add_shelf(page, desk, library, filters, allow_upload=allow_upload, script=SCRIPT)
    page.queue(default_concurrency_limit=CONCURRENT, max_size=QUEUE)
    return page


def theme() -> gr.themes.Base:
    """Fonts of the system only: nothing is fetched from elsewhere."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.red,
        neutral_hue=gr.themes.colors.stone,
        font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )


def _html(value: str, name: str) -> gr.HTML:
    return gr.HTML(value, elem_id=name, js_on_load=SCRIPT, apply_default_css=False)


def _conversation(page: gr.Blocks, talk: Talk, settings: Settings, engine: str, library: Library) -> list[Any]:
    """The conversation with all its controls; returns the filters' components."""
    identity = gr.Textbox(visible="hidden", elem_id="identity")
    replaces, rated = gr.State(""), gr.State(None)
    before = _html("", "before")
    with gr.Column(elem_id="latest"):
        current = _html("", "current")
    notices = _html("", "notice")
    with gr.Group(visible=False, elem_id="remarks") as row:
        remark = gr.Textbox(label="What was good or wrong about it? (optional)", max_length=2000, elem_id="remark")
        keep = gr.Button("Save remark", size="sm")
    with gr.Row(equal_height=True, elem_id="composer"):
        question = gr.Textbox(
            label="Your question",
            placeholder="What did … say about …?",
            max_length=settings.max_question_characters,
            scale=6,
            max_lines=5,
            elem_id="question",
            autofocus=True,
        )
        ask = gr.Button("Ask", variant="primary", elem_id="ask", min_width=80)
    with gr.Row(elem_id="tools"):
        tools = {
            name: gr.Button(text, size="sm", min_width=70, elem_id=name)
            for name, text in (
                ("stop", "Stop"),
                ("retry", "Ask again"),
                ("edit", "Edit last"),
                ("new", "New"),
                ("link", "Copy link"),
                ("markdown", "Save as Markdown"),
                ("json", "Save as JSON"),
            )
        }
    chosen, filters = _filters(settings, engine, library)
    pane = _html("", "pane")

    _html(legend(), "legend")
    shown = [identity, before, current, notices, question, replaces, row]
    asking = [question, identity, replaces, chosen, *filters]
    page.load(talk.load, None, shown, **PRIVATE)
    identity.change(None, identity, None, js=SHOW_ADDRESS, api_visibility="private")
    at_work: dict[str, Any] = {"trigger_mode": "multiple", "concurrency_id": "asking", "concurrency_limit": CONCURRENT}
    answering = [
        gr.on([question.submit, ask.click], talk.ask, asking, shown, **at_work, **PRIVATE),
        tools["retry"].click(talk.retry, [identity, chosen, *filters], shown, **at_work, **PRIVATE),
    ]
    tools["edit"].click(talk.edit, identity, shown, **PRIVATE).then(None, js=FOCUS_QUESTION, api_visibility="private")
    tools["stop"].click(talk.stop, identity, None, queue=False, **PRIVATE)
    tools["link"].click(None, js=COPY_LINK, api_visibility="private")
    _saving(talk, tools, identity, notices)
    keep.click(talk.remark, [identity, rated, remark], [remark, row, notices], **PRIVATE)
    for part in (before, current):
        part.open(talk.open, identity, pane, **PRIVATE)
        part.rate(talk.rate, identity, [before, current, rated, row, notices], **PRIVATE)
        pressed = part.example(talk.example, None, question, **PRIVATE)
        answering.append(pressed.then(talk.ask, asking, shown, **at_work, **PRIVATE))
    # an answer that is still coming must not come back into the new conversation
    tools["new"].click(talk.anew, identity, shown, cancels=answering, **PRIVATE)
    pane.open(talk.open, identity, pane, **PRIVATE)
    return filters


def _saving(talk: Talk, tools: dict[str, gr.Button], identity: gr.Textbox, notices: gr.HTML) -> None:
    """The two buttons that save the conversation as a file."""
    file = gr.Textbox(visible="hidden", elem_id="file")
    for name, kind in (("markdown", "md"), ("json", "json")):
        tools[name].click(talk.export(kind), identity, [file, notices], **PRIVATE).then(  # type: ignore[arg-type]
            None, file, None, js=SAVE, api_visibility="private"
        )


def _filters(settings: Settings, engine: str, library: Library) -> tuple[gr.Dropdown, list[Any]]:
    """The choice of the engine, and the filters in the order in which Talk.ask takes them."""
    offered = [name for name in ENGINE_NAMES if name in ("quotes", "local", engine) or settings.endpoint_url]
    with gr.Accordion("Engine and filters", open=False, elem_id="filters"):
        chosen = gr.Dropdown(
            [(ENGINE_NAMES[name], name) for name in offered], value=engine, label="Engine", elem_id="engine"
        )
        with gr.Row():
            publishers = gr.Dropdown(
                library.publishers(), multiselect=True, label="Only these publishers", elem_id="publishers"
            )
            speakers = gr.Dropdown(
                library.speakers(), multiselect=True, label="Only what these people say", elem_id="speakers"
            )
        documents = gr.Dropdown(
            document_choices(library.documents()), multiselect=True, label="Only these documents", elem_id="only"
        )
        with gr.Row():
            date_from = gr.Textbox(
                label="Published on or after", placeholder="2019-11-27", elem_id="from", max_length=10
            )
            date_to = gr.Textbox(label="Published on or before", placeholder="2023-12-31", elem_id="to", max_length=10)
    return chosen, [publishers, speakers, documents, date_from, date_to]

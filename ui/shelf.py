"""The shelf: the page's view of the documents, and, where the server allows it, adding and removing them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from rag import OnRecordError
from rag.documents import READERS
from rag.indexing import Progress
from ui.desk import Desk
from ui.library import Added, Library, Listed
from ui.markup import shown
from ui.pane import pane, source_name, stretch_of
from ui.timeline import corpus

MAX_CHOICES = 1000
CLOSED = (
    "Documents can be added and removed here when the server was started with <code>--allow-upload</code>; "
    "<code>onrecord index FOLDER</code> adds them at any time."
)


def document_choices(listed: Sequence[Listed]) -> list[tuple[str, str]]:
    """The latest documents as (name, id): more than so many nobody chooses from."""
    return [(source_name(each.source), each.source.id) for each in listed[-MAX_CHOICES:]]


def add_shelf(
    page: gr.Blocks, desk: Desk, library: Library, filters: list[Any], *, allow_upload: bool, script: str
) -> None:
    """Adds the view to the Blocks; `filters` are those of the conversation, whose choices follow the documents."""
    listed = gr.HTML(elem_id="corpus", js_on_load=script, apply_default_css=False)
    reading = gr.HTML(elem_id="reading", js_on_load=script, apply_default_css=False)
    choices: list[Any] = [listed, *filters[:3]]

    def refreshed(*chosen: list[str] | None) -> tuple[Any, ...]:
        """The view and the filters' choices; of what was chosen, what there still is."""
        documents = library.documents()
        offered: list[list[Any]] = [library.publishers(), library.speakers(), document_choices(documents)]
        updates = []
        for choices, values in zip(offered, chosen or ((), (), ()), strict=True):
            there = {choice[1] if isinstance(choice, tuple) else choice for choice in choices}
            updates.append(gr.update(choices=choices, value=[each for each in values or () if each in there]))
        return (corpus(documents), *updates)

    def read(event: gr.EventData) -> str:
        data = event._data if isinstance(event._data, dict) else {}
        try:
            return pane(desk.record, stretch_of({"document": data.get("document", "")}, ()))
        except OnRecordError as error:
            return shown(error)

    hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    page.load(refreshed, filters[:3], choices, **hidden)
    listed.read(read, None, reading, **hidden)
    if allow_upload:
        _add_changes(page, library, choices, filters[:3], refreshed)
    else:
        gr.HTML(f'<p class="about">{CLOSED}</p>', elem_id="report", apply_default_css=False)


def _add_changes(
    page: gr.Blocks, library: Library, choices: list[Any], chosen: list[Any], refreshed: Callable[..., tuple[Any, ...]]
) -> None:
    """The controls that add and remove documents."""
    files = gr.File(
        label="Add documents", file_count="multiple", file_types=sorted(READERS), type="filepath", elem_id="files"
    )
    add = gr.Button("Add to the record", elem_id="add")
    outcome = gr.HTML(elem_id="report", apply_default_css=False)
    with gr.Row(equal_height=True):
        which = gr.Dropdown(library.removable(), label="Documents that were added here", value=None, elem_id="which")
        remove = gr.Button("Remove", variant="stop", elem_id="remove", min_width=90)

    def added(paths: list[str] | None, *values: Any, progress: gr.Progress = gr.Progress()) -> tuple[Any, ...]:
        def advance(step: Progress) -> None:
            progress((step.done, step.total), desc=Path(step.path).name, unit="files")

        try:
            report = library.add([Path(path) for path in paths or []], advance)
        except OnRecordError as error:
            report = Added(0, (str(error),))
        return (None, _outcome(report), gr.update(choices=library.removable()), *refreshed(*values))

    def removed(document: str | None, *values: Any) -> tuple[Any, ...]:
        try:
            line = f"{library.remove(document)} was removed." if document else "Choose a document first."
        except OnRecordError as error:
            line = str(error)
        said = f'<p class="note" role="status">{shown(line)}</p>'
        return (said, gr.update(choices=library.removable(), value=None), *refreshed(*values))

    one_at_a_time: dict[str, Any] = {"api_visibility": "private", "concurrency_limit": 1, "concurrency_id": "changes"}
    add.click(added, [files, *chosen], [files, outcome, which, *choices], show_progress_on=[outcome], **one_at_a_time)
    remove.click(removed, [which, *chosen], [outcome, which, *choices], show_progress_on=[outcome], **one_at_a_time)
    page.load(lambda: gr.update(choices=library.removable()), None, which, api_visibility="private")


def _outcome(report: Added) -> str:
    """How many documents were added, and a line for each file that failed."""
    lines = [f"{report.count} added." if report.count or not report.problems else "", *report.problems]
    return "".join(f'<p class="note" role="status">{shown(line)}</p>' for line in lines if line)

"""The shelf: the page's view of the documents, and, where the server allows it, adding and removing them."""

from pathlib import Path
from typing import Any

import gradio as gr

from rag import OnRecordError
from rag.documents import READERS
from rag.indexing import Progress
from ui.desk import Desk
from ui.library import Added, Library
from ui.markup import shown
from ui.pane import pane, source_name, stretch_of
from ui.timeline import corpus

CLOSED = (
    "Documents can be added and removed here when the server was started with <code>--allow-upload</code>; "
    "<code>onrecord index FOLDER</code> adds them at any time."
)


def publisher_choices(library: Library) -> list[str]:
    """All publishers, each once."""
    return sorted({each.source.metadata.publisher for each in library.documents()} - {""})


def document_choices(library: Library) -> list[tuple[str, str]]:
    """All documents as (name, id)."""
    return [(source_name(each.source), each.source.id) for each in library.documents()]


def add_shelf(
    page: gr.Blocks, desk: Desk, library: Library, filters: list[Any], *, allow_upload: bool, script: str
) -> None:
    """Adds the view to the Blocks; `filters` are those of the conversation, whose choices follow the documents."""
    listed = gr.HTML(elem_id="corpus", js_on_load=script, apply_default_css=False)
    reading = gr.HTML(elem_id="reading", js_on_load=script, apply_default_css=False)
    choices: list[Any] = [listed, *filters[:3]]

    def refreshed() -> tuple[Any, ...]:
        return (
            corpus(library.documents()),
            gr.update(choices=publisher_choices(library)),
            gr.update(choices=library.speakers()),
            gr.update(choices=document_choices(library)),
        )

    def read(event: gr.EventData) -> str:
        data = event._data if isinstance(event._data, dict) else {}
        try:
            return pane(desk.record, stretch_of({"document": data.get("document", "")}, ()))
        except OnRecordError as error:
            return shown(error)

    hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    page.load(refreshed, None, choices, **hidden)
    listed.read(read, None, reading, **hidden)
    if allow_upload:
        _add_changes(page, library, choices, refreshed)
    else:
        gr.HTML(f'<p class="about">{CLOSED}</p>', elem_id="report", apply_default_css=False)


def _add_changes(page: gr.Blocks, library: Library, choices: list[Any], refreshed: Any) -> None:
    """The controls that add and remove documents."""
    files = gr.File(
        label="Add documents", file_count="multiple", file_types=sorted(READERS), type="filepath", elem_id="files"
    )
    add = gr.Button("Add to the record", elem_id="add")
    outcome = gr.HTML(elem_id="report", apply_default_css=False)
    with gr.Row(equal_height=True):
        which = gr.Dropdown(_removable(library), label="Documents that were added here", value=None, elem_id="which")
        remove = gr.Button("Remove", variant="stop", elem_id="remove", min_width=90)

    def added(paths: list[str] | None, progress: gr.Progress = gr.Progress()) -> tuple[Any, ...]:
        def advance(step: Progress) -> None:
            progress((step.done, step.total), desc=Path(step.path).name, unit="files")

        try:
            report = library.add([Path(path) for path in paths or []], advance)
        except OnRecordError as error:
            report = Added(0, (str(error),))
        return (None, _outcome(report), gr.update(choices=_removable(library)), *refreshed())

    def removed(document: str | None) -> tuple[Any, ...]:
        try:
            line = f"{library.remove(document)} was removed." if document else "Choose a document first."
        except OnRecordError as error:
            line = str(error)
        said = f'<p class="note" role="status">{shown(line)}</p>'
        return (said, gr.update(choices=_removable(library), value=None), *refreshed())

    one_at_a_time: dict[str, Any] = {"api_visibility": "private", "concurrency_limit": 1, "concurrency_id": "changes"}
    add.click(added, files, [files, outcome, which, *choices], show_progress_on=[outcome], **one_at_a_time)
    remove.click(removed, which, [outcome, which, *choices], show_progress_on=[outcome], **one_at_a_time)
    page.load(lambda: gr.update(choices=_removable(library)), None, which, api_visibility="private")


def _removable(library: Library) -> list[tuple[str, str]]:
    return [(source_name(each.source), each.source.id) for each in library.removable()]


def _outcome(report: Added) -> str:
    """How many documents were added, and a line for each file that failed."""
    lines = [f"{report.count} added." if report.count or not report.problems else "", *report.problems]
    return "".join(f'<p class="note" role="status">{shown(line)}</p>' for line in lines if line)

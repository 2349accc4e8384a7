"""The command line: `onrecord index|status|search|ask|chat|serve|answer|verify|eval`. Errors: one line on stderr.

`verify` exits with 1 where a sentence is unsupported, and with 2 where the draft cannot be checked.
"""

import argparse
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from rich.console import Console

from evals.questions import ELSEWHERE, FEEDBACK, RESULTS, SETS
from rag import Conversation, Filter, OnRecordError, Record, open_record
from rag.citations import source_label
from rag.errors import QuestionError
from rag.export import answer_record, checked_record, search_record
from rag.indexing import Report
from rag.progress import progress_bar
from rag.settings import ENGINES, Settings
from rag.weights import readiness
from ui.batch import each_line, history_of, print_json, read_draft
from ui.filters import add_filters, filter_of
from ui.serve import add_options, checked_credentials, serve
from ui.terminal import chat, note, plain, show, show_checked

EPILOG = "Settings come from ONRECORD_… variables and onrecord.toml; see the README."


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; returns its exit code: 0 done, 1 a problem, 2 wrong usage."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = _parser().parse_args(given)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # what the terminal cannot show is no reason to stop
    try:
        _check_unicode(given)
        with open_record(options.home) as record:
            run: Callable[[Record, argparse.Namespace], int] = options.run
            code = run(record, options)
            sys.stdout.flush()
            return code
    except OnRecordError as error:
        return _fail(str(error))
    except BrokenPipeError:
        # whoever read the output has had enough; keep Python from complaining once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return _fail("stopped; what was finished is kept")


def _check_unicode(arguments: Sequence[str]) -> None:
    """Raises QuestionError for an argument whose bytes the terminal's encoding does not know."""
    for each in arguments:
        if each.encode(errors="ignore").decode() != each:
            raise QuestionError(f"argument {each!a} is not text in this terminal's encoding; type it in UTF-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="onrecord", description="Cited answers from a pile of documents.", epilog=EPILOG
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[Record, argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.add_argument("--home", help="folder of the index (default: ONRECORD_HOME, else the user's data folder)")
        made.set_defaults(run=run)
        return made

    indexing = command("index", _index, "bring the index in step with folders or files (default: those indexed before)")
    indexing.add_argument("paths", nargs="*", type=Path, metavar="PATH")

    command("status", _status, "show what is indexed and the settings in force")

    searching = command("search", _search, "list the passages that match words")
    searching.add_argument("words", nargs="?", help="what to search for")
    searching.add_argument("-k", type=_positive, default=10, dest="limit", help="hits at most (default 10)")
    searching.add_argument("--json", action="store_true", help="one JSON object instead of text")
    searching.add_argument("--batch", help="JSONL file of questions; a line of hits for each goes to stdout")
    # accepted so that the batch forms of search and answer take the same options
    searching.add_argument("--engine", choices=ENGINES, help=argparse.SUPPRESS)
    add_filters(searching)

    asking = command("ask", _ask, "answer one question")
    asking.add_argument("question")
    asking.add_argument("--json", action="store_true", help="one JSON object; offsets count in the extracted text")
    chatting = command("chat", _chat, "hold a conversation in the terminal")
    serving = command("serve", _serve, "serve the web page, its API and its MCP tools")
    add_options(serving)
    answering = command("answer", _answer, "answer a JSONL file of questions; a JSON line for each goes to stdout")
    answering.add_argument("questions", help="JSONL file of {id, question, history}; - for standard input")
    verifying = command(
        "verify", _verify, "check an article against the index, sentence by sentence (exit code 1: unsupported)"
    )
    verifying.add_argument("draft", metavar="DRAFT.md", help="Markdown or text, in UTF-8")
    verifying.add_argument("--json", action="store_true", help="one JSON list instead of text")
    for each in (asking, chatting, answering):
        each.add_argument("--engine", choices=ENGINES, help="quotes: no model; local; endpoint (default: the setting)")
        add_filters(each)

    evaluating = command("eval", _eval, "run the questions of evals/ over the bundled documents; write a report")
    evaluating.add_argument("--engine", choices=ENGINES, help="engine to be measured (default: the setting)")
    evaluating.add_argument(
        "--set",
        choices=(*SETS, ELSEWHERE, FEEDBACK),
        default="all",
        help="part of the questions (default all), or what visitors of the page called good",
    )
    evaluating.add_argument("--sample", type=_positive, metavar="N", help="only N questions, evenly spaced")
    evaluating.add_argument("--output", type=Path, default=RESULTS, help="folder of results (default evals/results)")
    evaluating.add_argument(
        "--second-judge", action="store_true", help="let the endpoint judge, too, whether sentences are supported"
    )
    again = evaluating.add_mutually_exclusive_group()
    again.add_argument("--resume", action="store_true", help="go on where an equal run ended (the default)")
    again.add_argument("--fresh", action="store_true", help="answer every question anew")
    return parser


def _filter(options: argparse.Namespace) -> Filter:
    # an id stays as it is: there is no file of that name
    documents = tuple(os.path.realpath(each) if os.path.isfile(each) else each for each in options.document)  # noqa: PTH113
    return filter_of(
        publishers=options.publisher,
        documents=documents,
        speakers=options.speaker,
        date_from=options.date_from,
        date_to=options.date_to,
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:5]) <= 1000:
        raise argparse.ArgumentTypeError(f"{text} is not a number between 1 and 1000")
    return int(text)


def _index(record: Record, options: argparse.Namespace) -> int:
    return _show_report(_indexed(record, options.paths), record)


def _indexed(record: Record, paths: Sequence[Path]) -> Report:
    with progress_bar("indexing") as advance:
        return record.index(
            paths,
            on_progress=lambda step: advance(step.done, step.total),
            on_wait=lambda: note("another process is writing this index; waiting for it"),
        )


def _show_report(report: Report, record: Record) -> int:
    counts = record.catalog.counts()
    note(
        f"{report.added} added, {report.changed} changed, {report.renamed} renamed, {report.removed} removed, "
        f"{report.unchanged} unchanged, {len(report.problems)} problems; the index holds {counts.documents} documents, "
        f"{counts.passages} passages"
    )
    if report.skipped:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(report.skipped.items()))
        note(f"files of other kinds, left out: {plain(kinds)}")
    for problem in report.problems:
        note(problem)
    return 1 if report.problems else 0


def _status(record: Record, options: argparse.Namespace) -> int:
    counts = record.catalog.counts()
    print(f"home       {plain(str(record.settings.home))}")
    print(f"made with  {record.catalog.setting('made_with') or 'nothing yet; run `onrecord index`'}")
    print(f"holds      {counts.documents} documents, {counts.passages} passages")
    if record.catalog.setting("unfinished"):
        print("unfinished the last run did not end; run `onrecord index` to complete it")
    print(f"local      {plain(readiness(record.settings.models))}")
    for root in record.catalog.roots():
        print(f"root       {plain(root)}")
    for source in record.sources():
        print(f"document   {source.id} {plain(source_label(source))} — {plain(source.path)}")
    for name in Settings.model_fields:
        # an address may carry a password
        shown = re.sub(r"//[^/@]*@", "//…@", str(getattr(record.settings, name)))
        print(f"setting    {name} = {plain(shown)}")
    return 0


def _search(record: Record, options: argparse.Namespace) -> int:
    restriction = _filter(options)
    if options.words is None and not options.batch:
        raise QuestionError("no words to search for; give some, or --batch FILE")
    if options.words is not None and options.batch:
        raise QuestionError(f"both words ({options.words!r}) and --batch are given; leave one out")
    _ensure_indexed(record)
    if options.batch:
        return each_line(options.batch, lambda raw: _hits_of(record, raw, options.limit, restriction))
    begun = time.perf_counter()
    hits = record.search(options.words, limit=options.limit, restriction=restriction)
    if options.json:
        print_json(search_record(options.words, hits, time.perf_counter() - begun))
        return 0
    for number, hit in enumerate(hits, start=1):
        also = f" (also in {', '.join(plain(place.source.path) for place in hit.also_in)})" if hit.also_in else ""
        print(f"{number}. {plain(source_label(hit.source))} [{hit.score:.4f}]{also}\n   {plain(hit.passage.text)}")
    if not hits:
        print("no passage matches")
    return 0


def _hits_of(record: Record, raw: dict[str, Any], limit: int, restriction: Filter) -> dict[str, Any]:
    begun = time.perf_counter()
    hits = record.search(raw["question"], limit=limit, history=history_of(raw), restriction=restriction)
    return search_record(raw["question"], hits, time.perf_counter() - begun, raw.get("id"))


def _ask(record: Record, options: argparse.Namespace) -> int:
    restriction = _filter(options)
    _ensure_indexed(record)
    if options.json:
        answer = record.ask(options.question, engine=options.engine or "", restriction=restriction)
        print_json(answer_record(answer))
        return 0
    show(record.stream(options.question, engine=options.engine or "", restriction=restriction), Console())
    return 0


def _chat(record: Record, options: argparse.Namespace) -> int:
    restriction = _filter(options)
    _ensure_indexed(record)
    chat(Conversation(record, options.engine or "", restriction), Console())
    return 0


def _serve(record: Record, options: argparse.Namespace) -> int:
    checked_credentials(options.host, options.auth or record.settings.auth.get_secret_value())
    _ensure_indexed(record)
    return serve(record, options)


def _answer(record: Record, options: argparse.Namespace) -> int:
    restriction = _filter(options)
    _ensure_indexed(record)

    def answered(raw: dict[str, Any]) -> dict[str, Any]:
        answer = record.ask(
            raw["question"], history=history_of(raw), engine=options.engine or "", restriction=restriction
        )
        return answer_record(answer, raw.get("id"))

    return each_line(options.questions, answered)


def _eval(record: Record, options: argparse.Namespace) -> int:
    # brings in what judges and plots, which no other command needs
    from evals.evaluation import evaluate

    made = evaluate(
        record,
        engine=options.engine or record.settings.engine,
        part=options.set,
        sample=options.sample,
        folder=options.output,
        is_fresh=options.fresh,
        has_second_judge=options.second_judge,
    )
    print(made.table)
    note(f"results {made.results}, report {made.report}")
    return 0


def _verify(record: Record, options: argparse.Namespace) -> int:
    try:
        checked = record.verify(read_draft(options.draft, record.settings.max_file_megabytes))
    except OnRecordError as error:
        _fail(str(error))
        return 2
    if options.json:
        print_json([checked_record(each) for each in checked])
    else:
        show_checked(checked, Console())
    return int(not all(each.holds for each in checked))


def _ensure_indexed(record: Record) -> None:
    if record.is_empty and not record.catalog.roots():
        note(f"no index yet in {plain(str(record.settings.home))}: indexing the bundled corpus")
        _show_report(_indexed(record, ()), record)


def _fail(text: str) -> int:
    note(f"onrecord: {text}")
    return 1


if __name__ == "__main__":
    sys.exit(main())

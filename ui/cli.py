"""The command line: `onrecord index|status|search|ask|chat|answer`. Errors are one line on stderr and exit code 1."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from rag import Conversation, Filter, OnRecordError, Record, Turn, open_record
from rag.citations import source_label
from rag.errors import QuestionError
from rag.export import answer_record, search_record
from rag.indexing import Progress as Step
from rag.indexing import Report
from rag.settings import ENGINES, Settings
from ui.terminal import chat, plain, show

EPILOG = "Settings come from ONRECORD_… variables and onrecord.toml; see the README."


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; returns its exit code: 0 done, 1 a problem, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        with open_record(options.home) as record:
            run: Callable[[Record, argparse.Namespace], int] = options.run
            return run(record, options)
    except OnRecordError as error:
        return _fail(str(error))
    except BrokenPipeError:
        # whoever read the output has had enough; keep Python from complaining once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return _fail("stopped; what was finished is kept")


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
    _add_filters(searching)

    asking = command("ask", _ask, "answer one question")
    asking.add_argument("question")
    asking.add_argument("--json", action="store_true", help="one JSON object instead of text")
    chatting = command("chat", _chat, "hold a conversation in the terminal")
    answering = command("answer", _answer, "answer a JSONL file of questions; a JSON line for each goes to stdout")
    answering.add_argument("questions", help="JSONL file of {id, question, history}; - for standard input")
    for each in (asking, chatting, answering):
        each.add_argument("--engine", choices=ENGINES, help="quotes: no model; local; endpoint (default: the setting)")
        _add_filters(each)
    return parser


def _add_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--publisher", action="append", default=[], help="only this publisher (may be repeated)")
    parser.add_argument("--document", action="append", default=[], help="only this document, by id or path")
    parser.add_argument(
        "--from", dest="date_from", default="", metavar="DATE", help="published on or after, 2019-11-27"
    )
    parser.add_argument("--to", dest="date_to", default="", metavar="DATE", help="published on or before")


def _filter(options: argparse.Namespace) -> Filter:
    for name in ("date_from", "date_to"):
        value = getattr(options, name)
        try:
            if value:
                time.strptime(value, "%Y-%m-%d")
        except ValueError:
            raise QuestionError(f"{value!r} is not a date like 2019-11-27; correct it") from None
    documents = tuple(str(Path(each).resolve()) if Path(each).is_file() else each for each in options.document)
    return Filter(tuple(options.publisher), documents, options.date_from, options.date_to)


def _positive(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 1000:
        raise argparse.ArgumentTypeError(f"{value} is not between 1 and 1000")
    return value


def _index(record: Record, options: argparse.Namespace) -> int:
    return _show_report(_indexed(record, options.paths), record)


def _indexed(record: Record, paths: Sequence[Path]) -> Report:
    with _progress() as on_progress:
        return record.index(
            paths,
            on_progress=on_progress,
            on_wait=lambda: _note("another process is writing this index; waiting for it"),
        )


def _show_report(report: Report, record: Record) -> int:
    counts = record.catalog.counts()
    _note(
        f"{report.added} added, {report.changed} changed, {report.renamed} renamed, {report.removed} removed, "
        f"{report.unchanged} unchanged, {len(report.problems)} problems; the index holds {counts.documents} documents, "
        f"{counts.passages} passages"
    )
    for problem in report.problems:
        _note(problem)
    return 1 if report.problems else 0


def _status(record: Record, options: argparse.Namespace) -> int:
    counts = record.catalog.counts()
    print(f"home       {record.settings.home}")
    print(f"made with  {record.catalog.setting('made_with') or 'nothing yet; run `onrecord index`'}")
    print(f"holds      {counts.documents} documents, {counts.passages} passages")
    if record.catalog.setting("unfinished"):
        print("unfinished the last run did not end; run `onrecord index` to complete it")
    for root in record.catalog.roots():
        print(f"root       {root}")
    for source in record.sources():
        print(f"document   {source.id} {plain(source_label(source))} — {plain(source.path)}")
    for name in Settings.model_fields:
        print(f"setting    {name} = {getattr(record.settings, name)}")
    return 0


def _search(record: Record, options: argparse.Namespace) -> int:
    _ensure_indexed(record)
    restriction = _filter(options)
    if options.batch:
        return _each_line(options.batch, lambda raw: _hits_of(record, raw, options.limit, restriction))
    if options.words is None:
        raise QuestionError("no words to search for; give some, or --batch FILE")
    begun = time.perf_counter()
    hits = record.search(options.words, limit=options.limit, restriction=restriction)
    if options.json:
        _print_json(search_record(options.words, hits, time.perf_counter() - begun))
        return 0
    for number, hit in enumerate(hits, start=1):
        also = f" (also in {', '.join(plain(place.source.path) for place in hit.also_in)})" if hit.also_in else ""
        print(f"{number}. {plain(source_label(hit.source))} [{hit.score:.4f}]{also}\n   {plain(hit.passage.text)}")
    if not hits:
        print("no passage matches")
    return 0


def _hits_of(record: Record, raw: dict[str, Any], limit: int, restriction: Filter) -> dict[str, Any]:
    begun = time.perf_counter()
    hits = record.search(raw["question"], limit=limit, history=_history(raw), restriction=restriction)
    return search_record(raw["question"], hits, time.perf_counter() - begun, raw.get("id"))


def _ask(record: Record, options: argparse.Namespace) -> int:
    _ensure_indexed(record)
    restriction = _filter(options)
    if options.json:
        answer = record.ask(options.question, engine=options.engine or "", restriction=restriction)
        _print_json(answer_record(answer))
        return 0
    show(record.stream(options.question, engine=options.engine or "", restriction=restriction), Console())
    return 0


def _chat(record: Record, options: argparse.Namespace) -> int:
    _ensure_indexed(record)
    chat(Conversation(record, options.engine or "", _filter(options)), Console())
    return 0


def _answer(record: Record, options: argparse.Namespace) -> int:
    _ensure_indexed(record)
    restriction = _filter(options)

    def answered(raw: dict[str, Any]) -> dict[str, Any]:
        answer = record.ask(
            raw["question"], history=_history(raw), engine=options.engine or "", restriction=restriction
        )
        return answer_record(answer, raw.get("id"))

    return _each_line(options.questions, answered)


def _each_line(file: str, made: Callable[[dict[str, Any]], dict[str, Any]]) -> int:
    """Writes a line for each question of a JSONL file; one that cannot be asked is a line on stderr and exit code 1."""
    failed = False
    for number, line in enumerate(_lines(file), start=1):
        if not line.strip():
            continue
        try:
            _print_json(made(_question(line)))
        except QuestionError as error:
            failed = True
            _note(f"{file}, line {number}: {error}")
    return int(failed)


def _lines(file: str) -> Iterator[str]:
    try:
        if file == "-":
            yield from sys.stdin
        else:
            with Path(file).open(encoding="utf-8") as source:
                yield from source
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(f"{file}: cannot be read ({error}); check the name and that it is UTF-8") from None


def _question(line: str) -> dict[str, Any]:
    """A line as an object with a question; raises QuestionError saying what is wrong with it."""
    try:
        raw = json.loads(line)
    except ValueError as error:
        raise QuestionError(f"not JSON ({error}); correct the line") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("question"), str):
        raise QuestionError('has no "question" that is a string; add one')
    return raw


def _history(raw: dict[str, Any]) -> tuple[Turn, ...]:
    try:
        return tuple(Turn(str(turn["role"]), str(turn["content"])) for turn in raw.get("history") or ())
    except (TypeError, KeyError):
        raise QuestionError('"history" is not a list of {"role", "content"}; correct the line') from None


def _ensure_indexed(record: Record) -> None:
    if record.is_empty and not record.catalog.roots():
        _note("no index yet: indexing the bundled corpus")
        _show_report(_indexed(record, ()), record)


@contextmanager
def _progress() -> Iterator[Callable[[Step], None]]:
    """A progress bar on stderr, fed with steps."""
    columns = (TextColumn("indexing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("indexing", total=None)

        def advance(step: Step) -> None:
            bar.update(task, completed=step.done, total=step.total)

        yield advance


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)


def _note(text: str) -> None:
    print(plain(text), file=sys.stderr, flush=True)


def _fail(text: str) -> int:
    _note(f"onrecord: {text}")
    return 1


if __name__ == "__main__":
    sys.exit(main())

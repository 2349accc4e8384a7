"""Runs verification on labelled pairs and quotations, and prints a table. `python -m evals.verification [--part dev]`.

`pairs.jsonl`: a sentence, its evidence as offsets of the bundled documents, and whether it follows. Each goes
through `verify` with citations of that evidence alone. `drafts.jsonl`: a sentence with a quotation and the
verdict that it deserves, checked against an index of the bundled corpus.
"""

import argparse
import json
import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rag import Record, open_record, verify
from rag.catalog import Catalog
from rag.citations import citation
from rag.drafts import CheckedSentence
from rag.judges import Judges
from rag.types import Citation, Evidence, Hit, Mode, Passage, Source, Utterance

FOLDER = Path(__file__).resolve().parent
NEAR = 600  # characters of the document shown around the evidence


def cases(file: str) -> list[dict[str, Any]]:
    """The lines of a JSONL file of this folder."""
    return [json.loads(line) for line in (FOLDER / file).read_text(encoding="utf-8").splitlines()]


def citations_of(pair: dict[str, Any], catalog: Catalog) -> list[Citation]:
    """A citation for each utterance that the evidence of a pair touches, by whom the index takes for its speaker."""
    sources = {Path(source.path).name: source for source in catalog.sources().values()}
    return [cited for place in pair["evidence"] for cited in _citations(place, sources[place["document"]], catalog)]


def _citations(place: dict[str, Any], source: Source, catalog: Catalog) -> Iterator[Citation]:
    text, start, end = catalog.text(source.id), place["start"], place["end"]
    known = catalog.utterances(source.id)
    touched = [each for each in known if each.start < end and start < each.end]
    for each in touched or [Utterance(start, end, text[start:end], "", Mode.NARRATION)]:
        begin, stop = max(each.start, start), min(each.end, end)
        said = Utterance(begin, stop, text[begin:stop], each.speaker, each.mode)
        first, last = max(begin - NEAR, 0), min(stop + NEAR, len(text))
        passage = Passage(f"{source.id}:{begin}", source.id, first, last, text[first:last], "", (said,))
        yield citation([Evidence(said, Hit(passage, source, 0.0), 0.0)])


def judged_pairs(part: str, catalog: Catalog, judges: Judges) -> Iterator[tuple[dict[str, Any], bool, float]]:
    """Each pair of a part with whether all its sentences hold, and the seconds that took."""
    background = "\n".join(catalog.text(each) for each in catalog.sources())
    for pair in cases("pairs.jsonl"):
        if pair["part"] == part:
            cited = citations_of(pair, catalog)
            begun = time.perf_counter()
            checked = verify(pair["sentence"], cited, judges=judges, background=background)
            yield pair, all(each.holds for each in checked), time.perf_counter() - begun


def judged_drafts(check: Callable[[str], Sequence[CheckedSentence]]) -> Iterator[tuple[dict[str, Any], bool]]:
    """Each quotation case with whether its verdicts are those deserved: of the quotation, and of the sentence."""
    for case in cases("drafts.jsonl"):
        checked = check(case["draft"])
        quotes = [quote.verdict for each in checked for quote in each.quotes]
        yield case, quotes == [case["quote"]] and all(each.holds for each in checked) == case["holds"]


def judged_against_all(part: str, record: Record) -> Iterator[tuple[dict[str, Any], bool, float]]:
    """Each pair of a part with whether its sentences hold against all documents, as `onrecord verify` asks.

    Sentences that are true, and false only of the evidence they were given, are left out.
    """
    for pair in cases("pairs.jsonl"):
        if pair["part"] == part and pair["kind"] != "unrelated":
            begun = time.perf_counter()
            checked = record.verify(pair["sentence"])
            yield pair, all(each.holds for each in checked), time.perf_counter() - begun


def row(name: str, right: Sequence[bool]) -> str:
    """A row of the table: the share that is right, its standard error and n."""
    share = sum(right) / len(right)
    return f"| {name} | {100 * share:.1f} ±{100 * math.sqrt(share * (1 - share) / len(right)):.1f} % | {len(right)} |"


def report(part: str, judged: Iterable[tuple[dict[str, Any], bool, float]], *, by_kind: bool) -> None:
    """Prints the rows of a part of the pairs: true ones accepted, corruptions caught, milliseconds a sentence."""
    right: dict[tuple[bool, str], list[bool]] = defaultdict(list)
    seconds = []
    for pair, holds, took in judged:
        right[pair["supported"], pair["kind"]].append(holds == pair["supported"])
        seconds.append(took)
    for supported, name in ((True, "true, accepted"), (False, "corrupted, caught")):
        kinds = {kind: values for (is_true, kind), values in sorted(right.items()) if is_true is supported}
        print(row(f"{part}: {name}", [value for values in kinds.values() for value in values]))
        if by_kind:
            print("\n".join(row(f"{part}: {kind}", values) for kind, values in kinds.items()))
    ordered = sorted(seconds)
    median, high = ordered[len(ordered) // 2], ordered[int(0.95 * len(ordered))]
    print(f"| {part}: ms a sentence, median and 95 % | {1000 * median:.0f}, {1000 * high:.0f} | {len(seconds)} |")


def main() -> None:
    """Reads the arguments, indexes the bundled corpus in a folder of its own and prints the tables."""
    parser = argparse.ArgumentParser(description="Verification, measured.")
    parser.add_argument("--part", choices=("dev", "test"), help="one part alone (default: both)")
    parser.add_argument("--rules", action="store_true", help="without models")
    parser.add_argument("--totals", action="store_true", help="no rows by kind")
    options = parser.parse_args()
    with TemporaryDirectory() as home, open_record(home) as record:
        record.index()
        record.relevance.score("warm", ["up"])
        print("| | right | n |\n|---|---|---|")
        for part in [options.part] if options.part else ["dev", "test"]:
            judges = Judges() if options.rules else Judges(record.relevance, record.entailment)
            report(f"{part}, its evidence", judged_pairs(part, record.catalog, judges), by_kind=not options.totals)
            if not options.rules:
                report(f"{part}, all documents", judged_against_all(part, record), by_kind=not options.totals)
        kinds: dict[str, list[bool]] = defaultdict(list)
        for case, is_right in judged_drafts(record.verify):
            kinds[case["kind"]].append(is_right)
        for kind, values in kinds.items():
            print(row(f"quotations: {kind}", values))


if __name__ == "__main__":
    main()

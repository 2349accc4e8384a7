"""Search at size: seconds, memory and disk of an index as it grows. `python -m evals.scale FOLDER --sizes 1000 10000`.

FOLDER holds texts (.txt, in folders of its own as well), which are cut into passages of 86 words. To reach half a
million passages within minutes, only 1,000 of them are embedded; the vectors of the others lie between two of these,
with some noise. All else is real: stores, searches, questions (words of a passage in order) and their embedding.
Prints a table and writes `scale.json` and `scale.svg` to the folder of results.
"""

import argparse
import json
import random
import resource
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from time import perf_counter

import numpy as np
from tqdm import tqdm

from evals.questions import RESULTS
from rag import Filter, Record, open_record
from rag.models import Vectors
from rag.retrieval import Searcher
from rag.types import Document, Metadata, Mode, Passage, Source, Utterance
from rag.words import terms

WORDS = 86  # of a passage: the mean of 10,952 speeches cut by the indexer
PASSAGES = 35  # of a document
SAMPLE = 1000
NOISE = 0.02
BATCH = 1024
QUESTIONS = 200
QUESTION_WORDS = 6
YEARS = range(1990, 2020)
PUBLISHERS = tuple(f"Agency {letter}" for letter in "ABCDEFGHIJ")
FILTERS = {
    "all": Filter(),
    "one year": Filter(date_from="1999-01-01", date_to="1999-12-31"),
    "since 2005": Filter(date_from="2005-01-01"),
    "one publisher": Filter(publishers=("Agency C",)),
}


@dataclass(frozen=True, slots=True)
class Point:
    """What an index of so many passages costs; milliseconds are (median, 95th percentile) over the questions."""

    passages: int
    dense: tuple[float, float]
    lexical: tuple[float, float]
    search: dict[str, tuple[float, float]]
    add_seconds: float
    peak_gigabytes: float
    disk_gigabytes: float


def windows(folder: Path) -> Iterator[str]:
    """Stretches of 86 words of all texts; each of 86 rounds begins a few words further on."""
    files = sorted(folder.rglob("*.txt"))
    if not files:
        sys.exit(f"{folder}: holds no .txt file; name a folder of texts")
    for round_ in range(WORDS):
        for file in files:
            words = file.read_text(encoding="utf-8", errors="replace").split()
            for first in range(round_ * 7 % WORDS, len(words) - WORDS, WORDS):
                yield " ".join(words[first : first + WORDS])


def blended(sample: Vectors, count: int, chance: np.random.Generator) -> Vectors:
    """So many unit vectors between two of the sample each, shape (count, dimensions)."""
    first, second = (sample[chance.integers(0, len(sample), count)] for _ in range(2))
    share = chance.random((count, 1))
    mixed = share * first + (1 - share) * second + chance.normal(0, NOISE, first.shape)
    unit: Vectors = (mixed / np.linalg.norm(mixed, axis=1, keepdims=True)).astype(np.float32)
    return unit


def documents(texts: Iterator[str], first: int, count: int) -> Iterator[tuple[Document, list[Passage]]]:
    """Documents of 35 passages each, their years and publishers in turn."""
    for number in range(first, first + count):
        parts = list(islice(texts, PASSAGES))
        if not parts:
            sys.exit("the folder holds too little text for so many passages; name a larger one or fewer passages")
        metadata = Metadata(
            title=f"Statement {number}",
            publisher=PUBLISHERS[number % len(PUBLISHERS)],
            date=f"{YEARS[number % len(YEARS)]}-06-01",
        )
        name, start, made = f"scale-{number:07}", 0, []
        for place, part in enumerate(parts):
            end = start + len(part)
            said = Utterance(start, end, part, "", Mode.NARRATION)
            made.append(Passage(f"{name}-{place}", name, start, end, part, metadata.title, (said,)))
            start = end + 1
        yield Document(name, f"/scale/{name}.txt", " ".join(parts), metadata), made


def grow(record: Record, texts: Iterator[str], sample: Vectors, total: int) -> float:
    """Fills the record's own stores up to so many passages; returns the seconds that the stores took."""
    chance = np.random.default_rng(total)
    seconds = 0.0
    with tqdm(total=total, initial=record.catalog.counts().passages, unit="passage", disable=None) as bar:
        while (counts := record.catalog.counts()).passages < total:
            many = min(BATCH, total - counts.passages) // PASSAGES + 1
            batch = list(documents(texts, counts.documents, many))
            passages = [passage for _, made in batch for passage in made]
            sources = {each.id: Source(each.id, each.path, each.metadata) for each, _ in batch}
            vectors = blended(sample, len(passages), chance)
            begun = perf_counter()
            record.vectors.add(passages, [sources[passage.document_id] for passage in passages], vectors)
            with record.catalog.transaction():
                for document, made in batch:
                    record.catalog.add_document(document, made)
            seconds += perf_counter() - begun
            bar.update(len(passages))
    return seconds


def measured(record: Record, questions: Sequence[str], add_seconds: float) -> Point:
    """Asks every question of each leg and of the whole search, with each filter."""
    searcher = Searcher(record.catalog, record.vectors, record.encoder, record.settings.candidates)
    vectors = [record.encoder.encode_question(question).tolist() for question in questions]
    depth = record.settings.candidates
    size = sum(file.stat().st_size for file in record.settings.home.rglob("*") if file.is_file())
    return Point(
        record.catalog.counts().passages,
        _milliseconds([lambda v=v: record.vectors.nearest(v, limit=depth, documents=None) for v in vectors]),
        _milliseconds([lambda q=q: record.catalog.lexical(q, limit=depth) for q in questions]),
        {
            name: _milliseconds([lambda q=q, f=f: searcher.search(q, limit=10, restriction=f) for q in questions])
            for name, f in FILTERS.items()
        },
        add_seconds,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        size / 1e9,
    )


def _milliseconds(actions: Sequence[object]) -> tuple[float, float]:
    """Median and 95th percentile; a first call that warms up is left out."""
    taken = []
    for action in (actions[0], *actions):
        assert callable(action)
        begun = perf_counter()
        action()
        taken.append(1000 * (perf_counter() - begun))
    return float(np.percentile(taken[1:], 50)), float(np.percentile(taken[1:], 95))


def questions_of(texts: Sequence[str], chance: random.Random) -> list[str]:
    """Words of a passage each, in order, common and rare as they come."""
    found = []
    for text in chance.sample(list(texts), min(QUESTIONS, len(texts))):
        words = terms(text)
        places = sorted(chance.sample(range(len(words)), min(QUESTION_WORDS, len(words))))
        found.append(" ".join(words[place] for place in places))
    return found


def table(points: Sequence[Point]) -> str:
    """Markdown, a row for each size; × is the search beside that at the first size."""
    head = [
        "passages",
        "dense",
        "lexical",
        *(f"search, {name}" for name in FILTERS),
        "× first",
        "store s",
        "GB",
        "disk GB",
    ]
    rows = [
        [
            f"{each.passages:,}",
            *(f"{p50:.0f} / {p95:.0f}" for p50, p95 in (each.dense, each.lexical, *each.search.values())),
            f"{each.search['all'][0] / points[0].search['all'][0]:.1f}",
            f"{each.add_seconds:.0f}",
            f"{each.peak_gigabytes:.2f}",
            f"{each.disk_gigabytes:.2f}",
        ]
        for each in points
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---:"] * len(head), *rows))


def plot(points: Sequence[Point], file: Path) -> None:
    """The 95th percentiles over the number of passages, both axes logarithmic."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    sizes = [each.passages for each in points]
    curves = {"dense leg": [each.dense for each in points], "lexical leg": [each.lexical for each in points]} | {
        f"search, {name}": [each.search[name] for each in points] for name in FILTERS
    }
    for name, values in curves.items():
        axes.plot(sizes, [p95 for _, p95 in values], "o--" if "leg" in name else "o-", label=name)
    axes.set(xscale="log", yscale="log", xlabel="passages", ylabel="95th percentile, ms", ylim=(1, None))
    axes.grid(visible=True, alpha=0.3)
    axes.legend(fontsize="small")
    figure.savefig(file)


def main() -> None:
    """Grows one index step by step and measures it at each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    texts = windows(options.folder)
    first = list(islice(texts, SAMPLE * 20))
    chosen = random.Random(1).sample(first, min(SAMPLE, len(first)))
    points: list[Point] = []
    with tempfile.TemporaryDirectory() as home, open_record(Path(home)) as record:
        sample = record.encoder.encode(chosen)
        questions = questions_of(chosen, random.Random(2))
        fresh = windows(options.folder)
        for size in sorted(options.sizes):
            points.append(measured(record, questions, grow(record, fresh, sample, size)))
            print(table(points), flush=True)
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "scale.json").write_text(
        json.dumps([asdict(each) for each in points], indent=1), encoding="utf-8"
    )
    plot(points, options.output / "scale.svg")


if __name__ == "__main__":
    main()

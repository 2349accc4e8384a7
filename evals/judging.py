"""The judge in use: a forest over the signals of support, learned on the dev pairs. `python -m evals.judging`.

The signals of all labelled pairs lie in `signals.json` (`--write` makes them anew), so that the forest grows in a
second wherever the evals run; the test pairs are only measured. What stands in the evidence word for word, with the
speaker of the evidence before it, is supported without being asked about.
"""

import argparse
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from evals.judge import Accuracy, Judge, Pair, Verdict, accuracy, load_pairs
from evals.opinion import OPINION, opinion
from evals.questions import FOLDER, PARTS, bundled_texts
from evals.signals import FOLLOWING, Signals
from rag.errors import ModelError
from rag.local import LocalModel
from rag.models import LanguageModel
from rag.settings import Settings, load_settings

FILE = FOLDER / "signals.json"
TREES = 600
MIN_LEAF = 2
SEED = 0
NAME = f"forest of {TREES} trees ({{digest}})"
QUOTED = re.compile(r"^(?:(?P<who>[^“”:]{0,80}): )?“(?P<words>[^“”].*)”[.]?$", re.DOTALL)


class ForestJudge:
    """Owns the forest and the models behind the signals; the language model loads when first asked."""

    def __init__(self, model: Callable[[], LanguageModel], models: Path, threads: int) -> None:
        self._model = model
        self._signals = Signals(bundled_texts().values(), models, threads)

    @property
    def name(self) -> str:
        return NAME.format(digest=_digest())

    def supports(self, sentence: str, speaker: str, evidence: Sequence[str]) -> Verdict:
        """Unparseable where the language model fails."""
        if not evidence:
            return Verdict.UNSUPPORTED
        if is_quoted(sentence, speaker, evidence):
            return Verdict.SUPPORTED
        try:
            values = self.values(sentence, speaker, evidence)
        except ModelError:
            return Verdict.UNPARSEABLE
        return _verdict(list(values.values()))

    def values(self, sentence: str, speaker: str, evidence: Sequence[str]) -> dict[str, float]:
        """The signals, the language model's opinion among them."""
        said = opinion(self._model(), sentence, speaker, evidence)
        return {**self._signals.of(sentence, speaker, evidence), OPINION: said}


class KnownJudge:
    """The same forest, taking the signals of labelled pairs from the file: for measuring it without its models."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self._rows = {(pair.sentence, pair.speaker, pair.evidence): _table()[pair.id] for pair in pairs}

    @property
    def name(self) -> str:
        return NAME.format(digest=_digest())

    def supports(self, sentence: str, speaker: str, evidence: Sequence[str]) -> Verdict:
        if is_quoted(sentence, speaker, evidence):
            return Verdict.SUPPORTED
        return _verdict(self._rows[(sentence, speaker, tuple(evidence))])


def default_judge(settings: Settings | None = None) -> Judge:
    """The judge of every run: to replace it, change this line."""
    made_with = settings or load_settings()
    # a model of its own: the answerer's keeps its prompt in its cache
    model = cache(lambda: LocalModel(made_with.models, threads=made_with.thread_count))
    return ForestJudge(model, made_with.models, made_with.thread_count)


def measured_accuracy(part: str) -> Accuracy:
    """How often the judge is right on a part of the labelled pairs."""
    pairs = load_pairs(part)
    return accuracy(KnownJudge(pairs), pairs)


def is_quoted(sentence: str, speaker: str, evidence: Sequence[str]) -> bool:
    """Whether a sentence is nothing but words of the evidence in quotation marks, said by its speaker or by nobody."""
    match = QUOTED.match(sentence.strip())
    if not match:
        return False
    who = (match["who"] or "").split(",")[0].strip()
    named = not speaker or not who or any(who in (one, "A questioner") for one in speaker.split("; "))
    return named and any(_plain(match["words"]) in _plain(each) for each in evidence)


def _plain(text: str) -> str:
    return " ".join(text.replace("“", '"').replace("”", '"').split()).strip('"')


def _verdict(values: Sequence[float]) -> Verdict:
    return Verdict.SUPPORTED if _forest().predict_proba([values])[0][1] >= 0.5 else Verdict.UNSUPPORTED


@cache
def _forest() -> Any:
    from sklearn.ensemble import RandomForestClassifier

    dev = load_pairs("dev")
    forest = RandomForestClassifier(
        n_estimators=TREES, min_samples_leaf=MIN_LEAF, class_weight="balanced", random_state=SEED
    )
    return forest.fit(np.array([_table()[pair.id] for pair in dev]), [pair.supported for pair in dev])


@cache
def _table() -> Mapping[str, Sequence[float]]:
    rows: Mapping[str, Sequence[float]] = json.loads(FILE.read_text(encoding="utf-8"))["rows"]
    return rows


def _digest() -> str:
    learnt = FILE.read_bytes() + (FOLDER / "pairs.jsonl").read_bytes() + FOLLOWING.read_bytes()
    return hashlib.sha256(learnt).hexdigest()[:12]


def write_signals(judge: ForestJudge) -> None:
    """Computes the signals of all labelled pairs: about ten minutes on two cores."""
    pairs = [pair for part in PARTS for pair in load_pairs(part)]
    rows: dict[str, list[float]] = {}
    names: list[str] = []
    for pair in tqdm(pairs, unit="pair", disable=None):
        values = judge.values(pair.sentence, pair.speaker, pair.evidence)
        names = list(values)
        rows[pair.id] = [round(value, 4) for value in values.values()]
    lines = ",\n".join(f"{json.dumps(identity)}: {json.dumps(row)}" for identity, row in rows.items())
    FILE.write_text(f'{{"names": {json.dumps(names)},\n"rows": {{\n{lines}\n}}}}\n', encoding="utf-8")


def main() -> None:
    """Prints the accuracies of the judge in use."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", default="all", choices=(*PARTS, "all"))
    parser.add_argument("--write", action="store_true", help="compute the signals of all pairs anew")
    options = parser.parse_args()
    if options.write:
        settings = load_settings()
        model = LocalModel(settings.models, threads=settings.thread_count)
        write_signals(ForestJudge(lambda: model, settings.models, 2))
    for part in PARTS if options.set == "all" else (options.set,):
        measured = measured_accuracy(part)
        print(f"\n{part}{' (learned on)' if part == 'dev' else ''}: {measured.judge}")
        print(f"balanced accuracy {measured.balanced}, unparseable {measured.unparseable}")
        for kind, share in sorted(measured.by_kind.items()):
            print(f"  {kind:24} {share}")


if __name__ == "__main__":
    main()

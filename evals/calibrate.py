"""Fits the regressions of rag/abstention.py on dev and elsewhere. `python -m evals.calibrate [--look LOOK]`.

Prints coefficients to be copied by hand, the cross-validated area under the ROC curve, and for a few thresholds
how many of the unanswerable are refused and of the answerable wrongly refused.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from tempfile import TemporaryDirectory

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from tqdm import tqdm

from evals.grading import is_rightly_cited
from evals.questions import ELSEWHERE, Case, documents_of, load_cases
from rag import Found, Record, open_record
from rag.abstention import RELEVANCE_RANGE, Signals, signals
from rag.drafting import Opinion, drafted, excerpts
from rag.quotes import quoted

# The signals of each look, and how freely they are weighed (C): a model's opinion soon weighs too much, which dev
# does not show and test did, see evals/LOG.md
LOOKS = {
    "first": (("relevance",), 1.0),
    "second": (("relevance", "gap", "lacks_kind"), 1.0),
    "model": (("relevance", "gap", "lacks_kind", "yes"), 0.1),
}


@dataclass(frozen=True, slots=True)
class Observation:
    """A question's signals, and whether an answer is due: the corpus answers it and the evidence was found.

    Where the evidence was not found an answer could only be wrong, so that abstaining is right.
    """

    case: Case
    signals: Signals
    is_due: bool


def observed(record: Record, case: Case, look: str) -> Observation | None:
    """The signals of one question after a look of LOOKS; None where that look weighs nothing.

    The second look is fitted on all questions that can be read on, not on those alone that the first would refuse:
    they are too few.
    """
    # with a language model there is a second look at every question that evidence was found for
    events = record.stream(case.question, history=case.history, engine="quotes" if look == "first" else "local")
    found = next(events)
    assert isinstance(found, Found)
    if look == "first":
        compares = len(found.findings.facets) > 1 or found.findings.compares
        if compares or not found.findings.evidence or found.findings.is_untimely:
            return None
    elif not found.reads_on:
        return None
    else:
        found = next(events)
        assert isinstance(found, Found)
    yes = None
    if look == "model":
        model = record.language_model("local")
        steps = drafted(found.question.standalone, excerpts(found.findings), model, lambda: False)
        yes = next((step.yes for step in steps if isinstance(step, Opinion)), None)
    made = quoted(found.findings, asks_whose=found.question.asks_whose)
    citations = [cited for each in made for cited in each.citations]
    return Observation(case, signals(found.findings, yes), case.answerable and is_rightly_cited(case, citations))


def _observed(part: str, look: str) -> Iterator[Observation]:
    with TemporaryDirectory() as home, open_record(home) as record:
        record.index([documents_of(part)])
        texts = {PurePath(source.path).name: record.catalog.text(source.id) for source in record.sources()}
        asked = (observed(record, case, look) for case in tqdm(load_cases(part, texts), disable=None))
        yield from (one for one in asked if one)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--look", choices=LOOKS, default="first", help="model: the second, and its opinion")
    options = parser.parse_args()
    seen = [one for part in ("dev", ELSEWHERE) for one in _observed(part, options.look)]
    names, freedom = LOOKS[options.look]
    table = np.array([[float(getattr(one.signals, name) or 0.0) for name in names] for one in seen])
    if "relevance" in names:  # that of nothing found is minus infinity
        column = names.index("relevance")
        table[:, column] = np.maximum(table[:, column], RELEVANCE_RANGE[0])
    labels = np.array([one.is_due for one in seen])
    unanswerable = np.array([not one.case.answerable for one in seen])
    scale = table.std(axis=0) + 1e-9
    model = LogisticRegression(C=freedom, class_weight="balanced")
    folds = cross_val_predict(model, table / scale, labels, cv=10, method="predict_proba")[:, 1]
    model.fit(table / scale, labels)
    print(f"cross-validated AUC {roc_auc_score(labels, folds):.3f} (n={len(labels)})")
    for number, name in enumerate(names):
        alone, weight = roc_auc_score(labels, table[:, number]), model.coef_[0][number] / scale[number]
        print(f"  {name:12} alone {alone:.3f}  weight {weight:.3f}")
    print(f"  bias {model.intercept_[0]:.3f}")
    for threshold in (0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6):
        refused, wrongly = (folds[unanswerable] < threshold).mean(), (folds[labels] < threshold).mean()
        print(
            f"  threshold {threshold}: refused {refused:.2f} of the unanswerable, {wrongly:.2f} where an answer is due"
        )
    for one, score in sorted(zip(seen, folds, strict=True), key=lambda row: row[1]):
        label = "due" if one.is_due else "not found" if one.case.answerable else "unanswerable"
        values = " ".join(f"{name} {float(getattr(one.signals, name) or 0):.2f}" for name in names)
        print(f"{score:.2f} {label:12} {one.case.kind:18} {one.case.question[:70]} | {values}")


if __name__ == "__main__":
    main()

"""Fits the regression of rag/abstention.py on the dev questions. `python -m evals.calibrate [--engine local]`.

Prints coefficients to be copied by hand, the cross-validated area under the ROC curve, and for a few thresholds
how many of the unanswerable are refused and of the answerable wrongly refused.
"""

import argparse
from dataclasses import asdict
from pathlib import PurePath

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from tqdm import tqdm

from evals.questions import Case, load_cases
from rag import Found, Record, open_record
from rag.abstention import Signals, signals
from rag.drafting import Opinion, drafted, excerpts

NAMES = ("relevance", "similarity", "coverage", "gap", "lacks_kind", "yes")


def observed(record: Record, case: Case, engine: str) -> Signals:
    """The signals of one question."""
    found = next(record.stream(case.question, history=case.history, engine=engine))
    assert isinstance(found, Found)
    yes = None
    if engine != "quotes" and found.findings.evidence:
        model = record.language_model(engine)
        steps = drafted(found.question.standalone, excerpts(found.findings), model, lambda: False)
        yes = next((step.yes for step in steps if isinstance(step, Opinion)), None)
    return signals(found.findings, yes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", default="quotes")
    parser.add_argument("--home", default=None)
    options = parser.parse_args()
    with open_record(options.home) as record:
        record.index()
        texts = {PurePath(source.path).name: record.catalog.text(source.id) for source in record.sources()}
        cases = load_cases("dev", texts)
        seen = [observed(record, case, options.engine) for case in tqdm(cases, disable=None)]
    names = [name for name in NAMES if name != "yes" or options.engine != "quotes"]
    table = np.array([[max(float(asdict(one)[name] or 0.0), -25.0) for name in names] for one in seen])
    labels = np.array([case.answerable for case in cases])
    scale = table.std(axis=0) + 1e-9
    model = LogisticRegression(C=1.0, class_weight="balanced")
    folds = cross_val_predict(model, table / scale, labels, cv=10, method="predict_proba")[:, 1]
    model.fit(table / scale, labels)
    print(f"cross-validated AUC {roc_auc_score(labels, folds):.3f} (n={len(labels)})")
    for number, name in enumerate(names):
        alone, weight = roc_auc_score(labels, table[:, number]), model.coef_[0][number] / scale[number]
        print(f"  {name:12} alone {alone:.3f}  weight {weight:.3f}")
    print(f"  bias {model.intercept_[0]:.3f}")
    for threshold in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        refused, wrongly = (folds[~labels] < threshold).mean(), (folds[labels] < threshold).mean()
        print(f"  threshold {threshold}: refused {refused:.2f} of the unanswerable, {wrongly:.2f} of the answerable")
    for case, one, score in sorted(zip(cases, seen, folds, strict=True), key=lambda row: row[2]):
        print(
            f"{score:.2f} {'answerable' if case.answerable else 'UN':10} {case.kind:18} {case.question[:70]} | "
            + " ".join(f"{name} {float(asdict(one)[name] or 0):.2f}" for name in names)
        )


if __name__ == "__main__":
    main()

"""Fits the regression of rag/support.py on labelled claims, and writes rag/support.json.

Claims are those of `pairs.jsonl` (dev) and of `claims.jsonl`: a sentence, the evidence that decides about it as offsets
of a document, whether it follows, and of which kind it is. The documents are the bundled corpus, and with
`--speeches FOLDER` those of the United Nations that claims.jsonl names (and the texts in `texts/`).
Run: `python -m evals.supporting [--speeches FOLDER] [--write]`.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from tqdm import tqdm

from evals.verification import FOLDER, cases, citations_of
from rag import Record, open_record
from rag.drafts import material_of
from rag.holding import Held
from rag.objections import first_refusal, objections
from rag.record import BUNDLED_CORPUS
from rag.support import WEIGHTS, measured, told
from rag.types import Evidence

STRENGTH = 0.2  # inverse of the penalty on large weights
FOLDS = 10
CAUGHT = (0.8, 0.85, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Measured:
    """A claim with its measures; None where a rule refuses it outright."""

    claim: dict[str, Any]
    measures: dict[str, float] | None


def measured_claims(claims: Sequence[dict[str, Any]], record: Record) -> Iterator[Measured]:
    """Each claim held against its evidence; those on documents that the index lacks are left out."""
    background = "\n".join(record.catalog.text(each) for each in record.catalog.sources())
    known = {Path(source.path).name for source in record.sources()}
    assert record.entailment is not None, "the entailment model is not installed; run `make setup`"
    there = [claim for claim in claims if claim["evidence"][0]["document"] in known]
    for claim in tqdm(there, leave=False):
        held = Held.against(claim["sentence"], _evidence(claim, record), background)
        margin = None if first_refusal(held) else record.entailment.margin(told(held.evidence), held.draft)
        if margin is None:
            yield Measured(claim, None)
        else:
            found = measured(held, objections(held), margin, record.relevance, record.entailment)
            yield Measured(claim, found)


def _evidence(claim: dict[str, Any], record: Record) -> tuple[Evidence, ...]:
    tries = material_of(citations_of(claim, record.catalog), "").tries
    return tuple(item for run in tries if len(run) == 1 for item in run)


def fitted(rows: Sequence[Measured]) -> tuple[Pipeline, NDArray[np.float64], NDArray[np.bool_]]:
    """The regression fitted on all rows, each row's probability by cross-validation, and the labels."""
    labels = np.array([row.claim["supported"] for row in rows])
    table = np.array([list(row.measures.values()) for row in rows if row.measures])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=3000))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=1)
    likely = cross_val_predict(model, table, labels, cv=folds, method="predict_proba")[:, 1]
    return model.fit(table, labels), likely, labels


def weights_of(model: Pipeline, names: Sequence[str]) -> dict[str, float]:
    """The weights on measures as they are, the scaling folded in."""
    scaler, regression = model[0], model[1]
    slopes = regression.coef_[0] / scaler.scale_
    bias = regression.intercept_[0] - float((slopes * scaler.mean_).sum())
    return {"bias": round(float(bias), 4), **{n: round(float(w), 4) for n, w in zip(names, slopes, strict=True)}}


def main() -> None:
    """Reads the arguments, measures the claims and prints what the fit comes to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speeches", type=Path, help="folder of United Nations speeches, one .txt each")
    parser.add_argument("--write", action="store_true", help="write rag/support.json")
    options = parser.parse_args()
    claims = [pair for pair in cases("pairs.jsonl") if pair["part"] == "dev"] + cases("claims.jsonl")
    rows = list(_measured_on([BUNDLED_CORPUS], claims))
    if options.speeches:
        named = {claim["evidence"][0]["document"] for claim in claims}
        speeches = [file for file in options.speeches.rglob("*.txt") if file.name in named]
        rows += _measured_on([*speeches, FOLDER / "texts"], claims)
    free = [row for row in rows if row.measures]
    model, likely, labels = fitted(free)
    refused = [row.claim["supported"] for row in rows if not row.measures]
    print(f"{len(rows)} claims; rules refuse {len(refused)}, of which {sum(refused)} are true")
    print(f"area under the ROC curve of the others, {FOLDS}-fold: {roc_auc_score(labels, likely):.3f}")
    for share in CAUGHT:
        least = float(np.quantile(likely[~labels], share))
        print(f"caught {share:.0%}: true accepted {np.mean(likely[labels] > least):.1%}, likelihood above {least:.2f}")
    if options.write:
        weights = weights_of(model, list(free[0].measures or {}))
        WEIGHTS.write_text(json.dumps(weights, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"written to {WEIGHTS}")


def _measured_on(paths: Sequence[Path], claims: Sequence[dict[str, Any]]) -> list[Measured]:
    with TemporaryDirectory() as home, open_record(home) as record:
        record.index(paths)
        return list(measured_claims(claims, record))


if __name__ == "__main__":
    main()

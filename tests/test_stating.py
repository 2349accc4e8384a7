"""Stating: whether evidence states an answer, read by a model that was adapted to tell."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from rag.adapter import ADAPTER, MATRICES, adapted_model, base_weights
from rag.errors import ModelError
from rag.evidence import Findings
from rag.questions import inquiry
from rag.relevance import CrossEncoder, model_folder
from rag.settings import load_settings
from rag.stating import with_stated
from tests.builders import evidence

BASE = model_folder() / "model.onnx"
ASKED = "How many cranes will the harbour get?"
TOUCHED = "The harbour will get new cranes before the winter, the mayor said."
STATED = "The harbour will get three new cranes before the winter, the mayor said."


class Fixed:
    """Gives each text the number that it holds."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        self.asked.append(question)
        return [float(text.split()[-1].strip(".")) for text in texts]


def test_the_adapted_model_parts_what_states_an_answer_from_what_touches_on_it() -> None:
    touched, stated = CrossEncoder(1, adapted_in=load_settings().models).score(ASKED, [TOUCHED, STATED])
    assert stated > 0 > touched
    assert min(CrossEncoder(1).score(ASKED, [TOUCHED, STATED])) > 0  # which the model as it was does not


def test_the_file_is_made_once_and_another_adapter_makes_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = adapted_model(BASE, tmp_path)
    made = first.stat().st_mtime_ns
    assert adapted_model(BASE, tmp_path) == first
    assert first.stat().st_mtime_ns == made
    with np.load(ADAPTER) as arrays:
        halved = {name: arrays[name] / 2 for name in arrays.files}
    np.savez(tmp_path / "other.npz", **halved)  # type: ignore[arg-type]
    monkeypatch.setattr("rag.adapter.ADAPTER", tmp_path / "other.npz")
    other = adapted_model(BASE, tmp_path)
    assert other != first
    assert not list(tmp_path.glob("*.partial"))


def test_the_additions_are_in_the_file_and_all_else_is_as_it_was(tmp_path: Path) -> None:
    before, after = base_weights(BASE), base_weights(adapted_model(BASE, tmp_path))
    with np.load(ADAPTER) as additions:
        for name in MATRICES:
            wanted = before[f"{name}.weight"] + additions[f"{name}.up"].astype(np.float32) @ additions[f"{name}.down"]
            # half a step of int8, by column
            step = np.abs(wanted).max(axis=1, keepdims=True) / 127
            assert (np.abs(after[f"{name}.weight"] - wanted) <= 0.51 * step + 1e-6).all()
    adapted = {f"{name}.weight" for name in MATRICES}
    assert all((before[name] == after[name]).all() for name in before.keys() - adapted)


def test_a_folder_that_cannot_be_written_is_one_line_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ModelError, match=r"cannot be stored .* set ONRECORD_MODELS"):
        adapted_model(BASE, tmp_path / "file")


def test_a_copy_of_the_models_file_that_is_damaged_is_one_line(tmp_path: Path) -> None:
    shutil.copy(BASE, tmp_path / "model.onnx")
    (tmp_path / "model.onnx").write_bytes(b"\x00 no model")
    with pytest.raises(ModelError, match="run `make setup`"):
        adapted_model(tmp_path / "model.onnx", tmp_path / "models")


def test_the_surest_passage_and_the_surest_quote_are_added() -> None:
    facet = tuple(evidence("The mill burnt 3.", "It was rebuilt 7.", relevance=[6.0, 2.0]))
    question = inquiry("What burnt?", (), max_characters=200)
    model = Fixed()
    # the passage ends in 7, and so does the quote, which is both sentences of the remark
    assert with_stated(Findings((facet[0].hit,), (facet,)), question, model).stated == 14.0
    assert model.asked == ["What burnt?"]
    nothing = Findings((), ())
    assert with_stated(nothing, question, model) == nothing


def test_a_logit_beyond_any_doubt_counts_as_ten() -> None:
    facet = tuple(evidence("The mill burnt 30.", relevance=[6.0]))
    assert with_stated(Findings((), (facet,)), inquiry("What burnt?", (), max_characters=200), Fixed()).stated == 20.0

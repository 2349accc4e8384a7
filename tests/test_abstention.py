"""Abstention: when an answer is due."""

import math
from dataclasses import replace

from rag.abstention import (
    NOTHING_FOUND,
    NOTHING_THEN,
    OFF_TOPIC,
    TOO_WEAK,
    answerable,
    is_settled,
    reason_to_abstain,
    signals,
)
from rag.evidence import Findings
from tests.builders import evidence


def found(relevance: float, *, gap: float = 0.1, lacks_kind: bool = False) -> Findings:
    facet = tuple(evidence("Helicopters fly north.", relevance=[relevance]))
    return Findings((), (facet,), gap, lacks_kind)


def test_nothing_found_is_a_reason_of_its_own() -> None:
    assert reason_to_abstain(signals(Findings((), ()), None)) == NOTHING_FOUND


def test_strong_evidence_is_answered_and_weak_is_not_with_and_without_a_model() -> None:
    for yes_strong, yes_weak in ((None, None), (0.95, 0.3)):
        assert reason_to_abstain(signals(found(9), yes_strong)) == ""
        assert reason_to_abstain(signals(found(-1, gap=0.4), yes_weak)) == TOO_WEAK


def test_a_refusal_says_where_nothing_is_about_the_question() -> None:
    assert reason_to_abstain(signals(found(-9), None)) == OFF_TOPIC
    assert reason_to_abstain(signals(found(-9), 0.3)) == OFF_TOPIC
    assert reason_to_abstain(signals(replace(found(0, gap=0.5), lack=1.0), None)) == OFF_TOPIC


def test_what_was_said_in_a_time_without_documents_is_refused_however_strong_the_evidence() -> None:
    assert reason_to_abstain(signals(replace(found(9), is_untimely=True), 0.95)) == NOTHING_THEN


def test_each_signal_moves_the_decision_its_way() -> None:
    assert answerable(signals(found(5), None)) > answerable(signals(found(4), None))
    for yes in (None, 0.8):
        look = replace(found(4), is_second_look=True)
        base = answerable(signals(look, yes))
        assert answerable(signals(replace(look, gap=0.4), yes)) < base
        assert answerable(signals(replace(look, lacks_kind=True), yes)) < base
        assert answerable(signals(replace(found(7), is_second_look=True), yes)) > base


def test_the_first_look_answers_only_where_it_is_sure() -> None:
    first = found(2)
    assert reason_to_abstain(signals(first, None)) == TOO_WEAK
    assert reason_to_abstain(signals(replace(first, is_second_look=True), None)) == ""
    assert reason_to_abstain(signals(found(8), None)) == ""


def test_who_is_sure_either_way_at_first_looks_no_further() -> None:
    assert is_settled(signals(found(8), None))
    assert is_settled(signals(found(-9), None))
    assert not is_settled(signals(found(2), None))


def test_the_probability_stays_one_for_any_input() -> None:
    for relevance in (-math.inf, -1e9, 0.0, 1e9):
        for yes in (None, 0.0, 0.5, 1.0):
            assert 0.0 <= answerable(signals(found(relevance), yes)) <= 1.0

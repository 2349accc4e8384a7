"""What was written to teach the models: lines fit their speeches, and groups and claims are made of them as told."""

import random
from pathlib import Path

import pytest

from evals import following, written
from evals.written import OTHERS, load

SENTENCES = [
    "We met in the old harbour of Tolvik.",
    "Forty boats were lost in the storm of last winter.",
    "The council has promised new nets to every crew.",
    "Nobody was hurt in the storm.",
    "The lighthouse will be repaired before the autumn.",
    "Our fishermen ask for nothing but fair prices.",
    "The old bridge stays closed until the spring.",
    "A ferry now runs to the islands twice a day.",
    "Its captain has sailed these waters for thirty years.",
    "The school on the island has eleven pupils.",
]
SPEECH = " ".join(SENTENCES)


def spans(*numbers: int) -> list[list[int]]:
    starts = [SPEECH.index(SENTENCES[number]) for number in numbers]
    return [[start, start + len(SENTENCES[number])] for start, number in zip(starts, numbers, strict=True)]


LINE = {
    "document": "TOL_50_1995.txt",
    "speaker": "Ann Lee",
    "country": "Tolvik",
    "year": "1995",
    "spans": spans(1, 2, 3, 4),
    "near": "How many boats were lost?",
    "near_answer": [0],
    "far": "what will the crews get?",
    "far_answer": [1],
    "far2": "is the tower getting mended?",
    "far2_answer": [3],
    "un": "Who built the lighthouse?",
    "un2": "When did the boats sail?",
}


@pytest.fixture
def speeches(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "TOL_50_1995.txt").write_text(SPEECH, encoding="utf-8")
    return tmp_path


def test_the_first_text_of_a_group_answers_and_no_other_does(speeches: Path) -> None:
    answers = {LINE["near"]: SENTENCES[1], LINE["far"]: SENTENCES[2], LINE["far2"]: SENTENCES[4]}
    made = [group for seed in range(20) for group in written.groups([LINE], speeches, random.Random(seed))]
    assert {group.question for group in made} == {*answers, LINE["un"], LINE["un2"]}
    for group in made:
        assert len(group.texts) == OTHERS + 1
        assert group.is_answered is (group.question in answers)
        if group.is_answered:
            assert answers[group.question] in group.texts[0]
        told = [text.rpartition(" » ")[2] for text in group.texts[1:]]
        if group.is_answered and "\n" not in group.texts[0]:
            assert not any(answers[group.question] in text for text in told)
    assert any(" » " in text for group in made for text in group.texts)
    assert any("\n" in group.texts[0] for group in made if group.is_answered)


def test_claims_are_held_against_the_sentences_that_decide_and_true_ones_elsewhere_too(speeches: Path) -> None:
    line = {**LINE, "true": [["Forty vessels sank.", [0]]], "false": [["Fifty vessels sank.", [0], "changed_number"]]}
    made = [claim for seed in range(20) for claim in following.claims([line], speeches, random.Random(seed))]
    for claim in made:
        assert claim.evidence.startswith("Ann Lee: ")
        holds = SENTENCES[1] in claim.evidence
        assert claim.follows is (holds and claim.claim.startswith("Forty"))
    assert {(claim.follows, SENTENCES[1] in claim.evidence) for claim in made} == {
        (True, True),
        (False, True),
        (False, False),
    }


def test_every_written_line_names_sentences_that_are_there() -> None:
    for line in load():
        for key in ("near", "far", "far2"):
            assert line[key]
            assert line[f"{key}_answer"]
            assert max(line[f"{key}_answer"]) < len(line["spans"])
        assert line["un"]
        assert line["un2"]
    for line in load(following.FOLLOWED):
        for claim in (*line["true"], *line["false"]):
            assert claim[0]
            assert max(claim[1]) < len(line["spans"])

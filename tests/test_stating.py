"""Stating: whether evidence states an answer, read by a model that was adapted to tell."""

from collections.abc import Sequence

from rag.evidence import Findings
from rag.questions import inquiry
from rag.stating import with_stated
from tests.builders import evidence


class Fixed:
    """Gives each text the number that it holds."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        self.asked.append(question)
        return [float(text.split()[-1].strip(".")) for text in texts]


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


def test_a_comparison_is_asked_for_its_topic_which_no_side_answers_alone() -> None:
    facet = tuple(evidence("The mill burnt 3.", relevance=[6.0]))
    compared = inquiry("Compare what Lee said about the mill in 2019 and in 2023.", (), max_characters=200)
    model = Fixed()
    with_stated(Findings((facet[0].hit,), (facet,)), compared, model)
    assert model.asked == [compared.topic] != [compared.standalone]

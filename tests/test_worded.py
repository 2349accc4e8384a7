"""Worded: what a language model words is dropped where it strays from its evidence."""

import pytest

from rag.worded import strays
from tests.builders import evidence


@pytest.mark.parametrize(
    ("told", "text", "is_kept"),
    [
        ("unmarked helicopters fly north.", "Unmarked helicopters regularly fly north.", True),
        ("Lee named the helicopters unmarked.", "Unmarked helicopters fly north.", False),  # a verb of the question
        ("she would join the talks.", "We will be pleased to see her join the talks.", False),
        ("talks began on 3 May.", "Talks began earlier.", False),
        ("talks began on 3 May.", "Talks began on 3 May.", True),
        ("it is wrong.", "It is wrong.", False),
        ("aid has exceeded six million.", "Since 2008, aid has exceeded six million.", False),
        ("since 2008 aid has exceeded six million.", "Since 2008, aid has exceeded six million.", True),
        ("the port is to be shut.", "In the same logic, the port is to be shut.", False),
        ("they met the leaders.", "Yesterday we met the leaders of both towns.", False),
        ("the mill met the leaders.", "The mill met the leaders of both towns.", False),
        ("the mill met the leaders of both towns.", "The mill met the leaders of both towns.", True),
    ],
)
def test_a_sentence_is_kept_only_where_it_stays_close(told: str, text: str, is_kept: bool) -> None:
    (item,) = evidence(text)
    assert (strays(told, item) == "") is is_kept

"""Page furniture is told from text."""

import pytest

from rag.types import Mode
from tests.builders import said

NARRATION, FURNITURE = Mode.NARRATION, Mode.FURNITURE


@pytest.mark.parametrize(
    "line",
    [
        *(
            "© Agency 2019. All rights reserved.",
            "Photo by Tom Hart for the agency in the town of Bishkek, Kyrgyzstan.",
        ),
        *("Photo: Tom Hart / AP", "Share on Facebook", "Subscribe to our newsletter.", "Home", "Source: Belta"),
        *("• de-DE1 en-GB1 es-ES1 ru-RU1 fr-FR1 de-DE1 en-GB1 es-ES1 ru-RU1 fr-FR1", "12 min read"),
    ],
)
def test_page_furniture_is_told_from_text(line: str) -> None:
    assert said(f"{line}\n\nThe bridge was closed.") == [
        (line, "", FURNITURE),
        ("The bridge was closed.", "", NARRATION),
    ]


@pytest.mark.parametrize(
    "line",
    [
        *("Share prices fell on Monday.", "Photo exhibitions opened in Bishkek.", "All news agencies reported it."),
        *(
            "Source: the ministry's statement of Monday in the afternoon.",
            "Additional materials were provided by the city.",
        ),
        *("Country\tTrade", "| 2019 | $2bn |", "- Trade rose by 5 per cent", "2. Trade rose by 5 per cent"),
    ],
)
def test_text_that_begins_like_furniture_or_has_no_full_stop_is_text(line: str) -> None:
    assert [mode for *_, mode in said(line)] == [NARRATION]

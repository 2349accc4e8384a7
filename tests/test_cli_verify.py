"""`onrecord verify`: a draft in, verdicts and an exit code out."""

from pathlib import Path
from typing import Any

import pytest

from tests.commands import CITATION, Run

GOOD = "Anna Petrova said that “trade with both neighbours has grown by a third”."
BAD = "“Trade with both neighbours has grown by a half,” Petrova said."


@pytest.mark.parametrize(("draft", "code"), [(GOOD, 0), (f"# Trade\n\n{GOOD} Is it so?\n\n- {BAD}\n", 1)])
def test_a_draft_is_verified_with_json(indexed: Run, draft: str, code: int) -> None:
    Path("draft.md").write_text(draft)
    ran = indexed("verify", "draft.md", "--json")
    assert (ran.code, ran.err, len(ran.lines)) == (code, "", 1)
    made: Any = ran.lines[0]
    assert [each["text"] for each in made] == [GOOD, BAD][: code + 1]
    assert all(set(each) == {"text", "verdict", "reason", "quotes", "citations"} for each in made)
    assert [each["verdict"] for each in made] == ["supported", "unsupported"][: code + 1]
    assert [set(quote) for each in made for quote in each["quotes"]] == [{"text", "verdict"}] * (code + 1)
    assert {frozenset(cited) for each in made for cited in each["citations"]} == {frozenset(CITATION)}


def test_a_draft_is_verified_in_a_readable_report(indexed: Run) -> None:
    Path("draft.md").write_text(f"{GOOD}\n\n{BAD}\n")
    ran = indexed("verify", "draft.md")
    assert (ran.code, ran.err) == (1, "")
    assert f"✓ {GOOD}\n" in ran.out
    assert f"✗ {BAD}\n" in ran.out
    assert "not found; no document has these words" in ran.out
    assert ran.out.endswith("2 sentences: 0 verbatim, 1 supported, 1 unsupported\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "draft.md: cannot be read"),
        (b" \n", "the draft is empty"),
        (b"\xff\xfe", "not text in UTF-8"),
        (b"a\x00b", "is not text"),
        (b"word " * 5_000_000, "25.0 MB, more than 20"),
    ],
)
def test_a_draft_that_cannot_be_checked_is_one_line_and_exit_code_2(
    indexed: Run, content: bytes | None, message: str
) -> None:
    if content is not None:
        Path("draft.md").write_bytes(content)
    ran = indexed("verify", "draft.md")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert message in ran.err


def test_a_draft_needs_an_index(run: Run) -> None:
    Path("draft.md").write_text(GOOD)
    ran = run("verify", "draft.md")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert "is empty; run `onrecord index" in ran.err

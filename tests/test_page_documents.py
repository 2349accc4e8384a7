"""The page in a real browser: documents are added and removed, and what they hold is never markup."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.conftest import HOSTILE_NAME, HOSTILE_TITLE, HOSTILE_WORDS
from tests.visits import ask, marked


def test_documents_are_listed_added_and_removed(visit: Callable[..., Page], tmp_path: Path) -> None:
    (tmp_path / "moon.txt").write_text("“The moon mission of Baikonur starts in April,” Oleg Orlov said on Friday.")
    (tmp_path / "empty.txt").write_text("")
    page = visit()
    page.click("button[role=tab]:has-text('Documents')")
    assert page.locator("svg.timeline circle").count() == 5
    page.set_input_files("#files input[type=file]", [tmp_path / "moon.txt", tmp_path / "empty.txt"])
    expect(page.locator("#files")).to_contain_text("moon")
    page.click("#add")
    expect(page.locator("#report")).to_contain_text("1 added.")
    expect(page.locator("#report .note")).to_have_count(2)
    expect(page.locator("#report")).to_contain_text("empty.txt: holds no text")
    expect(page.locator(".documents")).to_contain_text("moon.txt")
    page.click("button[role=tab]:has-text('Ask')")
    ask(page, "What did Oleg Orlov say about the moon mission of Baikonur?")
    assert "starts in April" in marked(page)
    page.keyboard.press("Escape")
    page.click("button[role=tab]:has-text('Documents')")
    page.click("#which input")
    page.click("[role=option]:has-text('moon')")
    page.click("#remove")
    expect(page.locator("#report")).to_contain_text("moon.txt was removed.")
    expect(page.locator(".documents")).not_to_contain_text("moon.txt")


def test_hostile_text_is_shown_as_text_everywhere(visit: Callable[..., Page]) -> None:
    page = visit()
    ask(page, "What did Anna Petrova say about the dam of Karakum? <img src=x onerror='window.hacked=1'>")
    assert HOSTILE_WORDS in page.locator(".answer").inner_text()
    assert HOSTILE_WORDS in marked(page)
    pane = page.locator("#pane").inner_text()
    assert HOSTILE_TITLE in pane
    assert HOSTILE_NAME in pane
    page.keyboard.press("Escape")
    page.click("button[role=tab]:has-text('Documents')")
    table = page.locator(".documents").inner_text()
    assert HOSTILE_TITLE in table
    assert HOSTILE_NAME in table
    assert page.evaluate("window.hacked") is None
    assert (
        page.locator(".exchange img, .exchange script, .exchange a, #pane img, .corpus a, .corpus script").count() == 0
    )

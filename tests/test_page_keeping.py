"""The page in a real browser: what a visitor keeps, takes away and says of an answer is his own."""

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.conftest import Served
from tests.visits import QUESTION, QUESTION_BOX, SECONDS_30, ask, identity, marked


def test_numbers_are_the_same_after_a_reload_and_in_a_shared_link(visit: Callable[..., Page]) -> None:
    page = visit()
    ask(page, QUESTION)
    words, quote = page.locator(".answer").inner_text(), marked(page)
    page.reload()
    page.wait_for_selector(".controls")
    other = visit(f"?conversation={identity(page)}")
    for each in (page, other):
        assert each.locator(".answer").inner_text() == words
        assert marked(each) == quote


def test_an_answer_is_copied_with_its_citations(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    page.click("[data-copy] >> nth=0")
    expect(page.locator("[data-copy]").first).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    for cited in served.record.ask(QUESTION, engine="quotes").citations:
        assert cited.quote in copied
    page.click("#link")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_the_conversation_is_taken_away_as_markdown_and_json(served: Served, visit: Callable[..., Page]) -> None:
    page = visit()
    ask(page, QUESTION)
    answer = served.record.ask(QUESTION, engine="quotes")
    with page.expect_download() as loading:
        page.click("#json")
    kept = json.loads(Path(loading.value.path()).read_text(encoding="utf-8"))
    assert [cited["quote"] for cited in kept["answers"][0]["citations"]] == [c.quote for c in answer.citations]
    with page.expect_download() as loading:
        page.click("#markdown")
    assert loading.value.suggested_filename.endswith(".md")
    assert "Afghan helicopters" in Path(loading.value.path()).read_text(encoding="utf-8")


def test_a_verdict_and_a_remark_are_written_down(served: Served, visit: Callable[..., Page]) -> None:
    page = visit()
    ask(page, QUESTION)
    page.click("text=Bad answer")
    page.fill("#remark textarea", "the <b>year</b> is missing")
    page.click("text=Save remark")
    expect(page.locator("#notice")).to_contain_text("Thank you")
    lines = (served.record.settings.home / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    key = page.locator("[data-verdict=down]").get_attribute("data-exchange")
    mine = [each for each in map(json.loads, lines) if each["id"] == key]
    assert [(each["verdict"], each["remark"]) for each in mine] == [
        ("down", ""),
        ("down", "the <b>year</b> is missing"),
    ]
    assert mine[-1]["question"] == QUESTION
    assert page.locator("[data-verdict=down]").get_attribute("aria-pressed") == "true"


def test_two_visitors_see_nothing_of_each_other(visit: Callable[..., Page]) -> None:
    first, second = visit(), visit()
    first.fill(QUESTION_BOX, QUESTION)
    second.fill(QUESTION_BOX, "How many Central Asians work in Russia?")
    first.press(QUESTION_BOX, "Enter")
    second.press(QUESTION_BOX, "Enter")
    for page in (first, second):
        expect(page.locator(".exchange .controls")).to_have_count(1, timeout=SECONDS_30)
    assert first.locator(".question").inner_text() == QUESTION
    assert "four million" in second.locator(".answer").inner_text()
    assert "elicopter" not in second.locator("main").inner_text()
    assert identity(first) != identity(second)

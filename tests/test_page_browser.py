"""The page in a real browser over the real pipeline: ask, check, refuse, filter, take away, add, remove, judge."""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from rag.answering import Event
from tests.conftest import HOSTILE_NAME, HOSTILE_TITLE, HOSTILE_WORDS, Served

QUESTION = "What did Lavrov say about Afghan helicopters?"
QUESTION_BOX = "#question textarea"
SECONDS_30 = 30_000


@pytest.fixture
def visit(served: Served, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens the page as a new visitor; afterwards no request has left the host and no script has failed."""
    contexts, requests, errors = [], [], []

    def opened(path: str = "", **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        context.on("request", lambda request: requests.append(request.url))
        page = context.new_page()
        page.set_default_timeout(SECONDS_30)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(served.address + path)
        page.wait_for_selector(".greeting, .exchange")
        return page

    yield opened
    for context in contexts:
        context.close()
    elsewhere = [url for url in requests if not url.startswith((served.address, "blob:", "data:"))]
    assert (elsewhere, errors) == ([], [])


def ask(page: Page, question: str, *, count: int = 1) -> None:
    """Asks and waits until so many answers are finished."""
    page.fill(QUESTION_BOX, question)
    page.press(QUESTION_BOX, "Enter")
    expect(page.locator(".exchange .controls")).to_have_count(count, timeout=SECONDS_30)


def marked(page: Page, marker: int = 0) -> str:
    """The highlighted words after pressing a marker."""
    page.locator(".marker").nth(marker).click()
    words = page.locator("#pane mark")
    words.wait_for()
    return words.evaluate("mark => mark.textContent")


def identity(page: Page) -> str:
    return page.url.partition("conversation=")[2]


def test_an_answer_streams_and_its_marker_opens_the_quoted_words(served: Served, visit: Callable[..., Page]) -> None:
    page = visit()
    page.click(".example >> nth=0")
    page.wait_for_selector(".card", state="attached")  # folded away once answered
    expect(page.locator(".exchange .controls")).to_have_count(1)
    answer = served.record.ask(QUESTION, engine="quotes")
    assert page.locator(".marker").count() == len(answer.citations)
    for number, cited in enumerate(answer.citations):
        assert marked(page, number) == cited.quote
        assert page.locator("#pane mark").evaluate(
            "mark => { const box = mark.getBoundingClientRect(); return box.top >= 0 && box.top < innerHeight; }"
        )
        page.keyboard.press("Escape")
        expect(page.locator("#pane .document")).to_have_count(0)
        assert page.evaluate("document.activeElement.className") == "marker"
    page.locator(".marker").first.hover()
    expect(page.locator(".hover").first).to_be_visible()
    assert page.locator(".badge").first.inner_text() == "Word for word"


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


def test_a_follow_up_is_understood_and_a_refusal_offers_the_nearest(visit: Callable[..., Page]) -> None:
    page = visit()
    ask(page, "What did Peskov say about Blinken's visit?")
    ask(page, "And Lavrov?", count=2)
    assert "Lavrov" in page.locator(".searched em").last.inner_text()
    ask(page, "What is the capital of Australia?", count=3)
    refusal = page.locator(".refusal")
    assert "The corpus does not say." in refusal.inner_text()
    assert "What is the capital of Australia?" in refusal.inner_text()
    refusal.locator(".card").first.click()
    expect(page.locator("#pane mark")).to_have_count(1)


def test_questions_are_repeated_edited_and_begun_anew(visit: Callable[..., Page]) -> None:
    page = visit()
    ask(page, QUESTION)
    page.click("#edit")
    expect(page.locator(QUESTION_BOX)).to_have_value(QUESTION)
    ask(page, "How many Central Asians work in Russia?")
    expect(page.locator(".question")).to_have_text(["How many Central Asians work in Russia?"])
    page.click("#retry")
    expect(page.locator(".exchange .controls")).to_have_count(1)
    page.click("#new")
    page.wait_for_selector(".greeting")
    expect(page.locator(".exchange")).to_have_count(0)
    page.wait_for_url(lambda url: "conversation" not in url)


@pytest.fixture
def hesitant(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every event of an answer takes half a second to come."""
    at_once = served.record.stream

    def slowly(*args: Any, is_stopped: Callable[[], bool], **options: Any) -> Iterator[Event]:
        for event in at_once(*args, is_stopped=is_stopped, **options):
            yield event
            time.sleep(0.5)
            if is_stopped():
                return

    monkeypatch.setattr(served.record, "stream", slowly)


@pytest.mark.usefixtures("hesitant")
def test_an_answer_that_is_coming_does_not_return_into_a_new_conversation(visit: Callable[..., Page]) -> None:
    page = visit()
    page.fill(QUESTION_BOX, QUESTION)
    page.press(QUESTION_BOX, "Enter")
    page.wait_for_selector(".doing")
    page.click("#new")
    page.wait_for_selector(".greeting")
    page.wait_for_timeout(3_000)  # the answer would have come by now
    expect(page.locator(".exchange")).to_have_count(0)
    assert identity(page) == ""


@pytest.mark.usefixtures("hesitant")
def test_stop_ends_an_answer_and_the_next_question_can_be_typed_meanwhile(visit: Callable[..., Page]) -> None:
    page = visit()
    page.fill(QUESTION_BOX, QUESTION)
    page.press(QUESTION_BOX, "Enter")
    page.wait_for_selector(".card")
    page.fill(QUESTION_BOX, "And Peskov?")
    page.wait_for_selector(".answer .marker")
    page.click("#stop")
    expect(page.locator(".exchange .controls")).to_have_count(1)
    expect(page.locator(".exchange")).to_contain_text("Stopped")
    expect(page.locator(QUESTION_BOX)).to_have_value("And Peskov?")


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


def test_a_filter_restricts_the_sources(visit: Callable[..., Page]) -> None:
    page = visit()
    page.click("#filters button")
    page.fill("#from input, #from textarea", "2023-01-01")
    ask(page, "What did Lavrov say about Blinken's visit?")
    assert set(re.findall(r"\b20\d\d\b", page.locator(".references").inner_text())) == {"2023"}
    page.fill("#from input, #from textarea", "soon")
    page.fill(QUESTION_BOX, QUESTION)
    page.press(QUESTION_BOX, "Enter")
    expect(page.locator(".alert")).to_contain_text("'soon' is not a date")
    expect(page.locator(QUESTION_BOX)).to_have_value(QUESTION)


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
    mine = [json.loads(line) for line in lines if identity(page) in line]
    assert [(each["verdict"], each["remark"]) for each in mine] == [
        ("down", ""),
        ("down", "the <b>year</b> is missing"),
    ]
    assert mine[-1]["question"] == QUESTION
    assert page.locator("[data-verdict=down]").get_attribute("aria-pressed") == "true"


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


def test_a_slow_model_shows_the_evidence_and_the_place_in_line_and_then_who_answered(
    visit: Callable[..., Page],
) -> None:
    pages = [visit(), visit(), visit()]
    for page in pages:
        page.click("#filters button")
        page.click("#engine input")
        page.click("[role=option]:has-text('Local')")
    for page in pages:
        page.fill(QUESTION_BOX, QUESTION)
        page.press(QUESTION_BOX, "Enter")
    expect(pages[-1].locator(".card").first).to_be_visible()
    expect(pages[-1].locator(".doing")).to_contain_text(re.compile("ahead of yours|is reading"))
    for page in pages:
        expect(page.locator(".exchange .controls")).to_have_count(1, timeout=SECONDS_30)
        expect(page.locator(".note").first).to_contain_text("the quotes engine answered")


@pytest.mark.parametrize(
    "options",
    [{"viewport": {"width": 360, "height": 740}}, {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"}],
    ids=["phone", "dark"],
)
def test_it_fits_a_phone_and_the_dark_and_needs_no_mouse(visit: Callable[..., Page], options: dict[str, Any]) -> None:
    page = visit(**options)
    page.focus(QUESTION_BOX)
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".exchange .controls")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".marker").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#pane mark")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".marker").first).to_be_focused()
    assert page.locator("#pane .document").count() == 0
    for button in page.locator("button:visible").all():
        assert button.inner_text().strip() or button.get_attribute("aria-label")

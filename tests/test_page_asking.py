"""The page in a real browser over the real pipeline: ask, check, stop, follow up, filter, be refused."""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from rag.answering import Event, Finished
from tests.conftest import Served
from tests.visits import QUESTION, QUESTION_BOX, SECONDS_30, ask, identity, marked


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


@dataclass(frozen=True)
class Held:
    """An answer whose end does not come before it is stopped or `let_go`; `is_over` once it came."""

    let_go: threading.Event
    is_over: threading.Event


@pytest.fixture
def held(served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    held = Held(threading.Event(), threading.Event())
    at_once = served.record.stream

    def until_let_go(*args: Any, is_stopped: Callable[[], bool], **options: Any) -> Iterator[Event]:
        for event in at_once(*args, is_stopped=is_stopped, **options):
            while isinstance(event, Finished) and not held.let_go.wait(0.01):
                if is_stopped():
                    return
            yield event
        held.is_over.set()

    monkeypatch.setattr(served.record, "stream", until_let_go)
    yield held
    held.let_go.set()


def test_an_answer_that_is_coming_does_not_return_into_a_new_conversation(
    held: Held, visit: Callable[..., Page]
) -> None:
    page = visit()
    page.fill(QUESTION_BOX, QUESTION)
    page.press(QUESTION_BOX, "Enter")
    page.wait_for_selector(".doing")
    page.click("#new")
    page.wait_for_selector(".greeting")
    held.let_go.set()
    page.wait_for_timeout(2_000)  # for the answer to come to the page, if it is still under way
    expect(page.locator(".exchange")).to_have_count(0)
    assert identity(page) == ""


def test_stop_ends_an_answer_and_the_next_question_can_be_typed_meanwhile(
    held: Held, visit: Callable[..., Page]
) -> None:
    page = visit()
    page.fill(QUESTION_BOX, QUESTION)
    page.press(QUESTION_BOX, "Enter")
    page.wait_for_selector(".card")
    page.fill(QUESTION_BOX, "And Peskov?")
    page.press(QUESTION_BOX, "Enter")  # too early, and told so
    expect(page.locator(".alert")).to_contain_text("still coming")
    page.wait_for_selector(".answer .marker")
    page.click("#stop")
    expect(page.locator(".exchange .controls")).to_have_count(1)
    expect(page.locator(".exchange")).to_contain_text("Stopped")
    expect(page.locator(QUESTION_BOX)).to_have_value("And Peskov?")
    assert not held.is_over.is_set()


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

"""A visitor's steps on the page: asks, presses a marker, reads the address."""

from playwright.sync_api import Page, expect

QUESTION = "What did Lavrov say about Afghan helicopters?"
QUESTION_BOX = "#question textarea"
SECONDS_30 = 30_000


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

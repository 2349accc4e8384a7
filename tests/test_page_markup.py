"""What the page shows: text stays text whatever it holds, numbers follow the sentences, marked words are the quote."""

import html
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import IndexingError, SettingsError
from tests.pages import REPORT, asked
from ui.desk import Desk
from ui.exchanges import begun
from ui.library import Library
from ui.markup import STEERING, exchange_markup, shown
from ui.pane import MAX_CHARACTERS, Stretch, cited_stretch, pane, stretch_of
from ui.report import answer_text, conversation_json, markdown
from ui.serve import checked_credentials, free_port
from ui.timeline import corpus


class Reader(HTMLParser):
    """Collects tags and text as a browser would read them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attributes: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def read(markup: str) -> Reader:
    reader = Reader()
    reader.feed(markup)
    reader.close()
    return reader


@given(st.text())
def test_any_text_is_shown_as_itself_and_never_as_markup_or_template(text: str) -> None:
    made = shown(text)
    assert not set("<>\"'{}$`") & set(made)
    assert html.unescape(made).replace("\r", "") == STEERING.sub("\ufffd", text).replace("\r", "")
    assert read(f"<p>{made}</p>").tags == ["p"]


@given(st.text(min_size=1))
def test_a_hostile_question_adds_no_tag(question: str) -> None:
    usual = read(exchange_markup(begun("plain"), "x")).tags
    assert read(exchange_markup(begun(question), question)).tags == usual


def test_markers_are_numbered_as_the_sentences_cite(desk: Desk) -> None:
    _, exchange = asked(desk)
    made = exchange_markup(exchange)
    markers = re.findall(r'class="marker".*?data-citation="(\w+)".*?>(\d+)<span', made)
    assert markers == [(key, str(number)) for key, number in exchange.numbers.items()]
    assert 'class="badge verbatim"' in made


def test_a_refusal_under_a_filter_says_so(desk: Desk) -> None:
    _, refused = asked(desk, "What is the capital of Australia?")
    assert "Widen the filter" not in exchange_markup(refused)
    assert "Widen the filter" in exchange_markup(replace(refused, asked_of="TASS"))


def test_a_question_understood_as_it_was_written_is_not_repeated(desk: Desk) -> None:
    _, made = asked(desk)
    assert "Understood as" not in exchange_markup(replace(made, searched=made.question.upper()))
    assert "Understood as" in exchange_markup(replace(made, searched="Who?"))


def test_the_marked_words_are_the_quote(desk: Desk) -> None:
    _, exchange = asked(desk)
    for identity, cited in exchange.citations.items():
        made = pane(desk.record, cited_stretch(exchange, identity))
        (marked,) = re.findall(r"<mark[^>]*>(.*?)</mark>", made, re.DOTALL)
        assert html.unescape(marked) == cited["quote"]
        assert REPORT in read(made).text.replace("\ufffd", "")


@given(st.text(min_size=3, max_size=60), st.data())
def test_any_stretch_of_any_text_is_marked_exactly(text: str, data: st.DataObject) -> None:
    from ui.pane import _marked

    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    made = _marked(text, Stretch("d", start, end, start, end))
    (marked,) = re.findall(r"<mark[^>]*>(.*?)</mark>", made, re.DOTALL)
    assert marked == shown(text[start:end])
    assert re.sub(r"<[^>]*>", "", made) == shown(text)


def test_a_very_long_document_is_cut_around_the_words() -> None:
    from ui.pane import _marked

    text = "a" * 3 * MAX_CHARACTERS
    made = _marked(text, Stretch("d", len(text) // 2, len(text) // 2 + 5, 0, len(text)))
    assert len(made) < MAX_CHARACTERS + 1000
    assert '<mark tabindex="-1">aaaaa</mark>' in made
    assert made.count("The document goes on") == 2


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"citation": "x", "exchange": "0"},
        {"citation": "x", "exchange": "-9"},
        {"citation": "x"},
        {"document": "d", "start": "one", "end": "2"},
        {"document": "d", "start": None, "end": []},
    ],
)
def test_what_a_browser_makes_up_is_refused_in_one_line(data: dict[str, object], desk: Desk) -> None:
    _, exchange = asked(desk)
    with pytest.raises(IndexingError, match="no such citation"):
        stretch_of(data, [exchange])


@pytest.mark.parametrize("span", [(0, 10**9), (-5, 3), (9, 2)])
def test_a_stretch_outside_the_document_is_told(desk: Desk, span: tuple[int, int]) -> None:
    (source,) = desk.record.sources()
    assert "no such words" in pane(desk.record, Stretch(source.id, *span, *span))
    assert "no longer in the index" in pane(desk.record, Stretch("gone", 0, 1, 0, 1))


def test_reports_hold_numbers_quotes_and_places(desk: Desk) -> None:
    identity, exchange = asked(desk)
    copied = answer_text(exchange)
    assert "[1]" in copied
    assert "(a.txt:0-" in copied
    kept = json.loads(conversation_json([exchange], identity))
    assert kept["answers"][0]["citations"] == exchange.answer["citations"]
    hostile = markdown([begun("[a](javascript:b) <b>*c*</b>")], identity)
    assert r"\[a\]\(javascript:b\) \<b\>\*c\*\</b\>" in hostile


def test_files_are_added_and_removed_with_a_line_for_each_that_fails(desk: Desk, tmp_path: Path) -> None:
    library = Library(desk.record)
    given_files = {"new.txt": REPORT.replace("third", "half"), "empty.txt": "", "picture.png": "x", "big.txt": "a" * 10}
    paths = []
    for name, text in given_files.items():
        (tmp_path / name).write_text(text)
        paths.append(tmp_path / name)
    steps: list[object] = []
    added = library.add(paths, steps.append)
    assert (added.count, len(steps) > 0) == (1, True)
    assert [line.split(":")[0] for line in added.problems] == ["picture.png", "big.txt", "empty.txt"]
    (listed,) = library.removable()
    assert "new.txt" in corpus(library.documents())
    assert library.remove(listed[1]) == listed[0] == "new.txt"
    assert (library.removable(), len(library.documents())) == ([], 1)
    with pytest.raises(IndexingError, match="added on this page"):
        library.remove(library.documents()[0].source.id)


@pytest.mark.parametrize(
    ("host", "given_text"), [("0.0.0.0", ""), ("192.168.1.5", ""), ("::", ""), ("localhost", "user")]
)
def test_others_are_let_in_with_a_password_only(host: str, given_text: str) -> None:
    with pytest.raises(SettingsError, match="user:password"):
        checked_credentials(host, given_text)


def test_this_machine_needs_no_password_and_a_port_is_found() -> None:
    assert checked_credentials("127.0.0.1", "") is None
    assert checked_credentials("::1", "") is None
    assert checked_credentials("0.0.0.0", "anna:secret:word") == ("anna", "secret:word")
    assert free_port("127.0.0.1") > 0


def test_an_occasion_of_which_two_sources_tell_is_a_line_on_the_page_and_in_what_is_taken_away() -> None:
    told = {"citations": ["a", "b"], "first_hand": ["b"], "sources": ["x", "y"], "accounts": 2}
    cited = {"path": "x.txt", "quote": "Tea.", "also_in": []}
    exchange = replace(
        begun("What?"),
        is_finished=True,
        answer={
            "sentences": [{"text": "Tea.", "citations": ["a", "b"], "verdict": "verbatim"}],
            "citations": [{**cited, "id": "a"}, {**cited, "id": "b"}],
            "occasions": [{"date": "2021-05-04", "place": "<b>Oslo</b>", **told}],
        },
        labels={"a": "Lee", "b": "Vik"},
        starts={"a": 0, "b": 0},
    )
    line = "One occasion, <b>Oslo</b>, 4 May 2021: [1], [2]; 2 accounts; [2] first-hand"
    page = read(exchange_markup(exchange))
    assert line in page.text
    assert "b" not in page.tags
    assert answer_text(exchange).splitlines()[-1] == line
    assert "\\<b\\>Oslo" in markdown([exchange], "c")

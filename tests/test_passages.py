"""Passages: true offsets, no furniture, within the limit, one turn each, with the question as context."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.documents import find_files, load_file, read_document
from rag.encoders import MiniLM
from rag.manifest import read_manifest
from rag.models import Encoder
from rag.passages import embedded_text, passages
from rag.record import BUNDLED_CORPUS
from rag.settings import load_settings
from rag.speakers import utterances
from rag.types import Document, Metadata, Mode, Passage
from tests.builders import document
from tests.fakes import WordEncoder

LIMIT = 32
WORDS = st.sampled_from('we said trade “grew” 1.5 Lavrov EAEU U.S. don’t "yes" x-y é'.split())
SENTENCE = st.builds(
    lambda words, end: " ".join(words) + end, st.lists(WORDS, min_size=1, max_size=40), st.sampled_from(".?!,")
)
PARAGRAPH = st.builds(
    lambda label, sentences: label + " ".join(sentences),
    st.sampled_from(["", "", "Question: ", "Sergey Lavrov: ", "Anna Lee: "]),
    st.lists(SENTENCE, min_size=1, max_size=3),
)
FURNITURE = st.sampled_from(["Advanced settings", "© Agency 2019", "All news", "", "Photo: Tom Hart / AP"])
TEXT = st.lists(PARAGRAPH | FURNITURE, max_size=6).map("\n\n".join)


def made(text: str, *, limit: int = LIMIT, **metadata: str) -> list[Passage]:
    return passages(document(text, **metadata), WordEncoder(), limit=limit)


def assert_sound(source: Document, found: list[Passage], encoder: Encoder, limit: int) -> None:
    """Every invariant of passages, and that between them they hold all that is said."""
    assert all(first.end <= second.start for first, second in pairwise(found))
    furniture = [each for each in utterances(source) if each.mode is Mode.FURNITURE]
    for passage in found:
        assert source.text[passage.start : passage.end] == passage.text
        assert encoder.count_tokens([passage.text])[0] <= limit
        assert not any(each.start < passage.end and passage.start < each.end for each in furniture)
        end = passage.start
        for each in passage.utterances:
            assert source.text[each.start : each.end] == each.text
            assert not source.text[end : each.start].strip()
            end = each.end
        assert passage.utterances[0].start == passage.start
        assert end == passage.end
        assert len({each.mode is Mode.QUESTION for each in passage.utterances}) == 1
        for before, after in pairwise(passage.utterances):
            # what a report words may stand beside a quotation
            assert before.speaker == after.speaker or not before.mode is after.mode is Mode.QUOTE
    said = "".join(each.text for each in utterances(source) if each.mode is not Mode.FURNITURE)
    kept = "".join(each.text for passage in found for each in passage.utterances)
    assert "".join(kept.split()) == "".join(said.split())
    assert len({passage.id for passage in found}) == len(found)


@settings(max_examples=60)
@given(TEXT)
@example("“grew”.\n\nsaid Lavrov.")
def test_passages_of_any_text_are_sound(text: str) -> None:
    source = document(text, title="Advanced settings")
    assert_sound(source, passages(source, WordEncoder(), limit=LIMIT), WordEncoder(), LIMIT)


@given(st.text(st.sampled_from('ab A.!?"“”:\n\t\x0c1é'), max_size=200))
def test_passages_of_any_characters_are_sound(text: str) -> None:
    assert_sound(document(text), made(text, limit=4), WordEncoder(), 4)


@pytest.mark.parametrize("word", ["word ", "word", "wörd\t", "a-b-"])
def test_a_sentence_of_fifty_thousand_characters_is_cut(word: str) -> None:
    text = (word * 50_000)[:50_000]
    source = document(text)

    class CharacterEncoder(WordEncoder):
        """Four characters are a token, as when a word is unknown to the real one."""

        def count_tokens(self, texts: Sequence[str]) -> list[int]:
            return [len(text) // 4 + 1 for text in texts]

    found = passages(source, CharacterEncoder(), limit=LIMIT)
    assert len(found) > 50_000 // (LIMIT * 4)
    assert_sound(source, found, CharacterEncoder(), LIMIT)


TALK = """Question: What do you think of the plan? And of its cost?

Sergey Lavrov: It is a good plan. We shall carry it out.

It costs little.

Question: And when?

Sergey Lavrov: Soon."""


def test_question_and_answer_are_passages_of_their_own_and_the_answer_knows_the_question() -> None:
    found = made(TALK, limit=100, title="A talk", date="--11-27")
    assert [(passage.text.split("\n")[0], passage.context) for passage in found] == [
        ("What do you think of the plan? And of its cost?", "A talk | 11-27"),
        (
            "It is a good plan. We shall carry it out.",
            "A talk | 11-27 | What do you think of the plan? And of its cost?",
        ),
        ("And when?", "A talk | 11-27"),
        ("Soon.", "A talk | 11-27 | And when?"),
    ]


def test_what_is_embedded_is_context_and_text() -> None:
    *_, last = made(TALK)
    assert embedded_text(last) == "And when?\nSoon."
    first, *_ = made("It is a good plan.")
    assert embedded_text(first) == "It is a good plan."


def test_long_titles_and_questions_are_shortened_in_the_context() -> None:
    text = f"Question: {'why ' * 100}?\n\nSergey Lavrov: Because."
    context = made(text, limit=200, title="title " * 100)[-1].context
    assert len(context) <= 100 + 200 + len(" | ")


def test_a_passage_ends_with_its_paragraph_once_it_is_full_enough() -> None:
    paragraph = "One two three four five six seven eight nine ten."
    found = made("\n\n".join([paragraph] * 5))
    assert [passage.text.count("One") for passage in found] == [2, 2, 1]


@pytest.mark.parametrize("furniture", ["Advanced settings", "© Agency"])
def test_a_passage_ends_before_furniture(furniture: str) -> None:
    assert [passage.text for passage in made(f"It was so.\n\n{furniture}\n\nIt is so.")] == ["It was so.", "It is so."]


def test_another_speaker_begins_another_passage() -> None:
    text = "“We tested it,” Anna Lee said.\n\n“Nobody tested it,” Tom Hart said."
    assert [passage.utterances[0].speaker for passage in made(text)] == ["Anna Lee", "Tom Hart"]


@pytest.mark.parametrize("text", ["", " \n ", "Advanced settings\n\n© Agency"])
def test_a_text_that_says_nothing_has_no_passages(text: str) -> None:
    assert made(text) == []


def test_the_same_document_gives_the_same_ids_and_another_one_others() -> None:
    first, again, other = (
        {passage.id for passage in passages(Document(name, path, TALK, Metadata()), WordEncoder(), limit=LIMIT)}
        for name, path in (("a", "a.txt"), ("a", "moved.txt"), ("b", "a.txt"))
    )
    assert first == again
    assert not first & other


def test_a_long_sentence_is_cut_between_words() -> None:
    text = " ".join(f"word{number}" for number in range(100))
    found = made(text)
    assert len(found) > 3
    assert " ".join(passage.text for passage in found) == text


def test_a_question_longer_than_the_limit_is_carried_from_its_beginning() -> None:
    question = "Why " + "on earth " * 30 + "is that? Who knows?"
    *asked, answer = made(f"Question: {question}\n\nSergey Lavrov: Because.")
    assert len(asked) > 1
    assert not any(passage.context for passage in asked)
    assert answer.context == question[:200].strip()


def test_a_second_question_does_not_carry_the_one_before_it() -> None:
    *_, answer = made("Question: Is it so?\n\nQuestion: Or not?\n\nSergey Lavrov: It is.")
    assert answer.context == "Or not?"


def test_passages_of_the_corpus_are_sound_and_fit_the_real_embedder() -> None:
    encoder, manifest = MiniLM(1, load_settings().models), read_manifest(BUNDLED_CORPUS)
    for path in find_files(BUNDLED_CORPUS):
        source = read_document(load_file(path, manifest=manifest, max_megabytes=1))
        found = passages(source, encoder, limit=128)
        assert_sound(source, found, encoder, 128)
        assert max(encoder.count_tokens([embedded_text(passage) for passage in found])) <= encoder.max_tokens - 2

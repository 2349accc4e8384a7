"""Speakers: who says which sentence of the five bundled documents, as read by a person."""

import pytest

from rag.documents import find_files, load_file, read_document
from rag.manifest import read_manifest
from rag.record import BUNDLED_CORPUS
from rag.speakers import QUESTIONER, utterances
from rag.types import Document, Mode, Utterance

QUOTE, REPORTED, NARRATION = Mode.QUOTE, Mode.REPORTED, Mode.NARRATION
QUESTION, FURNITURE = Mode.QUESTION, Mode.FURNITURE
LAVROV, PESKOV = "Sergey Lavrov", "Dmitry Peskov"
TRANSCRIPT = "foreign-minister-2019-lavrov-at-diplomatic-academy-transcript"
TASS = "tass-2019-us-urges-central-asia-to-avoid-russia"
TASS_COPY = "tass-2019-us-urges-central-asia-copy"
BLINKEN = "2023-lavrov-on-blinken-visit-to-uzbekistan-and-kazakhstan"
BELTA = "belta-lavrov-west-pulls-central-asian-neighbors"


@pytest.fixture(scope="module")
def corpus() -> dict[str, tuple[Document, list[Utterance]]]:
    manifest = read_manifest(BUNDLED_CORPUS)
    read = [read_document(load_file(path, manifest=manifest, max_megabytes=1)) for path in find_files(BUNDLED_CORPUS)]
    return {path.stem: (made, utterances(made)) for path, made in zip(find_files(BUNDLED_CORPUS), read, strict=True)}


@pytest.mark.parametrize(
    ("name", "words", "speaker", "mode"),
    [
        (TRANSCRIPT, "Ms Adamkulova, colleagues, friends,", LAVROV, QUOTE),
        (TRANSCRIPT, "I would like to begin by saying that I am honoured", LAVROV, QUOTE),
        (TRANSCRIPT, "I am confident that future Diplomatic Academy graduates", LAVROV, QUOTE),
        (TRANSCRIPT, "Does Uzbekistan’s accession to the EAEU mean", QUESTIONER, QUESTION),
        (TRANSCRIPT, "Russia cannot have an individual opinion", LAVROV, QUOTE),
        (TRANSCRIPT, "Any application, whether from Uzbekistan", LAVROV, QUOTE),
        (TRANSCRIPT, "The EAEU space has been recently expanding.", QUESTIONER, QUESTION),
        (TRANSCRIPT, "Will this help it overcome the negative impact", QUESTIONER, QUESTION),
        (TRANSCRIPT, "The US will tend to work with big Central Asian countries", QUESTIONER, QUESTION),
        (TRANSCRIPT, "The United States has started working with all", LAVROV, QUOTE),
        (TRANSCRIPT, "Helicopters without any insignia", LAVROV, QUOTE),
        (TRANSCRIPT, "They do not even use the term “international law;”", LAVROV, QUOTE),
        (TRANSCRIPT, 'come back to their “native harbour" as Vladimir Putin said.', LAVROV, QUOTE),
        (TRANSCRIPT, "27 November 201916:44", "", FURNITURE),
        (TRANSCRIPT, "Foreign Minister Sergey Lavrov’s remarks at the Kyrgyz", "", FURNITURE),
        (TRANSCRIPT, "en-GB1 es-ES1", "", FURNITURE),
        (TRANSCRIPT, "Additional materials", "", FURNITURE),
        (TRANSCRIPT, "Advanced settings", "", FURNITURE),
        (TASS, "BISHKEK, November 27. /TASS/. Washington has been trying", LAVROV, REPORTED),
        (TASS, "The top diplomat said that Moscow and Washington", LAVROV, REPORTED),
        (TASS, '"The United States has long worked on relations', LAVROV, QUOTE),
        (TASS, 'We never do things like that."', LAVROV, QUOTE),
        (TASS, "Lavrov stated that Central Asia, just like any other region", LAVROV, REPORTED),
        (TASS, "The Americans conduct the same policy", LAVROV, QUOTE),
        (TASS, "At the same time Lavrov revealed that Moscow", LAVROV, REPORTED),
        (TASS, "Russia has established cooperation with the United States", LAVROV, REPORTED),
        (TASS, '"We have good contacts with them', LAVROV, QUOTE),
        (TASS, "Helicopters carrying no identification markings", LAVROV, QUOTE),
        (TASS, 'There has been no answer yet."', LAVROV, QUOTE),
        (TASS, "All news", "", FURNITURE),
        (TASS, "US urges Central Asian countries to avoid", "", FURNITURE),
        (TASS, "Sergey Lavrov Vitaly Belousov/POOL/TASS", "", FURNITURE),
        (TASS, "© Vitaly Belousov", "", FURNITURE),
        (TASS_COPY, "BISHKEK, November 27. /TASS/. Washington has been trying", LAVROV, REPORTED),
        (TASS_COPY, 'We believe it is wrong."', LAVROV, QUOTE),
        (TASS_COPY, "Lavrov stated that Central Asia", LAVROV, REPORTED),
        (TASS_COPY, "It works professionally and prevents", LAVROV, QUOTE),
        (BLINKEN, "POLITICS | 14:10 / 03.03.2023", "", FURNITURE),
        (BLINKEN, "4 min read", "", FURNITURE),
        (BLINKEN, "Lavrov comments on Blinken’s visit", "", FURNITURE),
        (BLINKEN, "Photo: Alexander Shcherbak / TASS", "", FURNITURE),
        (BLINKEN, "Related News", "", FURNITURE),
        (BLINKEN, "Earlier, Kremlin spokesman Dmitry Peskov also answered", "", NARRATION),
        (BLINKEN, "Sergey Lavrov stressed that “we have never opposed", LAVROV, QUOTE),
        (BLINKEN, "They do not hide the fact", LAVROV, QUOTE),
        (BLINKEN, "This is just their “line”.", LAVROV, QUOTE),
        (BLINKEN, "I do not exaggerate in relation to our neighbors,”", LAVROV, QUOTE),
        (BLINKEN, "Lavrov recalled that the Norwegian FM recently stated", LAVROV, REPORTED),
        (BLINKEN, "“A good definition of the place of the African continent", LAVROV, QUOTE),
        (BLINKEN, "integration structures,” he concluded.", LAVROV, QUOTE),
        (BLINKEN, "Dmitry Peskov did not comment", "", NARRATION),
        (BLINKEN, "“I would not like to comment on the visits", PESKOV, QUOTE),
        (BLINKEN, "This is the prerogative of my colleagues", PESKOV, QUOTE),
        (BLINKEN, "In general, we have our own bilateral relations", PESKOV, QUOTE),
        (BELTA, "Lavrov: ‘They Are Trying to Pull", "", FURNITURE),
        (BELTA, "In a new episode of the V Teme", "", NARRATION),
        (BELTA, "Sergey Lavrov said: “These Anglo-Saxon aggressive", LAVROV, QUOTE),
        (BELTA, "What is happening in Eurasia testifies", LAVROV, QUOTE),
        (BELTA, "The Russian foreign minister added: “Central Asia", LAVROV, QUOTE),
        (BELTA, "As for the European Union, or rather", LAVROV, QUOTE),
        (BELTA, "“What we are now witnessing is a purposeful injection", LAVROV, QUOTE),
        (BELTA, "The minister drew attention to the fact", LAVROV, REPORTED),
        (BELTA, "“It would be incomprehensible if it did not exist.", LAVROV, QUOTE),
        (BELTA, "The Heartland reaches the ASEAN countries", LAVROV, QUOTE),
        (BELTA, "suffer from such ill intentions.”", LAVROV, QUOTE),
        (BELTA, "Source : Belta", "", FURNITURE),
    ],
)
def test_a_key_sentence_of_the_corpus_has_its_speaker_and_mode(
    corpus: dict[str, tuple[Document, list[Utterance]]], name: str, words: str, speaker: str, mode: Mode
) -> None:
    (found,) = (each for each in corpus[name][1] if words in each.text)
    assert (found.speaker, found.mode) == (speaker, mode)


def test_utterances_of_the_corpus_are_verbatim_in_order_and_leave_only_labels_out(
    corpus: dict[str, tuple[Document, list[Utterance]]],
) -> None:
    for made, spoken in corpus.values():
        end = 0
        for each in spoken:
            assert made.text[each.start : each.end] == each.text
            assert made.text[end : each.start].strip() in ("", "Question:", "Sergey Lavrov:")
            end = each.end
        assert not made.text[end:].strip()


def test_in_the_corpus_nobody_but_its_speakers_speaks(corpus: dict[str, tuple[Document, list[Utterance]]]) -> None:
    found = {name: {each.speaker for each in spoken} - {""} for name, (_, spoken) in corpus.items()}
    assert found == {
        **{TRANSCRIPT: {LAVROV, QUESTIONER}, BLINKEN: {LAVROV, PESKOV}},
        **{TASS: {LAVROV}, TASS_COPY: {LAVROV}, BELTA: {LAVROV}},
    }

"""Evidence: whose words count, and how the sides of a question are found; on the real corpus."""

from rag import Found, Record
from rag.evidence import Findings
from rag.facets import named_speakers
from rag.types import Filter, Mode, Utterance


def findings(record: Record, question: str, restriction: Filter = Filter()) -> Findings:
    first = next(record.stream(question, engine="quotes", restriction=restriction))
    assert isinstance(first, Found)
    return first.findings


def test_the_words_of_one_speaker_never_answer_for_another(corpus_record: Record) -> None:
    found = findings(corpus_record, "What did Peskov say about the visits?")
    spoken = {item.utterance.speaker for item in found.evidence if item.utterance.mode is Mode.QUOTE}
    assert spoken == {"Dmitry Peskov"}


def test_questions_from_the_audience_count_only_where_it_is_asked_whose_words_they_are(corpus_record: Record) -> None:
    about = "the Belt and Road Initiative was not widely embraced in Russia"
    said = findings(corpus_record, f"What did Lavrov say about whether {about}?")
    whose = findings(corpus_record, f"Who claimed that {about}?")
    assert Mode.QUESTION not in {item.utterance.mode for item in said.evidence}
    assert Mode.QUESTION in {item.utterance.mode for item in whose.evidence}


def test_a_year_restricts_and_two_years_make_two_sides(corpus_record: Record) -> None:
    one = findings(corpus_record, "What did Lavrov say about the United States in 2023?")
    two = findings(corpus_record, "Compare what Lavrov said in 2019 and in 2023 about the United States")
    assert {item.hit.source.metadata.date[:4] for item in one.evidence} == {"2023"}
    assert [{item.hit.source.metadata.date[:4] for item in facet} for facet in two.facets] == [{"2019"}, {"2023"}]


def test_a_surname_alone_is_the_person_whom_another_document_names_in_full() -> None:
    known = ["Lee", "Ann Lee", "Mary Ann Lee"]
    assert named_speakers("What did Lee say?", known) == ["Ann Lee", "Mary Ann Lee"]
    said = Utterance(0, 9, "It rains.", "Lee", Mode.QUOTE)
    assert said.is_by("Ann Lee")
    assert not Utterance(0, 9, "It rains.", "Bo Lee", Mode.QUOTE).is_by("Ann Lee")


def test_a_year_that_the_rest_is_held_against_is_a_side_and_any_other_restricts(corpus_record: Record) -> None:
    held = findings(corpus_record, "How does what Lavrov said about the United States compare with 2023?")
    assert len(held.facets) == 2
    only = findings(corpus_record, "What did Lavrov say in March 2023 about both Americans and Europeans?")
    assert {item.hit.source.metadata.date[:4] for item in only.evidence} == {"2023"}


def test_a_publisher_restricts(corpus_record: Record) -> None:
    found = findings(corpus_record, "What did Lavrov say about Washington, according to TASS?")
    assert {item.hit.source.metadata.publisher for item in found.evidence} == {"TASS"}


def test_a_given_filter_is_never_widened(corpus_record: Record) -> None:
    found = findings(corpus_record, "What did Lavrov say in 2023 in the TASS report?", Filter(publishers=("BelTA",)))
    assert {item.hit.source.metadata.publisher for item in found.evidence} <= {"BelTA"}


def test_the_gap_tells_what_the_evidence_lacks(corpus_record: Record) -> None:
    covered = findings(corpus_record, "What did Lavrov say about Afghan helicopters?")
    lacking = findings(corpus_record, "What did Lavrov say about Turkmen submarines?")
    assert covered.gap < lacking.gap


def test_a_number_that_is_asked_for_and_not_given_is_noticed(corpus_record: Record) -> None:
    assert not findings(corpus_record, "How much of Kyrgyzstan's debt was written off?").lacks_kind
    assert findings(corpus_record, "How many unmarked helicopters head northwards?").lacks_kind


def test_a_comparison_never_leaves_the_documents_that_were_asked_for(corpus_record: Record) -> None:
    only = next(source.id for source in corpus_record.sources() if source.metadata.publisher == "BelTA")
    found = findings(corpus_record, "How does the TASS report differ on Central Asia?", Filter(documents=(only,)))
    assert {item.hit.source.id for item in found.evidence} <= {only}


def test_who_is_spoken_about_is_not_taken_for_the_speaker(corpus_record: Record) -> None:
    found = findings(corpus_record, "What did Blinken say about Peskov?")
    assert {item.utterance.speaker for item in found.evidence} != {"Dmitry Peskov"}


def test_a_common_word_that_was_taken_for_a_name_names_nobody() -> None:
    speakers = ["Anna Berg", "Middle East's people at the gates of the", "Theresa May"]
    assert named_speakers("What did the minister tell Theresa May?", speakers) == ["Theresa May"]

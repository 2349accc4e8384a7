"""The second judge: what it says is read, counted when it cannot be, and reported apart."""

from pathlib import Path

import pytest

from evals.judge import Verdict
from evals.run import Run, cases_of, run
from evals.second import EndpointJudge, second_opinion
from rag import Record
from rag.errors import ModelError
from tests.fakes import ScriptedModel
from ui.cli import main


@pytest.fixture(scope="module")
def made(corpus_record: Record) -> Run:
    return run(corpus_record, cases_of("all", 4), "quotes")


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("yes", Verdict.SUPPORTED),
        ("**Yes**, it does", Verdict.SUPPORTED),
        ("No.", Verdict.UNSUPPORTED),
        ("Perhaps", Verdict.UNPARSEABLE),
        ("nobody knows", Verdict.UNPARSEABLE),
        ("", Verdict.UNPARSEABLE),
    ],
)
def test_what_the_model_says_is_read_or_unparseable(said: str, verdict: Verdict) -> None:
    model = ScriptedModel(said)
    assert EndpointJudge(model, "m").supports("It rained.", "Ana Pires", ["It rained\nall day."]) is verdict
    assert 'Evidence, Ana Pires: "It rained all day."\nClaim: It rained.' in model.prompts[0][1]


def test_a_server_that_fails_and_no_evidence_support_nothing() -> None:
    judge = EndpointJudge(ScriptedModel("yes", error=ModelError("gone")), "m")
    assert judge.supports("It rained.", "", ["It rained."]) is Verdict.UNPARSEABLE
    assert judge.supports("It rained.", "", []) is Verdict.UNSUPPORTED


@pytest.mark.parametrize(("said", "share", "unread"), [("yes", 1.0, 0), ("no", 0.0, 0), ("hm", 0.0, 1)])
def test_its_figures_stand_apart_with_its_own_accuracy(made: Run, said: str, share: float, unread: int) -> None:
    shown = sum(len(each.sentences) for each in made.outcomes)
    assert shown
    second = second_opinion(made.outcomes, EndpointJudge(ScriptedModel(said), "a model"))
    assert (second.faithfulness.value, second.faithfulness.n) == (share, shown)
    assert second.unparseable == unread * shown
    assert second.accuracy.balanced.value == (0.0 if unread else 0.5)
    assert "apart, by the second judge a model" in str(second)


def test_without_an_endpoint_it_is_refused_before_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ONRECORD_ENDPOINT_URL", raising=False)
    assert main(["eval", "--engine", "quotes", "--second-judge", "--output", str(tmp_path)]) == 1
    assert "ONRECORD_ENDPOINT_URL" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())

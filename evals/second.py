"""The second judge: a language model behind the endpoint reads the sentences of a run, and is reported apart.

Optional (`onrecord eval --second-judge`): questions, answers and evidence then go to that server. What it cannot be
read to say counts as not supported, and is counted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from evals.estimates import Estimate, proportion
from evals.judge import Accuracy, Judge, Verdict, accuracy, load_pairs
from evals.opinion import SYSTEM, asked
from evals.outcomes import Outcome
from rag.errors import ModelError
from rag.models import LanguageModel

MAX_TOKENS = 8
SAID = re.compile(r"\W*(yes|no)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class EndpointJudge:
    """Asks the model behind the endpoint, which bears this name, for yes or no."""

    model: LanguageModel
    name: str

    def supports(self, sentence: str, speaker: str, evidence: Sequence[str]) -> Verdict:
        """Unparseable where the answer begins with neither word, or the server fails."""
        if not evidence:
            return Verdict.UNSUPPORTED
        prompt = asked(sentence, speaker, evidence)
        try:
            drafts = list(self.model.write(SYSTEM, prompt, grammar="", max_tokens=MAX_TOKENS, is_stopped=lambda: False))
        except ModelError:
            return Verdict.UNPARSEABLE
        said = SAID.match(drafts[-1].text) if drafts else None
        if not said:
            return Verdict.UNPARSEABLE
        return Verdict.SUPPORTED if said[1].lower() == "yes" else Verdict.UNSUPPORTED


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What the second judge says of a run's sentences, and how often it is right on the labelled test pairs."""

    faithfulness: Estimate
    unparseable: int
    agreement: Estimate
    accuracy: Accuracy

    def __str__(self) -> str:
        return (
            f"apart, by the second judge {self.accuracy.judge}: sentences supported {self.faithfulness}, "
            f"{self.unparseable} unparseable, agreement with the first {self.agreement}; "
            f"its balanced accuracy {self.accuracy.balanced}"
        )


def second_opinion(outcomes: Sequence[Outcome], judge: Judge) -> SecondOpinion:
    """Asks the judge about every sentence that a run showed, and about the labelled pairs."""
    first: list[str] = []
    verdicts: list[Verdict] = []
    for outcome in outcomes:
        citations = {each["id"]: each for each in outcome.answer["citations"]}
        for sentence, judged in zip(outcome.answer["sentences"], outcome.sentences, strict=True):
            cited = [citations[identity] for identity in sentence["citations"]]
            speakers = "; ".join(dict.fromkeys(each["speaker"] for each in cited if each["speaker"]))
            verdicts.append(judge.supports(judged["claim"], speakers, [each["quote"] for each in cited]))
            first.append(judged["verdict"])
    return SecondOpinion(
        faithfulness=proportion([float(verdict is Verdict.SUPPORTED) for verdict in verdicts]),
        unparseable=sum(verdict is Verdict.UNPARSEABLE for verdict in verdicts),
        agreement=proportion([float(verdict == before) for verdict, before in zip(verdicts, first, strict=True)]),
        accuracy=accuracy(judge, load_pairs("test")),
    )

"""The language model's opinion on support: a claim and its evidence in, the logit of "yes" out."""

import math
from collections.abc import Sequence

from rag.models import LanguageModel

OPINION = "opinion"
CLIP = 1e-4
GRAMMAR = 'root ::= "yes" | "no"'
SYSTEM = """You check claims against evidence. Write yes if the evidence states every part of the claim: the same speaker, names, numbers, dates, who does what to whom, the same certainty and the same negation. Write no if any part differs or is missing.

Evidence, Ana Pires: "We may repair the old bridge in the spring, and the council has set aside two million for it."
Claim: The council has put two million aside for the old bridge, Ana Pires said.
yes
Evidence, Ana Pires: "We may repair the old bridge in the spring, and the council has set aside two million for it."
Claim: Ana Pires said that the old bridge will be repaired in the spring.
no
Evidence, Dr Okafor: "The nurses warned the ministry twice, but the vaccine was safe in every group that we tested."
Claim: Dr Okafor said the ministry had warned the nurses.
no
Evidence, Dr Okafor: "The nurses warned the ministry twice, but the vaccine was safe in every group that we tested."
Claim: According to Dr Okafor, no group in their trials was harmed by the jab.
yes
Evidence, A questioner: "Is it true that the port will close, as people say?"
Claim: The port will close.
no"""  # noqa: E501
USER = 'Evidence, {speaker}: "{evidence}"\nClaim: {claim}'


def asked(claim: str, speaker: str, evidence: Sequence[str]) -> str:
    """The question of a claim and its evidence as the model reads it."""
    shown = {"": "Report", "Questioner": "A questioner"}.get(speaker, speaker)
    text = " ".join(" ".join(each.split()) for each in evidence)
    return USER.format(speaker=shown, evidence=text, claim=claim)


def opinion(model: LanguageModel, claim: str, speaker: str, evidence: Sequence[str]) -> float:
    """The logit of the probability of "yes", clipped; raises ModelError when the model fails."""
    drafts = model.write(
        SYSTEM, asked(claim, speaker, evidence), grammar=GRAMMAR, max_tokens=1, is_stopped=lambda: False
    )
    share = next((draft.yes for draft in drafts if draft.yes is not None), 0.5)
    clipped = min(max(share, CLIP), 1 - CLIP)
    return math.log(clipped / (1 - clipped))

"""Teaches the relevance model to tell whether a claim follows from evidence: a signal of the judge, not of the product.

`evals/followed.jsonl` has a line a passage of a United Nations speech (a file of the UN General Debate Corpus, CC0,
not part of this project): three sentences that a careful reporter could write of it and three that are wrong in one
respect, each with the numbers of the sentences that decide. What is learnt are low-rank additions, as in
evals/adapting.py, whose adapter they begin from; `evals/following.npz` holds nothing else. Run: `python -m
evals.following SPEECHES`.
"""

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from evals.adapting import LEARNING_RATE, SEED, WARM_UP
from evals.additions import begin_from, network, padding_tokenizer, read, save
from evals.signals import FOLLOWING
from rag.adapter import ADAPTER

FOLLOWED = Path(__file__).with_name("followed.jsonl")
HELD_OUT = 0.1  # of the passages
EPOCHS = 3
PAIRS_A_STEP = 32
WIDE = 1 / 3  # of the evidence, with the sentences before and after it
OTHER_SENTENCE_SHARE = 0.6  # of the true claims, held against another sentence of the passage, too
TRUE_WEIGHT = 1.3  # they are fewer


@dataclass(frozen=True, slots=True)
class Claim:
    """Evidence with its speaker, a claim, and whether that follows."""

    evidence: str
    claim: str
    follows: bool


def claims(lines: Sequence[dict[str, Any]], speeches: Path, chance: random.Random) -> list[Claim]:
    """The claims of passages of speeches, which lie anywhere below a folder, in random order."""
    places = {path.name: path for path in speeches.rglob("*.txt")}
    made: list[Claim] = []
    for line in lines:
        text = places[line["document"]].read_text(encoding="utf-8")
        told = [" ".join(text[start:end].split()) for start, end in line["spans"]]
        for claim, numbers in line["true"]:
            made.append(Claim(_evidence(line["speaker"], told, numbers, chance), claim, True))
            others = [number for number in range(len(told)) if number not in numbers]
            if others and chance.random() < OTHER_SENTENCE_SHARE:
                made.append(Claim(f"{line['speaker']}: {told[chance.choice(others)]}", claim, False))
        for claim, numbers, _ in line["false"]:
            made.append(Claim(_evidence(line["speaker"], told, numbers, chance), claim, False))
    chance.shuffle(made)
    return made


def _evidence(speaker: str, told: Sequence[str], numbers: Sequence[int], chance: random.Random) -> str:
    words = [told[number] for number in sorted(numbers)]
    if chance.random() < WIDE:
        words = list(told[max(0, min(numbers) - 1) : max(numbers) + 2])
    return f"{speaker}: {' '.join(words)}"


def trained(model: torch.nn.Module, tokenizer: Any, steps: Sequence[Sequence[Claim]]) -> None:
    """Trains the additions, a step a batch."""
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=LEARNING_RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, total_steps=len(steps), pct_start=WARM_UP)
    for batch in tqdm(steps, desc="steps"):
        wanted = torch.tensor([float(each.follows) for each in batch])
        scores = read(model, tokenizer, [(each.evidence, each.claim) for each in batch])
        weights = torch.where(wanted > 0, TRUE_WEIGHT, 1.0)
        torch.nn.functional.binary_cross_entropy_with_logits(scores, wanted, weight=weights).backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()


def batches(made: Sequence[Claim], chance: random.Random) -> list[Sequence[Claim]]:
    """Claims of like length together, the batches in random order."""
    near = sorted(made, key=lambda each: len(each.evidence) + len(each.claim))
    whole: list[Sequence[Claim]] = [near[start : start + PAIRS_A_STEP] for start in range(0, len(near), PAIRS_A_STEP)]
    chance.shuffle(whole)
    return whole


def measured(model: torch.nn.Module, tokenizer: Any, held_out: Sequence[Claim]) -> str:
    """The area under the ROC curve on claims never trained on."""
    scores: list[float] = []
    with torch.no_grad():
        for start in range(0, len(held_out), PAIRS_A_STEP):
            batch = held_out[start : start + PAIRS_A_STEP]
            scores += read(model, tokenizer, [(each.evidence, each.claim) for each in batch]).tolist()
    return f"AUC {roc_auc_score([each.follows for each in held_out], np.array(scores)):.3f} (n = {len(held_out)})"


def main() -> None:
    """Reads the arguments, trains and writes the adapter."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("speeches", type=Path, help="folder of the UN General Debate Corpus")
    given = parser.parse_args()
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    lines = [json.loads(line) for line in FOLLOWED.read_text(encoding="utf-8").splitlines()]
    chance.shuffle(lines)
    first = int(HELD_OUT * len(lines))
    held_out = claims(lines[:first], given.speeches, chance)
    steps = [each for _ in range(EPOCHS) for each in batches(claims(lines[first:], given.speeches, chance), chance)]
    tokenizer, model = padding_tokenizer(), network()
    begin_from(ADAPTER, model)
    print(f"{len(steps)} steps; before: {measured(model, tokenizer, held_out)}")
    trained(model, tokenizer, steps)
    save(model, FOLLOWING)
    print(f"after: {measured(model, tokenizer, held_out)}; now `python -m evals.judging --write`")


if __name__ == "__main__":
    main()

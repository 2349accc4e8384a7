"""Written questions on United Nations speeches, to adapt the relevance model. In: a file and the speeches; out: groups.

`evals/written.jsonl` has a line a passage: the speech (a file of the UN General Debate Corpus, CC0, which is not part
of this project), the spans of its sentences, and questions written by readers of it: `near` and `far` ones (in the
words of the text, and in others) with the numbers of the sentences that state their answer, and `un` ones, which sound
answered by the passage and are not. A text of a group is a sentence alone, with its speaker, with what was said before
it, with what follows, or a whole passage. (To read utterances with what was said before them was then found to gain
nothing: evals/LOG.md.)
"""

import json
import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rag.sentences import sentence_spans
from rag.words import stems

WRITTEN = Path(__file__).with_name("written.jsonl")
OTHERS = 3  # texts of a group beside the one that answers
STYLES = {"plain": 0.2, "headed": 0.3, "in context": 0.35, "run": 0.15}
PASSAGE_SHARE = 0.35  # of the answered questions that are asked of whole passages, too
NEAR_A_PASSAGE = 2  # sentences on each side of one that make another passage
CONTEXT_WORDS = 30
LENGTHS = range(26, 450)  # characters of a sentence beside those of the passage


@dataclass(frozen=True, slots=True)
class Group:
    """A question, texts, and whether the first of them states the answer; the others never do."""

    question: str
    texts: tuple[str, ...]
    is_answered: bool


class Speech:
    """A speech's sentences, and how much two of its texts have in common."""

    def __init__(self, text: str) -> None:
        self.spans = [tuple(span) for span in sentence_spans(text, 0, len(text))]
        self.sentences = [" ".join(text[start:end].split()) for start, end in self.spans]

    @cached_property
    def _words(self) -> list[set[str]]:
        return [set(stems(sentence)) for sentence in self.sentences]

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(word for words in self._words for word in words)

    def shared(self, question: str, number: int) -> float:
        """The weight of the words that a question and a sentence share."""
        common = set(stems(question)) & self._words[number]
        return sum(math.log(1 + len(self.sentences) / self._counts[word]) for word in common)

    def nearest(self, question: str, apart_from: set[int], count: int) -> list[int]:
        """The numbers of the sentences that share most with a question."""
        able = [n for n, told in enumerate(self.sentences) if n not in apart_from and len(told) in LENGTHS]
        return sorted(able, key=lambda number: -self.shared(question, number))[:count]


def groups(lines: Sequence[dict[str, Any]], speeches: Path, chance: random.Random) -> list[Group]:
    """The groups of passages of speeches, which lie anywhere below a folder, in random order."""
    places = {path.name: path for path in speeches.rglob("*.txt")}
    known: dict[str, Speech] = {}
    made: list[Group] = []
    for line in lines:
        name = line["document"]
        if name not in known:
            known[name] = Speech(places[name].read_text(encoding="utf-8"))
        made += _Passage(line, known[name]).groups(chance)
    chance.shuffle(made)
    return made


def load(file: Path = WRITTEN) -> list[dict[str, Any]]:
    """The lines of a file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


class _Passage:
    """A passage of a speech with the questions on it."""

    def __init__(self, line: dict[str, Any], speech: Speech) -> None:
        self.line, self.speech = line, speech
        first = speech.spans.index(tuple(line["spans"][0]))
        self.inside = list(range(first, first + len(line["spans"])))

    def groups(self, chance: random.Random) -> Iterator[Group]:
        for key in ("near", "far", "far2"):
            question = self.line[key]
            answers = [self.inside[number] for number in self.line[f"{key}_answer"]]
            yield from self._answered(question, answers, chance)
            if chance.random() < PASSAGE_SHARE:
                yield from self._of_passages(question)
        for key in ("un", "un2"):
            yield from self._unanswered(self.line[key], chance)

    def _answered(self, question: str, answers: Sequence[int], chance: random.Random) -> Iterator[Group]:
        style = _style(chance)
        right = chance.choice(answers)
        # what is said before a sentence must not make it an answer, nor may what follows hold it
        able = [n for n in self.inside if n not in answers and not (style == "run" and n + 1 in answers)]
        able.sort(key=lambda number: -self.speech.shared(question, number) - chance.random())
        if style == "in context" and right + 1 in able:
            able.remove(right + 1)
            able.insert(0, right + 1)
        wrong = able[: OTHERS - 1]
        # a run that begins before the passage ends in it
        apart = {self.inside[0] - 1, *self.inside}
        wrong += self.speech.nearest(question, apart, OTHERS - len(wrong))
        if len(wrong) == OTHERS:
            yield Group(question, tuple(self._text(number, style) for number in (right, *wrong)), True)

    def _of_passages(self, question: str) -> Iterator[Group]:
        others: list[str] = []
        apart = set(self.inside)
        while len(others) < OTHERS and (near := self.speech.nearest(question, apart, 1)):
            around = range(max(0, near[0] - NEAR_A_PASSAGE), near[0] + NEAR_A_PASSAGE + 1)
            others.append(self._passage(around))
            apart |= set(around)
        if len(others) == OTHERS:
            yield Group(question, (self._passage(self.inside), *others), True)

    def _unanswered(self, question: str, chance: random.Random) -> Iterator[Group]:
        style = _style(chance)
        own = sorted(self.inside, key=lambda number: -self.speech.shared(question, number) - chance.random())[:2]
        near = (*own, *self.speech.nearest(question, set(self.inside), OTHERS - len(own)))
        if len(near) == OTHERS:
            yield Group(question, (*(self._text(n, style) for n in near), self._passage(self.inside)), False)

    def _text(self, number: int, style: str) -> str:
        told = self.speech.sentences
        if style == "run":
            return " ".join(told[number : number + 2])
        if style == "in context" and number:
            before = " ".join(told[number - 1].split()[-CONTEXT_WORDS:])
            return f"{self.line['speaker']}: {before} » {told[number]}"
        return told[number] if style == "plain" else f"{self.line['speaker']}: {told[number]}"

    def _passage(self, numbers: Sequence[int]) -> str:
        told = self.speech.sentences[numbers[0] : numbers[-1] + 1]
        return f"{self.line['speaker']}, {self.line['country']}, {self.line['year']}\n{' '.join(told)}"


def _style(chance: random.Random) -> str:
    return chance.choices(list(STYLES), list(STYLES.values()))[0]

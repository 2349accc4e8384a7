"""The endpoint: any server that speaks OpenAI's protocol (Ollama, vLLM, hosted), through llama-index.

Used only where its address is set; questions and excerpts then go to that server and nowhere else.
"""

from collections.abc import Callable, Iterator

import httpx
import openai
from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.llms.openai_like import OpenAILike

from rag.errors import ModelError
from rag.models import Draft
from rag.settings import Settings

CONTEXT_TOKENS = 8192


class EndpointModel:
    """A language model behind an HTTP address."""

    def __init__(self, settings: Settings) -> None:
        if not settings.endpoint_url or not settings.endpoint_model:
            raise ModelError("the endpoint is not set; set ONRECORD_ENDPOINT_URL and ONRECORD_ENDPOINT_MODEL")
        self._url = settings.endpoint_url
        self._llm = OpenAILike(
            model=settings.endpoint_model,
            api_base=settings.endpoint_url,
            api_key=settings.endpoint_key.get_secret_value() or "none",
            is_chat_model=True,
            context_window=CONTEXT_TOKENS,
            temperature=0.0,
            timeout=settings.endpoint_seconds,
            max_retries=1,
        )

    def write(
        self, system: str, user: str, *, grammar: str, max_tokens: int, is_stopped: Callable[[], bool]
    ) -> Iterator[Draft]:
        """Drafts as they arrive; the grammar is not sent, since few servers know it: the prompt asks for the form."""
        messages = [
            ChatMessage(role=MessageRole.SYSTEM, content=system),
            ChatMessage(role=MessageRole.USER, content=user),
        ]
        text = ""
        try:
            for response in self._llm.stream_chat(messages, max_tokens=max_tokens):
                text = response.message.content or text
                yield Draft(text, None, done=False)
                if is_stopped():
                    break
        except (openai.OpenAIError, httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise ModelError(f"the endpoint {self._url} failed ({error}); check that it runs") from None
        yield Draft(text, None, done=True)

"""The record: opens a home folder and puts everything together. The one place where real models are built.

In: settings; out: `index`, `search`, `ask`, `stream` and `conversation` over the documents of that home.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType

from rag.answering import Answerer, Event, Finished
from rag.catalog import Catalog
from rag.drafts import CheckedSentence, verify_against
from rag.encoders import MiniLM
from rag.errors import DraftError, IndexingError, QuestionError
from rag.filtering import check_filter
from rag.indexing import Progress, Report, check_made_with, index, writing
from rag.judges import entailment_of
from rag.local import LocalModel
from rag.models import Encoder, EntailmentModel, LanguageModel, RelevanceModel
from rag.questions import Inquiry, inquiry
from rag.relevance import CrossEncoder
from rag.reranking import reranked
from rag.retrieval import Searcher
from rag.settings import ENGINES, Settings, load_settings
from rag.types import Answer, Filter, Hit, Source, Turn
from rag.vectors import VectorIndex
from rag.voices import VoicedSearcher

BUNDLED_CORPUS = Path(__file__).resolve().parent.parent / "corpus" / "documents"


class Record:
    """An index with its models, which load on first use. Close it, or use it in a `with`."""

    def __init__(
        self,
        settings: Settings,
        *,
        encoder: Encoder | None = None,
        relevance: RelevanceModel | None = None,
        stating: RelevanceModel | None = None,
        entailment: EntailmentModel | None = None,
        language_model: Callable[[], LanguageModel] | None = None,
    ) -> None:
        self.settings = settings
        try:
            settings.home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise IndexingError(f"{settings.home}: cannot be made ({error.strerror}); choose another --home") from None
        self.catalog = Catalog(settings.home / "catalog.sqlite")
        self.encoder = encoder or MiniLM(settings.thread_count, settings.models)
        self.relevance = relevance or CrossEncoder(settings.thread_count)
        self.stating = stating or relevance or CrossEncoder(settings.thread_count, adapted_in=settings.models)
        self.entailment = entailment or entailment_of(settings)
        self._language_model = language_model

    def __enter__(self) -> "Record":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.catalog.close()

    @cached_property
    def vectors(self) -> VectorIndex:
        return VectorIndex(
            folder=self.settings.home / "chroma", url=self.settings.chroma_url, collection=self._collection_name()
        )

    @cached_property
    def _local(self) -> LanguageModel:
        return LocalModel(self.settings.models, threads=self.settings.thread_count)

    @cached_property
    def _endpoint(self) -> LanguageModel:
        # its client takes a second to import, which the other engines are spared
        from rag.endpoint import EndpointModel

        return EndpointModel(self.settings)

    @property
    def is_empty(self) -> bool:
        return self.catalog.counts().documents == 0

    def sources(self) -> list[Source]:
        """All documents of the index, by path."""
        return list(self.catalog.sources().values())

    def index(
        self,
        paths: Sequence[Path] = (),
        *,
        on_progress: Callable[[Progress], None] = lambda progress: None,
        on_wait: Callable[[], None] = lambda: None,
    ) -> Report:
        """Indexes these folders or files; without any, those indexed before, or else the bundled corpus.

        Raises IndexingError for a path that is not there or holds no document; files that cannot be read
        are listed in the report. `on_wait` is called when another process is writing.
        """
        with writing(self.settings.home, on_wait):
            known = [Path(root) for root in self.catalog.roots()]
            # a drive that is not mounted must neither empty the index nor keep the rest from being indexed
            there = [root for root in known if root.exists()]
            report = index(
                list(paths) or there or known or [BUNDLED_CORPUS],
                catalog=self.catalog,
                vectors=self.vectors,
                encoder=self.encoder,
                settings=self.settings,
                on_progress=on_progress,
            )
        missing = [] if paths else [root for root in known if root not in there]
        lines = (f"{root}: is not there; its documents stay in the index" for root in missing)
        return replace(report, problems=(*report.problems, *lines))

    def search(
        self, words: str, *, limit: int = 10, history: Sequence[Turn] = (), restriction: Filter = Filter()
    ) -> list[Hit]:
        """Passages for the words, best first; raises QuestionError, FilterError, IndexingError or ModelError."""
        question = self._inquiry(words, history)
        searcher = self._searcher()
        check_filter(restriction, self.catalog)
        depth = self.settings.reranked
        hits = searcher.search(question.standalone, limit=max(limit, depth), restriction=restriction)
        return reranked(hits, question.standalone, self.relevance, depth=depth)[:limit]

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        engine: str = "",
        restriction: Filter = Filter(),
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[Event]:
        """The evidence, once or twice, then each sentence, then the answer.

        Raises QuestionError, FilterError or IndexingError.
        """
        asked = self._inquiry(question, history)
        answerer = self._answerer(engine or self.settings.engine)
        check_filter(restriction, self.catalog)
        return answerer.stream(asked, restriction=restriction, is_stopped=is_stopped)

    def ask(
        self, question: str, *, history: Sequence[Turn] = (), engine: str = "", restriction: Filter = Filter()
    ) -> Answer:
        """The answer to a question; raises QuestionError, FilterError or IndexingError."""
        return finished(self.stream(question, history=history, engine=engine, restriction=restriction))

    def verify(self, draft: str) -> list[CheckedSentence]:
        """Each sentence of an article, checked against the index; raises DraftError or IndexingError."""
        if not re.search(r"\w", draft):
            raise DraftError("the draft is empty; write something into it")
        return verify_against(draft, self._searcher(), self.relevance, self.entailment)

    def _inquiry(self, question: str, history: Sequence[Turn]) -> Inquiry:
        return inquiry(
            question,
            history,
            max_characters=self.settings.max_question_characters,
            speakers=self.catalog.speakers(),
            publishers=self.catalog.publishers(),
        )

    def _searcher(self) -> Searcher:
        if self.is_empty:
            raise IndexingError(f"the index in {self.settings.home} is empty; run `onrecord index FOLDER`")
        check_made_with(self.catalog, self.encoder, self.settings)
        return VoicedSearcher(self.catalog, self.vectors, self.encoder, self.settings.candidates)

    def language_model(self, engine: str) -> LanguageModel:
        """The model of an engine, loaded on first use; raises ModelError where it cannot be."""
        if self._language_model:
            return self._language_model()
        return self._local if engine == "local" else self._endpoint

    def _answerer(self, engine: str) -> Answerer:
        if engine not in ENGINES:
            raise QuestionError(f"there is no engine {engine!r}; take one of {', '.join(ENGINES)}")
        model = None if engine == "quotes" else partial(self.language_model, engine)
        return Answerer(self._searcher(), self.stating, self.entailment, engine, model, self.settings.hits)

    def _collection_name(self) -> str:
        """A name of its own for each home, so that homes can share one Chroma server."""
        import uuid

        name = self.catalog.setting("collection")
        if not name:
            with self.catalog.transaction():
                self.catalog.set_setting("collection", f"onrecord-{uuid.uuid4().hex[:12]}")
            name = self.catalog.setting("collection")
        return name


def finished(events: Iterator[Event]) -> Answer:
    """Runs a stream to its end and returns the answer."""
    *_, last = events
    assert isinstance(last, Finished)
    return last.answer


def open_record(home: Path | str | None = None, **settings: object) -> Record:
    """Opens the index in a folder (default: the settings' home), making it if it is not there.

    Raises SettingsError or IndexingError.
    """
    return Record(load_settings(home=Path(home) if home else None, **settings))

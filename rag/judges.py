"""Judges: the models that have a say on whether a claim follows, where there are any."""

from dataclasses import dataclass
from functools import cache

from rag.entailment import Entailment
from rag.models import EntailmentModel, RelevanceModel
from rag.relevance import CrossEncoder
from rag.settings import Settings, load_settings


@dataclass(frozen=True, slots=True)
class Judges:
    """Without models the rules decide alone, which let in fewer true claims and more false ones."""

    relevance: RelevanceModel | None = None
    entailment: EntailmentModel | None = None


def entailment_of(settings: Settings) -> EntailmentModel | None:
    """The entailment model, if it is installed and not switched off."""
    is_there = settings.entailment and Entailment.is_installed()
    return Entailment(settings.thread_count) if is_there else None


@cache
def installed() -> Judges:
    """The models of this installation, loaded on first use; raises SettingsError."""
    settings = load_settings()
    return Judges(CrossEncoder(settings.thread_count), entailment_of(settings))

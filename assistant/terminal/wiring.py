"""The program's parts, made of the settings and put together.

Whoever imports this waits for llama-index and Chroma to be imported, too.
"""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext

from assistant.dictionaries.dictionary import glossary
from assistant.dictionaries.lexicon import Lexicon
from assistant.dictionaries.store import installed
from assistant.engine import Assistant
from assistant.generating.language_model import LanguageModel, Watch
from assistant.generating.withheld import Withheld
from assistant.models import embedding, llm, llm_address
from assistant.monitoring.monitor import NOBODY, Monitor
from assistant.setting_forms import OFF
from assistant.settings import Settings, user_cache, variable
from assistant.terminal import places
from assistant.terminal.progress import progress, progress_once
from index.readers.programs import Programs
from index.storage.catalogue import Catalogue
from index.storage.feedback import Feedback
from index.storage.owner import DataFolder
from index.sync import DocumentIndex
from index.upkeep import Upkeep
from index.vectors.bundled import BundledEmbedding
from index.vectors.chroma import Chroma
from index.vectors.collection import Track
from index.vectors.hashed_embedding import HashedEmbedding
from index.vectors.semantic import Semantic

logger = logging.getLogger(__name__)


@contextmanager
def opened(
    settings: Settings, track: Track, in_charge: bool = True, monitor: Monitor = NOBODY
) -> Iterator[DocumentIndex]:
    """The index, repaired if this process is in charge of it."""
    with Catalogue(places.place(settings)) as catalogue:
        chroma = places.chroma(settings)
        with _semantic(settings, catalogue, chroma, monitor) as semantic:
            yield DocumentIndex(
                catalogue,
                chroma,
                HashedEmbedding(),
                settings.passage_tokens,
                track=track,
                semantic=semantic,
                in_charge=in_charge and not catalogue.dialect.is_shared,
                programs=Programs.installed(recognition=settings.ocr == "on"),
            )


@contextmanager
def _semantic(
    settings: Settings, catalogue: Catalogue, chroma: Chroma, monitor: Monitor
) -> Iterator[Semantic | None]:
    """The passages by the model of LOTSE_EMBEDDING, if there is one; it takes long at first."""
    if settings.embedding.lower() == OFF:
        yield None
        return
    model = embedding(settings)
    try:
        elsewhere = catalogue.dialect.is_shared
        yield (
            Semantic(catalogue, chroma, model, progress, monitor.faulted, elsewhere)
            if model
            else None
        )
    finally:
        if isinstance(model, BundledEmbedding):
            model.close()


def upkeep(
    settings: Settings, index: DocumentIndex, command: str, allow_removals: bool = False
) -> Upkeep:
    """What keeps the index in step with the folder of documents."""
    return Upkeep(index, settings.folders, command, settings.follow, allow_removals)


def lexicon_of(settings: Settings, folder: DataFolder) -> AbstractContextManager[Lexicon]:
    """The installed dictionaries, read into their store the first time."""
    folders = [user_cache(), folder.path]
    return closing(installed(settings.dictionaries, folders, progress_once))


def kept_feedback(settings: Settings) -> AbstractContextManager[Feedback | None]:
    """Where feedback is stored, if it is to be."""
    if settings.feedback == "off":
        return nullcontext()
    return Feedback(places.place(settings))


def lacks_dictionaries(settings: Settings, index: DocumentIndex, lexicon: Lexicon) -> bool:
    """Whether they are wanted, and none translates into the documents' languages."""
    return bool(settings.dictionaries) and not lexicon.leads_into(index.catalogue.languages())


def assistant_of(
    index: DocumentIndex,
    lexicon: Lexicon,
    settings: Settings,
    watch: Watch | None = None,
    monitor: Monitor = NOBODY,
) -> Assistant:
    """The assistant; what LOTSE_LLM_EXCLUDE names that is no document is logged."""
    withheld = Withheld(settings.llm_exclude)
    for name in withheld.idle(index.catalogue.dates()):
        logger.warning("%s: no document is called %s.", variable("llm_exclude"), name)
    model = _model(settings, watch, monitor)
    return Assistant(index, glossary(), model, lexicon, withheld, monitor)


def _model(settings: Settings, watch: Watch | None, monitor: Monitor) -> LanguageModel | None:
    """The LLM of LOTSE_LLM, if there is one."""
    if not settings.llm:
        return None
    model, address = llm(settings), llm_address(settings)
    seconds, context = settings.llm_timeout, settings.llm_context
    return LanguageModel(model, seconds, context, address, watch, monitor) if model else None

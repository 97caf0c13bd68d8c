"""A few invented documents, and a real assistant that answers from an index of them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding

from assistant.answering.evidence import Evidence
from assistant.answering.learnt import shares as softmax
from assistant.answering.likelihood import scores
from assistant.answering.selection import Quote, chosen
from assistant.asking.breadth import breadth_of
from assistant.asking.question import Question, QuestionReader
from assistant.dictionaries.dictionary import Dictionaries, abbreviations, glossary
from assistant.engine import Assistant
from assistant.finding.hit import Hit
from assistant.finding.nodes import hits_of
from assistant.finding.rescoring import Rescoring
from assistant.finding.retriever import PassageRetriever
from assistant.monitoring.monitor import NOBODY, Monitor
from index.storage.catalogue import Catalogue
from index.sync import DocumentIndex
from index.vectors.chroma import Chroma
from index.vectors.hashed_embedding import HashedEmbedding
from index.vectors.semantic import Semantic

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
RAW = ROOT.parent / "shared" / "seeds"
"""The pages of the seeds as they came from the web, where they lie beside the checkout."""

NETWORK, CENTRE, CONGRESS = "netzwerk.md", "zentrum.txt", "kongress.txt"
LIBRARY = {
    NETWORK: """---
title: Das Netzwerk Nordlicht
date: 2023-03-14
language: de
url: https://nordlicht.example/netzwerk
---

Gründung

Das Netzwerk Nordlicht wurde am 14. März 2023 in Flensburg gegründet. Dem Netzwerk Nordlicht \
gehören 27 Mitglieder aus Dänemark und Deutschland an. Geschäftsführerin des Netzwerks Nordlicht \
ist Dr. Wiebke Petersen.

Förderung

Das Bundesministerium für Bildung fördert das Netzwerk Nordlicht mit 1,4 Millionen Euro. Mit dem \
Geld richtet das Netzwerk Nordlicht ein Labor für künstliche Gelenke ein.
""",
    CENTRE: """---
title: Das Zentrum Alpenblick
date: 2021-09-30
language: de
---

Eine Absichtserklärung

Am 30. September 2021 hat das Zentrum Alpenblick mit der Universität Graz eine Absichtserklärung \
unterzeichnet. Das Zentrum Alpenblick beschäftigt in Bregenz 85 Mitarbeitende. Leiter des Zentrums \
Alpenblick ist Anton Huber.

Die Partner

Dem Zentrum Alpenblick gehören die Universität Graz, die Klinik Dornbirn, die Stiftung Bodensee \
und die Herzkammer GmbH an.
""",
    CONGRESS: """---
title: Der Kongress für Hörgeräte
date: 2019-05-06
language: de
---

Programm

Der Kongress für Hörgeräte fand am 6. Mai 2019 in Husum statt. Rund 640 Teilnehmer kamen zum \
Kongress für Hörgeräte. Veranstalter war das Netzwerk Nordlicht. Den Hauptvortrag hielt \
Prof. Dr. Nele Brandt über Innenohrimplantate.
""",
}


@dataclass(frozen=True)
class Desk:
    """An index of a folder of documents, and the assistant that answers from it."""

    folder: Path
    index: DocumentIndex
    assistant: Assistant

    def text(self, file: str) -> str:
        document = self.assistant.document(file)
        assert document is not None, file
        return document.text

    def reader(self) -> QuestionReader:
        """One like the assistant's."""
        catalogue = self.index.catalogue
        dictionary = Dictionaries([abbreviations(catalogue.abbreviations()), glossary()])
        return QuestionReader(dictionary, catalogue.languages())

    def retriever(self, reader: QuestionReader) -> PassageRetriever:
        return PassageRetriever(self.index, reader)

    def rescoring(self, reader: QuestionReader) -> Rescoring:
        return Rescoring(reader)

    def find(self, text: str) -> tuple[Question, list[Hit]]:
        """A question, understood, and the passages for it, best first."""
        reader = self.reader()
        question = reader.read(text)
        nodes = self.retriever(reader).retrieve(question)
        return question, hits_of(self.rescoring(reader).postprocess_nodes(nodes, question))

    def evidence(self, text: str) -> Evidence:
        """What speaks for each unit of what is found for a question."""
        evidence = self.assistant.evidence(text)
        assert evidence is not None, text
        return evidence

    def quotes(self, text: str, shares: Sequence[float] | None = None) -> list[Quote]:
        """What is quoted for a question; with `shares`, as if its units had these."""
        evidence = self.evidence(text)
        told = softmax(scores(evidence)) if shares is None else np.array(shares, float)
        return chosen(evidence, told, breadth_of(text))


def fill(folder: Path, files: Mapping[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@contextmanager
def opened(
    data: Path, folder: Path, model: BaseEmbedding | None = None, monitor: Monitor = NOBODY
) -> Iterator[Desk]:
    """The folder's documents, indexed in `data`; the glossary is the only dictionary."""
    data.mkdir(parents=True, exist_ok=True)
    with Catalogue(data / "catalogue.sqlite") as catalogue:
        chroma = Chroma.in_folder(data / "chroma")
        semantic = Semantic(catalogue, chroma, model) if model else None
        index = DocumentIndex(catalogue, chroma, HashedEmbedding(), 320, semantic=semantic)
        index.sync(folder)
        if semantic:
            semantic.update()
        with closing(Assistant(index, glossary(), monitor=monitor)) as assistant:
            yield Desk(folder, index, assistant)

"""A house with doors: documents in folders, rules of who may read them, and users of a proxy."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from assistant.settings import Settings
from assistant.web.server import create_app
from index.storage.keys import Keys
from tests.library import Desk, opened

PROXY, STRANGER = ("10.0.0.1", 5000), ("203.0.113.9", 5000)
RULES = """
rules:
  - documents: presse/intern
    groups: [presse]
  - documents: [presse, "*.md"]
    groups: [everyone]
  - documents: vorstand/
    groups: [vorstand]
"""
DOCUMENTS = {
    "presse/kongress.txt": "Der Kongress Nordlicht fand am 6. Mai 2019 in Husum statt.",
    "presse/intern/sperrfrist.txt": "Die Sperrfrist für den Kongress Nordlicht endet am 9. Mai.",
    "vorstand/gehalt.txt": "Das Gehalt von Dr. Wiebke Petersen (DWP) beträgt 91.000 Euro im Jahr. "
    "Die Seeblick GmbH und die Agentur Fjordland gGmbH haben am 5. Juni 2023 einen "
    "Kooperationsvertrag unterzeichnet.",
    "leitbild.md": "# Leitbild\n\nDas Netzwerk Nordlicht hat 27 Mitglieder in Dänemark.",
}
ANNA = {"X-Forwarded-User": "anna", "X-Forwarded-Groups": "vorstand, technik"}
BERND = {"X-Forwarded-User": "bernd", "X-Forwarded-Groups": "presse"}
OF_ANNA = {"presse/kongress.txt", "vorstand/gehalt.txt", "leitbild.md"}
OF_BERND = {"presse/kongress.txt", "presse/intern/sperrfrist.txt", "leitbild.md"}
OF_EVERYONE = {"presse/kongress.txt", "leitbild.md"}
SECRETS = ("91.000", "gehalt", "wiebke", "petersen", "fjordland", "seeblick", "vorstand")
"""Words that stand in what Bernd may not read, and nowhere else."""


@contextmanager
def built(paths: pytest.TempPathFactory) -> Iterator[Desk]:
    """An index of DOCUMENTS, and the assistant that answers from it."""
    folder = paths.mktemp("documents")
    for name, text in DOCUMENTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    with opened(paths.mktemp("data"), folder) as desk:
        yield desk


def ruled(folder: Path) -> Path:
    """A file of RULES."""
    path = folder / "access.yaml"
    path.write_text(RULES, "utf-8")
    return path


def client_of(house: Desk, settings: Settings, keys: Keys | None = None) -> TestClient:
    """A proxy in front of the server."""
    app = create_app(house.assistant, settings, keys=keys)
    return TestClient(app, client=PROXY, raise_server_exceptions=False, follow_redirects=False)


def by_proxy(rules: Path, folder: Path, **more: Any) -> Settings:
    """Settings of a server that believes PROXY and its neighbours."""
    trusted = ("10.0.0.0/24",)
    return Settings(auth="proxy", access=rules, trusted_proxies=trusted, seeds=folder, **more)


def secrets_in(response: httpx.Response, *said: str) -> list[str]:
    """The SECRETS that a response has anywhere, but for what was said in the request."""
    told = "\n".join([*response.headers.values(), response.text]).casefold()
    for word in said:
        told = told.replace(word.casefold(), "")
    return [secret for secret in SECRETS if secret in told]

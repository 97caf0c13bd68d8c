"""What /openapi.json says of the register, with examples that the documents in seeds/ give."""

import json
from dataclasses import asdict
from typing import Any, Final

from assistant.partners.rows import EvidenceRow, OrganisationRow, PartnershipRow, PartyRow
from assistant.web.api.described import ENTRY, FAILED_AT_ALL, QUOTE, problems

_EVIDENCE: Final = EvidenceRow(str(ENTRY["file"]), 43, 153, QUOTE)
_PARTNERSHIP: Final = PartnershipRow(
    id="9d2f1c6b7a08",
    kind="membership",
    name=None,
    parties=(
        PartyRow("biopro-baden-württemberg", "BIOPRO Baden-Württemberg", "member"),
        PartyRow("council-of-european-bioregions", "Council of European Bioregions", "network"),
    ),
    status="active",
    start="2024-04",
    end=None,
    renewed=(),
    told="2024-04-01",
    decided=("confirm",),
    evidence=(_EVIDENCE,),
)
_ORGANISATION: Final = OrganisationRow(
    id="council-of-european-bioregions",
    name="Council of European Bioregions",
    aliases=("CEBR",),
    kind="association",
    seat="Brüssel",
    country="BE",
    people=(),
    figures=(),
    files=(str(ENTRY["file"]),),
)
_UNFIT: Final = {422: ("A value does not fit.", "since: '2024-13' is no date.")}
_NEEDED: Final = "Only rows whose evidence stands in documents that the reader may read."

ORGANISATIONS: Final[dict[str, Any]] = {
    "operation_id": "organisations",
    "tags": ["register"],
    "summary": "List the organisations",
    "description": f"Organisations with their people, by name. {_NEEDED}",
    "responses": {200: {"description": "The organisations that fit."}}
    | problems({**_UNFIT, **FAILED_AT_ALL}),
}
ORGANISATION: Final[dict[str, Any]] = {
    "operation_id": "organisation",
    "tags": ["register"],
    "summary": "Read an organisation",
    "description": "An organisation with its people and partnerships.",
    "responses": {200: {"description": "The organisation."}}
    | problems(
        {
            404: ("No organisation has this id.", "No organisation has this id."),
            **FAILED_AT_ALL,
        }
    ),
}
PARTNERSHIPS: Final[dict[str, Any]] = {
    "operation_id": "partnerships",
    "tags": ["register"],
    "summary": "List the partnerships",
    "description": f"Who works with whom, each with the sentences that say so. {_NEEDED}",
    "responses": {200: {"description": "The partnerships that fit."}}
    | problems({**_UNFIT, **FAILED_AT_ALL}),
}
TIMELINE: Final[dict[str, Any]] = {
    "operation_id": "timeline",
    "tags": ["register"],
    "summary": "List partnerships over time",
    "description": "Partnerships of which a day is known, the earliest first, with their times.",
    "responses": {200: {"description": "The partnerships that fit."}}
    | problems({**_UNFIT, **FAILED_AT_ALL}),
}


def _as_json(row: OrganisationRow | PartnershipRow) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(json.dumps(asdict(row)))
    return fields


EXAMPLES: Final[dict[str, object]] = {
    "organisations": [_as_json(_ORGANISATION)],
    "organisation": _as_json(_ORGANISATION) | {"partnerships": [_as_json(_PARTNERSHIP)]},
    "partnerships": [_as_json(_PARTNERSHIP)],
    "timeline": [_as_json(_PARTNERSHIP) | {"spans": [{"start": "2024-04", "end": None}]}],
}

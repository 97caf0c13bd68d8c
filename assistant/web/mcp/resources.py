"""The documents as resources, each with an address of its own."""

from typing import Final
from urllib.parse import quote, unquote

from mcp import types

from assistant.access import Scope
from assistant.web.engine import Engine

_BEFORE: Final = "lotse://documents/"
_PLAIN: Final = "text/plain"
_SHOWN: Final = 100  # resources of a page of the list

TEMPLATES: Final = types.ListResourceTemplatesResult(
    resource_templates=[
        types.ResourceTemplate(
            name="document",
            title="A document",
            uri_template=f"{_BEFORE}{{+file}}",
            description="The text of a document; `file` as citations name it.",
            mime_type=_PLAIN,
        )
    ]
)


def resource_address(file: str) -> str:
    """The address of a document as a resource."""
    return _BEFORE + quote(file)


def listed(engine: Engine, scope: Scope, cursor: str | None) -> types.ListResourcesResult:
    """A page of the documents, from the one that the cursor of the page before names."""
    first = int(cursor) if cursor and cursor.isascii() and cursor.isdecimal() else 0
    documents = engine.documents(scope)
    following = first + _SHOWN
    return types.ListResourcesResult(
        resources=[
            types.Resource(
                name=document.file,
                title=document.title,
                uri=resource_address(document.file),
                mime_type=_PLAIN,
                description=f"{document.date or 'undated'}, {document.language}",
            )
            for document in documents[first:following]
        ],
        next_cursor=str(following) if following < len(documents) else None,
    )


def read(engine: Engine, scope: Scope, uri: str) -> types.ReadResourceResult | None:
    """A document's text; None where there is none at that address."""
    file = unquote(uri.removeprefix(_BEFORE)) if uri.startswith(_BEFORE) else ""
    document = engine.document(file, scope) if file else None
    if document is None:
        return None
    content = types.TextResourceContents(uri=uri, text=document.text, mime_type=_PLAIN)
    return types.ReadResourceResult(contents=[content])

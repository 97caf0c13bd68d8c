"""The original files of the documents, as they lie in their folder."""

from typing import Annotated, Final

from fastapi import APIRouter
from fastapi import Path as PathParameter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse

from assistant.web.api import openapi
from assistant.web.engine import Engine
from assistant.web.guard.reader import scope_of
from index.folders import Folders

_PDF: Final = "application/pdf"
# What a browser shows by itself, and runs nothing of; all else is saved, and not opened.
_SHOWN: Final = {".pdf": _PDF}
_SAVED: Final = "application/octet-stream"
# A browser's viewer of PDFs is an object in a frame of its own making.
_POLICIES: Final = {
    _PDF: "default-src 'none'; object-src 'self'; frame-src 'self'; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'",
    _SAVED: "default-src 'none'; sandbox; frame-ancestors 'none'",
}


def router(engine: Engine, folders: Folders) -> APIRouter:
    """The route `/files/FILE`; only what is in the catalogue, and lies in a folder of documents."""
    routes = APIRouter()

    # The catalogue and the disk block: a plain function, so that it runs outside the event loop.
    @routes.get("/files/{file:path}", response_class=FileResponse, **openapi.FILE)
    def original(
        file: Annotated[
            str,
            PathParameter(
                description="The file as the list and citations name it, slashes included.",
                examples=[openapi.ENTRY["file"]],
            ),
        ],
        request: Request,
    ) -> FileResponse:
        document = engine.document(file, scope_of(request))
        path = folders.path(document.file) if document else None
        if path is None:
            raise HTTPException(404, "No document has this file.")
        kind = _SHOWN.get(path.suffix.lower(), _SAVED)
        return FileResponse(
            path,
            media_type=kind,
            filename=path.name.encode("utf-8", "replace").decode("utf-8"),
            content_disposition_type="attachment" if kind == _SAVED else "inline",
            headers={"Cache-Control": "no-cache", "Content-Security-Policy": _POLICIES[kind]},
        )

    return routes

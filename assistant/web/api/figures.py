"""The route `/metrics`: figures for Prometheus."""

from ipaddress import ip_address
from typing import Final, Literal

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from assistant.monitoring.metrics import MEDIA_TYPE, Metrics
from assistant.web.engine import Engine
from index.documents import Counts
from index.errors import StorageError

_OF_PROXIES: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")

Shown = Literal["loopback", "on", "off"]


def router(metrics: Metrics, engine: Engine, shown: Shown) -> APIRouter:
    """The route, for this machine's own programs alone unless it is `on`; 404 for all others."""
    routes = APIRouter()

    @routes.get("/metrics", include_in_schema=False)
    def figures(request: Request) -> Response:
        if shown == "off" or (shown == "loopback" and not _is_near(request)):
            raise HTTPException(404, "There is nothing at this address.")
        return Response(metrics.text(_counts(engine)), media_type=MEDIA_TYPE)

    return routes


def _counts(engine: Engine) -> Counts | None:
    try:
        return engine.counts()
    except StorageError:
        return None


def _is_near(request: Request) -> bool:
    """Whether a program of this machine asks, and no proxy for somebody else."""
    if request.client is None or any(name in request.headers for name in _OF_PROXIES):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False

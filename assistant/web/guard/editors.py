"""Who may correct the register, and whether a form was sent from a page of our own."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, Literal
from urllib.parse import urlsplit

from starlette.requests import Request

# What a proxy adds to a request: then its sender sits elsewhere, whatever address it comes from.
_OF_PROXIES: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Editors:
    """Those whom LOTSE_EDITORS admits: nobody, or whoever sits at this machine."""

    setting: Literal["loopback", "off"] = "off"

    def admits(self, request: Request) -> bool:
        """Whether whoever sends a request may correct the register.

        The address has to be called by a name of this machine: a page elsewhere that gives its own
        name our address (DNS rebinding) is not admitted.
        """
        return (
            self.setting == "loopback"
            and request.client is not None
            and _is_loopback(request.client.host)
            and _is_loopback(request.url.hostname or "")
            and not any(name in request.headers for name in _OF_PROXIES)
        )


def is_from_here(request: Request) -> bool:
    """Whether a form was sent from a page of this server, as browsers tell of every form."""
    origin = request.headers.get("origin", "")
    sent_from = request.headers.get("sec-fetch-site", "same-origin")
    return sent_from == "same-origin" and urlsplit(origin).netloc == request.headers.get("host")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False

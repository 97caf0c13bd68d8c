"""Connections to public addresses alone, whatever a name resolves to when it is asked again."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx

from index.errors import FetchError

# What leads to an IPv4 address that stands in the address itself: NAT64, Teredo, 6to4.
_TRANSLATED = tuple(map(ip_network, ("64:ff9b::/96", "2001::/32", "2002::/16")))


class PublicTransport(httpx.BaseTransport):
    """Asks the one address that was looked at, so that no name can lead elsewhere in between.

    Each redirect comes here anew. With `allow_private`, every address may be asked.
    """

    def __init__(self, allow_private: bool = False) -> None:
        self._allow_private = allow_private
        # No connection is kept: another name at the same address has another certificate.
        limits = httpx.Limits(max_keepalive_connections=0)
        self._inner = httpx.HTTPTransport(trust_env=False, limits=limits)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises FetchError for an address that may not be asked."""
        host = request.url.host
        if request.url.scheme not in ("http", "https"):
            raise FetchError(f"{request.url} is no address of the web.", "Give one with https://.")
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        address = self._resolved(host, port)
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=address)
        return self._inner.handle_request(request)

    def _resolved(self, host: str, port: int) -> str:
        try:
            told = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise FetchError(f"There is no host {host}.", "Correct the address.") from error
        addresses = [str(entry[4][0]) for entry in told]
        if not self._allow_private:
            for address in addresses:
                if not is_public(address):
                    raise FetchError(
                        f"{host} leads to {address}, which is not public.",
                        "LOTSE_FETCH_PRIVATE=on lets such addresses be asked.",
                    )
        return addresses[0]

    def close(self) -> None:
        """Ends the connections."""
        self._inner.close()


def is_public(written: str) -> bool:
    """Whether an IP address is one of the internet's, and of nobody's own network."""
    address: IPv4Address | IPv6Address = ip_address(written.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    is_translated = any(address in network for network in _TRANSLATED)
    return address.is_global and not address.is_multicast and not is_translated

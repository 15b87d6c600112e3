"""Fetching a public page without being led to a private one (server-side request forgery).

The name is resolved once, every address it has must be public, and the connection goes to that very address, so a
name cannot change its mind between the check and the visit. Redirects are followed by hand, each checked anew. Hosts of
a private network are fetched if the operator named them (`HARKEN_PRIVATE_HOSTS`).
"""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from harken import __version__

if TYPE_CHECKING:
    import httpx

MOST_BYTES: Final = 50_000_000
MOST_REDIRECTS: Final = 5
SECONDS: Final = 20.0
TOO_BUSY: Final = frozenset({429, 503})
"""What a server says that asks for patience."""


class CannotFetch(Exception):
    """The address cannot or must not be fetched; the message says why and names it."""


class AskedToWait(CannotFetch):
    """The server is busy; `seconds` is how long it asks to be left alone, None if it does not say."""

    def __init__(self, sentence: str, seconds: float | None) -> None:
        super().__init__(sentence)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Fetched:
    """What lay at an address after redirects; `seconds_to_wait` if the server asks to be left alone for some."""

    address: str
    media_type: str
    content: bytes
    seconds_to_wait: float | None = None


_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# What gateways between both families make of an address of IPv4 (RFC 6052, 2.1).
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


def _reached(address: _Address) -> _Address:
    """The address behind one of IPv6 that stands for one of IPv4: mapped, by 6to4 (RFC 3056) or by a gateway."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _public_address(url: str) -> tuple["httpx.URL", str]:
    """The URL, and the one IP address to connect to."""
    import httpx  # noqa: PLC0415 - 5 MB, loaded where something is fetched

    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise CannotFetch(_("%(url)s is not an address.") % {"url": url}) from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise CannotFetch(_("%(url)s is not an http or https address.") % {"url": url})
    if parsed.userinfo:
        raise CannotFetch(_("%(url)s carries a password; give the address without it.") % {"url": parsed.host})
    port = parsed.port or (443 if parsed.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(parsed.host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise CannotFetch(_("%(host)s could not be found.") % {"host": parsed.host}) from error
    addresses = [str(entry[4][0]) for entry in found]
    is_named = bool({parsed.host, f"{parsed.host}:{port}"} & set(settings.PRIVATE_HOSTS))
    for address in addresses:
        reached = _reached(ipaddress.ip_address(address.partition("%")[0]))
        if (not reached.is_global or reached.is_multicast) and not is_named:
            raise CannotFetch(_("%(host)s leads to a private address, which is not fetched.") % {"host": parsed.host})
    return parsed, addresses[0]


def _get(url: str, client: "httpx.Client") -> tuple["httpx.Response", bytes]:
    parsed, address = _public_address(url)
    host = parsed.netloc.decode("ascii")
    pinned = parsed.copy_with(host=address)
    request = client.build_request(
        "GET", pinned, headers={"Host": host}, extensions={"sni_hostname": parsed.raw_host.decode("ascii")}
    )
    response = client.send(request, stream=True)
    try:
        content = bytearray()
        for piece in response.iter_bytes():
            content += piece
            if len(content) > MOST_BYTES:
                limit = MOST_BYTES // 1_000_000
                raise CannotFetch(_("%(url)s is larger than %(limit)s MB.") % {"url": url, "limit": limit})
    finally:
        response.close()
    return response, bytes(content)


@contextmanager
def open_visit() -> Iterator["httpx.Client"]:
    """A connection for several visits to one server, kept open between them; says who visits."""
    import httpx  # noqa: PLC0415 - as above

    who = f"Harken/{__version__} (+{settings.PUBLIC_ADDRESS})"
    # trust_env is off: a proxy of the environment would resolve the name anew, behind the check.
    with httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False, headers={"User-Agent": who}) as client:
        yield client


def fetch(url: str, client: "httpx.Client | None" = None) -> Fetched:
    """Fetch `url` if it is public, over `client` (from `open_visit`) if given.

    Raises `CannotFetch` with a sentence that names what is wrong, `AskedToWait` where the server is busy.
    """
    if client is None:
        with open_visit() as opened:
            return _follow(url, opened)
    return _follow(url, client)


def _follow(url: str, client: "httpx.Client") -> Fetched:
    import httpx  # noqa: PLC0415 - as above

    address = url
    for _hop in range(MOST_REDIRECTS + 1):
        try:
            response, content = _get(address, client)
        except httpx.HTTPError as error:
            reason = type(error).__name__
            raise CannotFetch(
                _("%(url)s could not be reached (%(reason)s).") % {"url": address, "reason": reason}
            ) from error
        if response.is_redirect:
            address = urljoin(address, response.headers.get("location", ""))
            continue
        seconds = _seconds_to_wait(response.headers.get("retry-after", ""))
        if response.is_error:
            status = response.status_code
            sentence = _("%(url)s answered with %(status)s.") % {"url": address, "status": status}
            raise AskedToWait(sentence, seconds) if status in TOO_BUSY else CannotFetch(sentence)
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Fetched(address, media_type, content, seconds)
    raise CannotFetch(_("%(url)s redirects too often.") % {"url": url})


def _seconds_to_wait(said: str) -> float | None:
    """What `Retry-After` asks for: seconds, or a date (RFC 9110, 10.2.3); None if it says neither."""
    if said.isascii() and said.isdecimal() and len(said) < 9:
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - timezone.now()).total_seconds())
    except (ValueError, TypeError):
        return None


def is_address(text: str) -> bool:
    """Whether `text` is meant as a web address rather than a file's name."""
    return urlsplit(text).scheme in {"http", "https"}

"""Fetching a public page without being led to a private one (server-side request forgery).

The name is resolved once, every address it has must be public, and the connection goes to that very address, so a
name cannot change its mind between the check and the visit. Redirects are followed by hand, each checked anew.
"""

import ipaddress
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx
from django.utils.translation import gettext as _

MOST_BYTES: Final = 50_000_000
MOST_REDIRECTS: Final = 5
SECONDS: Final = 20.0


class CannotFetch(Exception):
    """The address cannot or must not be fetched; the message says why and names it."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What lay at an address after redirects."""

    address: str
    media_type: str
    content: bytes


def _public_address(url: str) -> tuple[httpx.URL, str]:
    """The URL, and the one public IP address to connect to."""
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
    for address in addresses:
        number = ipaddress.ip_address(address.partition("%")[0])
        mapped = getattr(number, "ipv4_mapped", None) or number
        if not mapped.is_global or mapped.is_multicast:
            raise CannotFetch(_("%(host)s leads to a private address, which is not fetched.") % {"host": parsed.host})
    return parsed, addresses[0]


def _get(url: str, client: httpx.Client) -> tuple[httpx.Response, bytes]:
    parsed, address = _public_address(url)
    host = parsed.netloc.decode("ascii")
    pinned = parsed.copy_with(host=address)
    request = client.build_request(
        "GET", pinned, headers={"Host": host}, extensions={"sni_hostname": parsed.raw_host.decode("ascii")}
    )
    response = client.send(request, stream=True)
    try:
        content = b""
        for piece in response.iter_bytes():
            content += piece
            if len(content) > MOST_BYTES:
                limit = MOST_BYTES // 1_000_000
                raise CannotFetch(_("%(url)s is larger than %(limit)s MB.") % {"url": url, "limit": limit})
    finally:
        response.close()
    return response, content


def fetch(url: str) -> Fetched:
    """Fetch `url` if it is public. Raises `CannotFetch` with a sentence that names what is wrong."""
    address = url
    # trust_env is off: a proxy of the environment would resolve the name anew, behind the check.
    with httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False) as client:
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
            if response.is_error:
                status = response.status_code
                raise CannotFetch(_("%(url)s answered with %(status)s.") % {"url": address, "status": status})
            media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            return Fetched(address, media_type, content)
    raise CannotFetch(_("%(url)s redirects too often.") % {"url": url})


def is_address(text: str) -> bool:
    """Whether `text` is meant as a web address rather than a file's name."""
    return urlsplit(text).scheme in {"http", "https"}

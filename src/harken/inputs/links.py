"""Links in what people write, and whether they give cause for caution."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

# As people write addresses: with a scheme, or beginning with `www.`; up to what cannot be part of one.
_LINK: Final = re.compile(r"""(?:https?:|ftp:)?//[^\s<>"'`|\\^{}]+|\bwww\.[^\s<>"'`|\\^{}]+""", re.IGNORECASE)
# [what is shown](where it leads), as `harken.base.markup` renders it.
_MARKED: Final = re.compile(r"\[([^\[\]]*)\]\(\s*<?([^\s()<>]+)")
# Signs that take no room and tell nothing, with which an address can be written so that a search does not find it.
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_HOST: Final = re.compile(r"^(?:[\w-]+\.)+[\w-]{2,}$")


def plain_form(text: str) -> str:
    """The text as a link in it is read by a machine: compatible signs made plain, unseen ones left out, small."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).replace("。", ".").casefold()


def host_of(address: str) -> str:
    """The host that an address leads to, small, in letters of the domain name system where it can be written so."""
    address = address if "//" in address else f"//{address}"
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    try:
        return host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.rstrip(".").lower()


def find_links(text: str) -> list[str]:
    """The addresses in a text, each as often as it stands there."""
    return [found.rstrip(".,;:!?)]»”’") for found in _LINK.findall(plain_form(text))]


def find_hidden_links(text: str) -> list[str]:
    """Addresses that a reader does not see where they lead.

    What is shown is nothing, or another host than the one behind it; or the address has a name before an `@`, which
    looks like the host and is none.
    """
    hidden = []
    for shown, target in _MARKED.findall(plain_form(text)):
        words = shown.strip()
        looks_like = host_of(words) if _HOST.match(words.partition("//")[2] or words) or _LINK.match(words) else ""
        if not words or (looks_like and looks_like.removeprefix("www.") != host_of(target).removeprefix("www.")):
            hidden.append(target)
    hidden += [link for link in find_links(text) if "@" in link.partition("//")[2].partition("/")[0]]
    return hidden


def find_refused_hosts(text: str, refused: Iterable[str]) -> list[str]:
    """Those of the `refused` hosts that a text names, themselves or a host below them, with or without a scheme."""
    read = plain_form(text)
    linked = {host_of(link) for link in find_links(text)}
    found = []
    for host in refused:
        name = host_of(plain_form(host.strip()))
        if not name:
            continue
        if any(one == name or one.endswith(f".{name}") for one in linked) or re.search(
            rf"(?<![\w-]){re.escape(name)}(?![\w-]|\.\w)", read
        ):
            found.append(name)
    return found

"""Whom a link is about: page titles and addresses of user pages, user talk pages and lists of contributions."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import unquote

from harken.core.talk.wiki.timestamps import BIDI_MARKS

__all__ = ["USER", "USER_TALK", "Names", "is_address", "normal_name", "title_of_address"]

SPECIAL, USER, USER_TALK = -1, 2, 3
_LONGEST_TITLE = 500
_MARKS = re.compile(f"[{BIDI_MARKS}]")
_CANONICAL: Mapping[str, int] = {"special": SPECIAL, "user": USER, "user talk": USER_TALK}
_QUERY_TITLE = re.compile(r"[?&]title=([^&#]*)")
_QUERY_TARGET = re.compile(r"[?&]target=([^&#]*)")
_BAD_IN_NAMES = re.compile(r"[\[\]{}|#<>\x00-\x1f]")


def normal_name(name: str) -> str:
    """Return a user's name as the wiki writes it: spaces for underscores, the first letter upper case, no marks."""
    name = " ".join(_MARKS.sub("", name).replace("_", " ").split())
    if not name:
        return ""
    if is_address(name):
        return name.upper()
    first = name[0].upper()
    return (first if len(first) == 1 else name[0]) + name[1:]


def is_address(name: str) -> bool:
    """Whether a name is an IP address: somebody who was not signed in."""
    if len(name) > 45 or ("." not in name and ":" not in name):
        return False
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def title_of_address(address: str, article_path: str = "/wiki/$1") -> str:
    """Return the page title an address leads to, empty if it leads to none."""
    if len(address) > 4 * _LONGEST_TITLE:
        return ""
    query = _QUERY_TITLE.search(address)
    if query is not None:
        title = unquote(query[1].replace("+", " "))
        target = _QUERY_TARGET.search(address)
        return f"{title}/{unquote(target[1].replace('+', ' '))}" if target is not None else title
    path = address.partition("#")[0].partition("?")[0]
    if path.startswith("./"):
        return unquote(path[2:])
    for pattern in (article_path, "/wiki/$1", "/index.php/$1"):
        before = pattern.partition("$1")[0]
        place = path.find(before) if len(before) > 1 else -1
        if place >= 0:
            return unquote(path[place + len(before) :])
    if article_path.startswith("/$1") and path.startswith("/") and not path.startswith("//"):
        return unquote(path[1:])
    return ""


@dataclass(frozen=True)
class Names:
    """What a wiki calls its namespaces and the page that lists somebody's contributions.

    `namespaces` are names in any case, with spaces or underscores, → number (2 is User, 3 User talk, -1 Special).
    English names hold on every wiki.
    """

    namespaces: Mapping[str, int]
    contributions: frozenset[str] = frozenset()
    article_path: str = "/wiki/$1"

    @cached_property
    def _numbers(self) -> dict[str, int]:
        own = {_key(name): number for name, number in self.namespaces.items()}
        return {**_CANONICAL, **own}

    @cached_property
    def _contributions(self) -> frozenset[str]:
        return frozenset(_key(name) for name in (*self.contributions, "Contributions", "Contribs"))

    def user_of_title(self, title: str) -> str:
        """Return the user a page is about (`User talk:X`, `Special:Contributions/X`), empty if it is about none."""
        title = _MARKS.sub("", title[:_LONGEST_TITLE]).replace("_", " ").lstrip(" :")
        title = title.partition("#")[0]
        prefix, colon, rest = title.partition(":")
        while colon and self._numbers.get(_key(prefix)) is None and ":" in rest and _is_interwiki(prefix):
            # `:w:fr:Utilisateur:X` is a user of another wiki.
            prefix, colon, rest = rest.partition(":")
        number = self._numbers.get(_key(prefix)) if colon else None
        if number == SPECIAL:
            page, slash, name = rest.partition("/")
            if not slash or _key(page) not in self._contributions:
                return ""
        elif number in (USER, USER_TALK):
            name = rest
            if "/" in name and not is_address(name):
                return ""
        else:
            return ""
        name = normal_name(name)
        return "" if _BAD_IN_NAMES.search(name) else name

    def user_of_address(self, address: str) -> str:
        """Return the user an address of a page is about, empty if it is about none."""
        title = title_of_address(address, self.article_path)
        return self.user_of_title(title) if title else ""


@lru_cache(maxsize=1_024)
def _key(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


def _is_interwiki(prefix: str) -> bool:
    return 0 < len(prefix) <= 12 and prefix.strip().isascii()

"""Talk pages of a wiki on the net, asked for through its API: all revisions of each, one request after the other.

https://www.mediawiki.org/wiki/API:Etiquette says what a wiki expects of who asks: a name, one request at a time, and
to stay away while it is busy (`maxlag`, `Retry-After`).
"""

import html
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from harken.base.fetch import AskedToWait, CannotFetch, fetch, open_visit
from harken.core.talk.model import TalkError
from harken.core.talk.wiki import (
    MESSAGES_TO_ASK,
    REVISIONS_TO_ASK,
    SITEINFO_TO_ASK,
    Wiki,
    read_api_page,
    wiki_data_from_siteinfo,
)
from harken.core.talk.wiki.titles import title_of_address
from harken.inputs.foreign import CannotRead, Part, Reading

if TYPE_CHECKING:
    import httpx

__all__ = ["read_live_talk"]

MAX_LAG: Final = 5
"""Seconds that the wiki's databases may lag behind before it sends us away."""
MOST_PAGES: Final = 500
MOST_ANSWERS: Final = 2_000
"""Of one page; a wiki gives fifty revisions in each (or fewer, up to 8 MB)."""
MOST_WAITS: Final = 8
LONGEST_WAIT: Final = 120.0
SHORTEST_WAIT: Final = 5.0

# What an API says when it is busy, rather than when it does not understand.
_BUSY: Final = frozenset({"maxlag", "ratelimited", "readonly"})
_HEAD: Final = 262_144
_EDIT_URI: Final = re.compile(r"<link\b[^<>]*\brel=[\"']?EditURI[\"']?[^<>]*>", re.IGNORECASE)
_HREF: Final = re.compile(r"\bhref=[\"']([^\"'<>]{1,2000})[\"']", re.IGNORECASE)
_NAMES_PAGES: Final = ("titles", "pageids", "generator")
_PAGES_TO_ASK: Final[Mapping[str, str]] = {
    "action": "query", "format": "json", "formatversion": "2", "prop": "info", "inprop": "url",
}  # fmt: skip


def read_live_talk(address: str, *, wait: Callable[[float], None] = time.sleep) -> Iterator[Part]:
    """The talk pages an address names, each as a part known by its own address.

    `address` is that of a page, or of the wiki's `api.php` with `titles=…` (several with `|`), `pageids=…` or a
    generator's parameters. `wait` is asked to let seconds go by when the wiki is busy. Raises `CannotRead`.
    """
    try:
        with open_visit() as client:
            yield from _read_pages(address, client, wait)
    except (CannotFetch, TalkError) as error:
        raise CannotRead(str(error)) from error


def _read_pages(address: str, client: "httpx.Client", wait: Callable[[float], None]) -> Iterator[Part]:
    api, named, page_address = _find_api(address, client)
    wiki_api = _Api(api, client, wait)
    siteinfo = wiki_api.ask(SITEINFO_TO_ASK)
    wiki = wiki_data_from_siteinfo(siteinfo, wiki_api.ask(MESSAGES_TO_ASK))
    if page_address:
        title = title_of_address(page_address, wiki.names.article_path)
        if not title:
            raise CannotRead(f"{page_address} names no page; give the address of a talk page.")
        named = {"titles": title}
    pages = _list_pages(wiki_api, named)
    for number, (page_id, title) in enumerate(pages, start=1):
        part = _read_page(wiki_api, wiki, page_id, title)
        part.reading.share = number / len(pages)
        yield part


def _find_api(address: str, client: "httpx.Client") -> tuple[str, dict[str, str], str]:
    """Where the wiki's API is, the parameters that name pages, and the address of the page if it has to be asked."""
    parts = urlsplit(address)
    if parts.path.endswith("/api.php"):
        given = dict(parse_qsl(parts.query))
        pages = given.get("titles") or given.get("page") or given.get("title")
        named = {"titles": pages} if pages else {}
        named |= {key: value for key, value in given.items() if key in _NAMES_PAGES or key.startswith("g")}
        if not any(key in named for key in _NAMES_PAGES):
            raise CannotRead(f"{address} names no page; add titles=Talk:… to it.")
        return urlunsplit((parts.scheme, parts.netloc, parts.path, "", "")), named, ""
    fetched = fetch(address, client)
    link = _EDIT_URI.search(fetched.content[:_HEAD].decode("utf-8", "replace"))
    href = _HREF.search(link.group()) if link is not None else None
    if href is None:
        raise CannotRead(f"{address} is no page of a wiki that tells where its API is; save the page and import that.")
    found = urlsplit(urljoin(fetched.address, html.unescape(href[1])))
    return urlunsplit((found.scheme, found.netloc, found.path, "", "")), {}, fetched.address


def _list_pages(wiki_api: "_Api", named: Mapping[str, str]) -> list[tuple[str, str]]:
    """The ids and titles of the pages, all of which have to be there."""
    pages: dict[str, str] = {}
    # Where a wiki lists pages itself, it refuses to follow those that lead elsewhere: they are left out below.
    follows = {} if "generator" in named else {"redirects": "1"}
    for answer in wiki_api.ask_on({**_PAGES_TO_ASK, **follows, **named}):
        listed = answer.get("query", {}).get("pages")
        for page in listed if isinstance(listed, list) else ():
            title = str(page.get("title") or page.get("pageid") or "")
            if page.get("missing") or page.get("invalid") or not page.get("pageid"):
                raise CannotRead(f"{wiki_api.host} has no page “{title}”.")
            if not page.get("redirect"):
                pages[str(page["pageid"])] = title
        if len(pages) > MOST_PAGES:
            raise CannotRead(f"These are more than {MOST_PAGES} pages: import a dump of them instead.")
    if not pages:
        raise CannotRead(f"{wiki_api.host} has no such pages.")
    return list(pages.items())


def _read_page(wiki_api: "_Api", wiki: Wiki, page_id: str, title: str) -> Part:
    answers = wiki_api.ask_on({**REVISIONS_TO_ASK, "pageids": page_id}, most=MOST_ANSWERS)
    page = read_api_page(answers, wiki)
    if page is None:
        raise CannotRead(f"{wiki_api.host} has no page “{title}” any more.")
    return Part((*page.talk.findings, *page.talk.threads), page.address or title, title, page.address, Reading())


class _Api:
    """A wiki's API, asked politely."""

    def __init__(self, address: str, client: "httpx.Client", wait: Callable[[float], None]) -> None:
        self.address = address
        self.host = urlsplit(address).netloc
        self.client = client
        self.wait = wait
        self.waits = 0

    def ask(self, parameters: Mapping[str, str]) -> dict[str, Any]:
        """One answer; while the wiki is busy, it is asked again after as long as it says."""
        url = f"{self.address}?{urlencode({**parameters, 'maxlag': MAX_LAG})}"
        while True:
            try:
                fetched = fetch(url, self.client)
            except AskedToWait as busy:
                self._stay_away(busy.seconds, str(busy))
                continue
            answer = self._read(fetched.content)
            error = answer.get("error")
            if not isinstance(error, Mapping):
                return answer
            said = f"{self.host} says: {str(error.get('info') or error.get('code'))[:300]}"
            if error.get("code") not in _BUSY:
                raise CannotRead(said)
            self._stay_away(fetched.seconds_to_wait, said)

    def ask_on(self, parameters: Mapping[str, str], *, most: int = MOST_PAGES) -> Iterator[dict[str, Any]]:
        """All answers to one question, each going on where the one before ended."""
        going_on: Mapping[str, Any] = {}
        for _number in range(most):
            answer = self.ask({**parameters, **going_on})
            yield answer
            going_on = answer.get("continue") or {}
            if not going_on:
                return
        raise CannotRead(f"{self.host} has more of this than is asked for in one go: import a dump instead.")

    def _read(self, content: bytes) -> dict[str, Any]:
        try:
            answer: Any = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise CannotRead(f"{self.address} is no API of a wiki: it does not answer with JSON.") from error
        if isinstance(answer, dict) and isinstance(answer.get("query", {}), dict):
            found: dict[str, Any] = answer
            if {"query", "error", "batchcomplete"} & found.keys():
                return found
        raise CannotRead(f"{self.address} is no API of a wiki.")

    def _stay_away(self, seconds: float | None, said: str) -> None:
        asked = max(SHORTEST_WAIT, seconds or 0.0)
        self.waits += 1
        if self.waits > MOST_WAITS or asked > LONGEST_WAIT:
            raise CannotRead(f"{said} Try again later.")
        self.wait(asked)

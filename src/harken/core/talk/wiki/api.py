"""Answers of a wiki's API to talk pages. Nothing is fetched here: the answers are handed in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from harken.core.talk.model import Finding, TalkPage
from harken.core.talk.wiki.dump import WikiPage, read_time
from harken.core.talk.wiki.history import History, Revision, read_revisions
from harken.core.talk.wiki.site import Wiki
from harken.core.talk.wiki.timestamps import MONTHS
from harken.core.talk.wiki.titles import normal_name

__all__ = ["MESSAGES_TO_ASK", "REVISIONS_TO_ASK", "SITEINFO_TO_ASK", "read_api_page", "read_api_pages"]

# What to ask a wiki for, as parameters of `action=query`; `read_api_pages` and `wiki_data_from_siteinfo` take both
# forms of the answers.
SITEINFO_TO_ASK: Mapping[str, str] = {
    "action": "query", "format": "json", "formatversion": "2", "meta": "siteinfo",
    "siprop": "general|namespaces|namespacealiases|specialpagealiases",
}  # fmt: skip
MESSAGES_TO_ASK: Mapping[str, str] = {
    "action": "query", "format": "json", "formatversion": "2", "meta": "allmessages", "uselang": "content",
    "ammessages": "|".join(
        [*MONTHS, "may_long", *(f"{month}-gen" for month in MONTHS), *(m[:3] for m in MONTHS), "timezone-utc"]
    ),
}  # fmt: skip
REVISIONS_TO_ASK: Mapping[str, str] = {
    "action": "query", "format": "json", "formatversion": "2", "prop": "revisions|info", "inprop": "url",
    "rvprop": "ids|timestamp|user|content", "rvslots": "main", "rvdir": "newer", "rvlimit": "max",
}  # fmt: skip
_BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Page:
    title: str
    namespace: int
    address: str
    revisions: dict[str, Revision] = field(default_factory=dict)


def read_api_pages(
    answers: Iterable[Mapping[str, Any]], wiki: Wiki, *, keep_unsigned: bool = False
) -> Iterator[WikiPage]:
    """Yield the pages of answers to `action=query&prop=revisions`, the revisions of continued answers put together.

    Revisions may come in any order and more than once; hidden ones have no author or text and do no harm.
    """
    pages: dict[str, _Page] = {}
    for answer in answers:
        for found in _pages_of(answer):
            _add_page(pages, found)
    for number, page in pages.items():
        revisions = sorted(page.revisions.values(), key=lambda revision: (revision.at or _BEGINNING, _number(revision)))
        if revisions:
            talk = read_revisions(revisions, wiki, keep_unsigned=keep_unsigned)
            yield WikiPage(page.title, page.namespace, number, page.address, talk, len(revisions), revisions[-1].id)


def read_api_page(answers: Iterable[Mapping[str, Any]], wiki: Wiki, *, keep_unsigned: bool = False) -> WikiPage | None:
    """Return the one page that continued answers are about, None if there is none; one answer is in memory at a time.

    Revisions have to come oldest first (`REVISIONS_TO_ASK`). A page that is not wikitext has a finding and no posts.
    """
    history = History(wiki)
    title, namespace, number, address, model = "", 0, "", "", "wikitext"
    for found in (found for answer in answers for found in _pages_of(answer)):
        if not number:
            title, namespace = str(found.get("title", "")), int(found.get("ns", 0))
            number, address = str(found["pageid"]), str(found.get("fullurl", ""))
            model = str(found.get("contentmodel") or model)
        if model == "wikitext" and str(found["pageid"]) == number:
            for revision in found.get("revisions") or ():
                history.add(_read_revision(revision))
    if not number:
        return None
    if model != "wikitext":
        talk = TalkPage(findings=(Finding(title, "no_wikitext", model),))
    else:
        talk = history.read(keep_unsigned=keep_unsigned)
    return WikiPage(title, namespace, number, address, talk, len(history.revisions), history.latest.id)


def _pages_of(answer: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The pages of an answer in either form, without those that do not exist."""
    query = answer.get("query")
    found = query.get("pages") if isinstance(query, Mapping) else None
    for page in (found.values() if isinstance(found, Mapping) else found) or ():
        if isinstance(page, Mapping) and page.get("pageid") and ("missing" not in page or page["missing"] is False):
            yield page


def _read_revision(revision: Mapping[str, Any]) -> Revision:
    return Revision(
        id=str(revision.get("revid", "")),
        author=normal_name(str(revision.get("user") or "")),
        at=read_time(str(revision.get("timestamp") or "")),
        text=_text_of(revision),
        is_first=revision.get("parentid") == 0,
    )


def _add_page(pages: dict[str, _Page], page: Mapping[str, Any]) -> None:
    number = str(page["pageid"])
    known = pages.get(number)
    if known is None:
        known = pages[number] = _Page(str(page.get("title", "")), int(page.get("ns", 0)), str(page.get("fullurl", "")))
    for revision in page.get("revisions") or ():
        read = _read_revision(revision)
        known.revisions[read.id] = read


def _text_of(revision: Mapping[str, Any]) -> str:
    slots = revision.get("slots")
    slot = slots.get("main") if isinstance(slots, Mapping) else revision
    words = slot.get("content", slot.get("*")) if isinstance(slot, Mapping) else None
    return words if isinstance(words, str) else ""


def _number(revision: Revision) -> int:
    return int(revision.id) if revision.id.isdecimal() else 0

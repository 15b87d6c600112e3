"""What one wiki's signatures look like: given by the wiki, or assumed from the language of its pages."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError

from harken.core.talk.wiki.languages import LANGUAGES
from harken.core.talk.wiki.timestamps import MONTHS, DateFormat, find_stamp, load_zone
from harken.core.talk.wiki.titles import SPECIAL, USER, USER_TALK, Names

__all__ = ["Wiki", "assume_wiki", "guess_wiki", "read_wiki_data", "wiki_data_from_siteinfo"]

_LOOK_BEHIND = 120
_MOST_LOOKED_AT = 400
_BRACKET = re.compile(r"\((?:[^()\s]|[^()\s][^()\n]{0,10}[^()\s])\)")


@dataclass(frozen=True)
class Wiki:
    """How one wiki signs. `assumed` says in sentences what nobody told and was taken from elsewhere."""

    language: str
    formats: tuple[DateFormat, ...]
    names: Names
    assumed: tuple[str, ...] = field(default=(), compare=False)

    @cached_property
    def typed_formats(self) -> tuple[DateFormat, ...]:
        """The formats as people type them: without zeros, without a zone."""
        return tuple(replace(one, by_hand=True, _months={}) for one in self.formats)


def read_wiki_data(*answers: Mapping[str, Any]) -> Wiki:
    """Return the wiki that JSON describes; in any order and number, later ones win.

    Understood are: signature data (`dateFormat`, `digits`, `localTimezone`, `timezones`, `contLangMessages`,
    `specialContributionsName`), the variables of a wiki's pages (`wgContentLanguage`, `wgArticlePath`,
    `wgNamespaceIds`, `wgFormattedNamespaces`), and answers of the API (`query` with `general`, `namespaces`,
    `allmessages`, …). Where none of them has a `dateFormat`, the formats are those of the wiki's language.

    Raises:
        ValueError: none of them says how signatures look, nor which language the wiki is in.
    """
    data: dict[str, Any] = {}
    for answer in answers:
        inner = answer.get("query")
        data.update(_from_api(inner) if isinstance(inner, Mapping) else answer)
        for part in ("data", "config"):
            if isinstance(answer.get(part), Mapping):
                data.update(answer[part])
    formats = data.get("dateFormat")
    if not isinstance(formats, Mapping) or not formats:
        if not data.get("wgContentLanguage"):
            raise ValueError(
                "The wiki's data has neither “dateFormat” nor “wgContentLanguage”: it does not say how signatures look."
            )
        return _sign_as_its_language(data)
    language = str(data.get("wgContentLanguage") or next(iter(formats)))
    assumed = []
    namespaces = _namespaces_of(data)
    contributions = {name for name in (data.get("specialContributionsName"),) if isinstance(name, str) and name}
    if USER not in namespaces.values():
        known = assume_wiki(language)
        namespaces = {**known.names.namespaces, **namespaces}
        contributions |= known.names.contributions
        assumed.append(f"Names of namespaces are those of MediaWiki in the language “{language}”.")
    return Wiki(
        language=language,
        formats=tuple(_format_of(data, variant, str(pattern)) for variant, pattern in formats.items()),
        names=Names(namespaces, frozenset(contributions), str(data.get("wgArticlePath") or "/wiki/$1")),
        assumed=tuple(assumed),
    )


def _namespaces_of(data: Mapping[str, Any]) -> dict[str, int]:
    namespaces: dict[str, int] = {}
    ids = data.get("wgNamespaceIds")
    for name, number in ids.items() if isinstance(ids, Mapping) else ():
        if isinstance(number, int):
            namespaces[str(name)] = number
    formatted = data.get("wgFormattedNamespaces")
    for number, name in formatted.items() if isinstance(formatted, Mapping) else ():
        if str(number).lstrip("-").isdecimal() and name:
            namespaces[str(name)] = int(number)
    return namespaces


def _format_of(data: Mapping[str, Any], variant: str, pattern: str) -> DateFormat:
    def part(name: str) -> Any:
        values = data.get(name)
        return values.get(variant) if isinstance(values, Mapping) else None

    messages, digits, zones = part("contLangMessages"), part("digits"), part("timezones")
    return DateFormat(
        format=pattern,
        messages={**_english_months(), **{str(key): str(value) for key, value in (messages or {}).items()}},
        digits=tuple(str(digit) for digit in digits) if digits else tuple("0123456789"),
        zones={str(key): str(value) for key, value in zones.items()} if isinstance(zones, Mapping) and zones else None,
        zone_name=str(data.get("localTimezone") or "UTC"),
    )


def _english_months() -> dict[str, str]:
    return {month: month.capitalize() for month in MONTHS}


# --- the API ---


def wiki_data_from_siteinfo(
    siteinfo: Mapping[str, Any], messages: Mapping[str, Any] | Sequence[Mapping[str, Any]] = ()
) -> Wiki:
    """Return the wiki that answers of its API describe; nothing is fetched here.

    `siteinfo` is the answer to `action=query&meta=siteinfo&siprop=general|namespaces|namespacealiases|
    specialpagealiases`, `messages` that to `meta=allmessages` with the names of months (both in formatversion 1 or 2;
    one answer may hold both). MediaWiki does not tell the format of its signatures: it is that of the language.
    """
    data = _from_api(_query(siteinfo))
    if messages:
        data.setdefault("messages", {}).update(_messages_of(messages))
    data.setdefault("localTimezone", "UTC")
    return _sign_as_its_language(data)


def _sign_as_its_language(data: Mapping[str, Any]) -> Wiki:
    """The wiki of which everything but the formats of its signatures is told; any known zone is taken if none is."""
    language = str(data.get("wgContentLanguage") or "en")
    known = assume_wiki(language)
    named = data.get("messages") or {}
    formats = tuple(replace(one, messages={**one.messages, **named}, _months={}) for one in known.formats)
    if data.get("localTimezone"):
        zone = str(data["localTimezone"])
        zones = {name: name for name in _abbreviations(zone)}
        if named.get("timezone-utc") and "UTC" in zones:
            zones[named["timezone-utc"]] = "UTC"
        formats = tuple(replace(one, zones=zones, zone_name=zone, _months={}) for one in formats)
    contributions = data.get("contributions") or (data.get("specialContributionsName"),)
    names = Names(
        {**known.names.namespaces, **_namespaces_of(data)},
        known.names.contributions | {name for name in contributions if isinstance(name, str) and name},
        str(data.get("wgArticlePath") or "/wiki/$1"),
    )
    assumed = [f"Formats of signatures are those of MediaWiki in the language “{language}”."]
    return Wiki(language, formats, names, assumed=tuple(assumed))


def _abbreviations(zone: str) -> set[str]:
    """Return what a time zone has been called since there are wikis (`CET`, `CEST`; `+03` where it has no name)."""
    times = (datetime(year, month, 15, tzinfo=UTC) for year in range(2001, 2038) for month in (1, 7))
    return {at.astimezone(load_zone(zone)).tzname() or "UTC" for at in times}


def _query(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    inner = answer.get("query", answer)
    return inner if isinstance(inner, Mapping) else {}


def _from_api(query: Mapping[str, Any]) -> dict[str, Any]:
    general = query.get("general") or {}
    ids: dict[str, int] = {}
    for namespace in (query.get("namespaces") or {}).values():
        for key in ("canonical", "name", "*"):
            if namespace.get(key):
                ids[str(namespace[key])] = int(namespace.get("id", 0))
    for alias in query.get("namespacealiases") or ():
        name = alias.get("alias") or alias.get("*")
        if name:
            ids[str(name)] = int(alias.get("id", 0))
    contributions = [
        str(name)
        for page in query.get("specialpagealiases") or ()
        if page.get("realname") == "Contributions"
        for name in page.get("aliases") or ()
    ]
    data: dict[str, Any] = {
        "wgContentLanguage": general.get("lang", ""),
        "wgArticlePath": general.get("articlepath", ""),
        "localTimezone": general.get("timezone", ""),
        "wgNamespaceIds": ids,
        "contributions": contributions,
        "messages": _messages_of(query.get("allmessages") or ()),
    }
    return {key: value for key, value in data.items() if value}


def _messages_of(messages: Any) -> dict[str, str]:
    if isinstance(messages, Mapping):
        inner = messages.get("query", messages)
        messages = inner.get("allmessages") or [
            {"name": key, "content": value} for key, value in inner.items() if isinstance(value, str)
        ]
    found = {}
    for message in messages:
        words = message.get("content", message.get("*"))
        if isinstance(words, str) and words and "missing" not in message:
            found[str(message.get("name", ""))] = words
    return found


# --- nobody said ---


@lru_cache(maxsize=64)
def assume_wiki(language: str) -> Wiki:
    """Return how wikis of a language sign by default, with the names of months of CLDR; any known zone is taken."""
    code = language.replace("_", "-").split("-")[0].lower()
    code = {"no": "nb", "simple": "en", "sh": "sr"}.get(code, code)
    known = LANGUAGES.get(code, LANGUAGES["en"])
    messages = _month_messages(code)
    formats = tuple(DateFormat(pattern.strip(), messages) for pattern in known.formats.split(" | "))
    namespaces = dict.fromkeys(known.user.split(","), USER)
    namespaces |= dict.fromkeys(known.user_talk.split(","), USER_TALK)
    namespaces |= {name: SPECIAL for name in known.special.split(",") if name}
    contributions = frozenset(name for name in known.contributions.split(",") if name)
    said = f"Formats and names are those of MediaWiki in the language “{code if code in LANGUAGES else 'en'}”."
    return Wiki(code, formats, Names(namespaces, contributions), assumed=(said,))


def _month_messages(code: str) -> dict[str, str]:
    messages = _english_months() | {month[:3]: month[:3].capitalize() for month in MONTHS}
    try:
        months = Locale.parse(code).months
    except (UnknownLocaleError, ValueError):
        return messages
    found: dict[str, str] = {}
    for number, month in enumerate(MONTHS, 1):
        wide = str(months["format"]["wide"].get(number, ""))
        alone = str(months["stand-alone"]["wide"].get(number, wide))
        if alone[:1].isdigit():
            alone = wide
        if wide and not wide[0].isdigit():
            found["may_long" if month == "may" else month] = alone
            found[f"{month}-gen"] = wide
        short = str(months["format"]["abbreviated"].get(number, ""))
        if short and not short[0].isdigit():
            found[month[:3]] = short
    return messages | found


def guess_wiki(text: str, languages: Iterable[str] = ()) -> Wiki:
    """Return the wiki of the language whose dates stand most often in `text` (HTML or wikitext).

    `languages` are asked first, and win where several fit equally well; English is the answer where none fits.
    """
    samples = []
    for bracket in _BRACKET.finditer(text):
        samples.append(text[max(0, bracket.start() - _LOOK_BEHIND) : bracket.end()])
        if len(samples) >= _MOST_LOOKED_AT:
            break
    asked = [language.replace("_", "-").split("-")[0].lower() for language in languages if language]
    best, most = "", 0
    for code in dict.fromkeys([*asked, *LANGUAGES]):
        formats = assume_wiki(code).formats
        count = sum(1 for sample in samples if find_stamp(formats, sample) is not None)
        if count > most:
            best, most = code, count
    return assume_wiki(best or (asked[0] if asked else "en"))

"""What files brought with the browser are known by when they come again: alone or with others, loose or packed."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from harken.inputs.brought import Format
from harken.inputs.laid_out import LaidOut
from harken.inputs.models import ImportDraft, ImportFile, Source
from harken.inputs.page_keys import free_key, keys_of_pages, name_by_package, name_pages, stem_of
from harken.inputs.storable import fit_key


class _Earlier(NamedTuple):
    """What came before: on what terms, the names of its files, whether all of it is in the ledger."""

    terms: dict[str, Any]
    names: tuple[str, ...]
    is_done: bool


class KnownKeys:
    """The keys of what a draft holds: those under which it is on record, else new ones that are nobody's."""

    def __init__(self, draft: ImportDraft) -> None:
        self._draft = draft
        self._format = Format(draft.terms["format"])
        self._source = str(draft.terms.get("source", ""))
        self._of_here = {"process": draft.process_id, "channel": draft.channel}

    def of_set(self, files: Sequence[LaidOut]) -> str:
        """That of the source which files make together: the name of one of them, "" where it was given one.

        Which one stays as it was when a set of which any of them is came before, so that each adds what is new, alone
        too. What was loose then and is packed now has all the names of that set in its package.
        """
        if self._source:
            return ""
        if "known_as" not in self._draft.terms:
            self._keep(known_as=self._find_set({file.place.name for file in files if file.place}))
        return str(self._draft.terms["known_as"])

    def of_pages(self, pages: Sequence[LaidOut]) -> list[str]:
        """Those of pages that are sources of their own; "" for one that has the name alone which its owner gave it."""
        is_polis = self._format == Format.POLIS
        names = name_by_package(pages) if is_polis else name_pages(pages)
        new = keys_of_pages(pages, names)
        others = set() if self._source else self._keys_of_other_formats()
        if others:
            names = [f"{self._format}/{name}" if name in others else name for name in names]
            new = [f"{self._format}/{key}" if key in others else key for key in new]
        # By level: with its package's name before it, by its name, by its name with more or with fewer folders.
        tails = [() if is_polis else page.tails for page in pages]
        stems = [
            f"{stem_of(page)}/{name}" if page.package and not is_polis else ""
            for page, name in zip(pages, names, strict=True)
        ]
        wanted = [(stem, name, *more) for stem, name, more in zip(stems, names, tails, strict=True)]
        found = self._find_pages(pages, wanted, new)
        self._find_bare(pages, found)
        taken = set(found.values())
        for place, key in enumerate(new):
            if place not in found:
                found[place] = free_key(key, taken)
                taken.add(found[place])
        keys = [found[place] for place in range(len(pages))]
        if is_polis and not self._source:
            self._keep(keys=keys)
        return keys

    # --- sets ---

    def _find_set(self, packed: set[str]) -> str:
        names = sorted(self._draft.files.values_list("name", flat=True))
        spelled = set(_spell(*names))
        inside = set(_spell(*packed))
        sets = [(one.terms["known_as"], one.names) for one in self._earlier if "known_as" in one.terms]
        for key, files in sets:
            if not spelled.isdisjoint(files):
                return str(key)
        for key, files in sets:
            if inside.issuperset(files):
                return str(key)
        others = self._keys_of_other_formats()
        there = Source.objects.filter(**self._of_here).order_by("pk").values_list("key", flat=True)
        own = [key for key in there if key not in others]
        for among in (spelled, inside):
            for key in own:
                if key in among:
                    return key
        return next((name for name in names if name not in others), f"{self._format}/{names[0]}")

    # --- pages ---

    def _find_pages(
        self, pages: Sequence[LaidOut], wanted: Sequence[tuple[str, ...]], new: Sequence[str]
    ) -> dict[int, str]:
        """By place, the keys under which pages are on record: each for one page alone."""
        there = set(Source.objects.filter(**self._of_here).values_list("key", flat=True))
        before = {name for one in self._earlier_so for name in one.names}
        # What came before has a key that several could have.
        places = sorted(range(len(pages)), key=lambda place: pages[place].brought_as not in before)
        often = Counter(key for keys in wanted for key in set(keys))
        found: dict[int, str] = {}
        taken: set[str] = set()
        for level in range(max(map(len, wanted))):
            for place in places:
                key = wanted[place][level] if level < len(wanted[place]) else ""
                if not key or place in found:
                    continue
                if often[key] > 1 and key != new[place] and pages[place].brought_as not in before:
                    continue
                for spelled in _spell(key):
                    if spelled not in taken and fit_key(self._below(spelled)) in there:
                        found[place] = spelled
                        taken.add(spelled)
                        break
        return found

    def _below(self, key: str) -> str:
        return f"{self._source}/{key}" if self._source else key

    def _find_bare(self, pages: Sequence[LaidOut], found: dict[int, str]) -> None:
        """Give the name that its owner gave, and nothing more, to a page that came alone, now or before."""
        if not self._source or len(found) == len(pages):
            return
        if len(pages) == 1 and not pages[0].package:
            found[0] = ""
            return
        if not Source.objects.filter(**self._of_here, key=fit_key(self._source)).exists():
            return
        alone = [one.names[0] for one in self._earlier_so if len(one.names) == 1]
        for name in alone:
            for place, page in enumerate(pages):
                if place not in found and not {name, unicodedata.normalize("NFC", name)}.isdisjoint(page.tails):
                    found[place] = ""
                    return

    # --- what came before ---

    @cached_property
    def _earlier(self) -> list[_Earlier]:
        """What came of the same kind, the first first."""
        drafts = ImportDraft.objects.filter(**self._of_here).exclude(pk=self._draft.pk)
        names: dict[int, list[str]] = {}
        for pk, name in ImportFile.objects.filter(draft__in=drafts.order_by()).values_list("draft", "name"):
            names.setdefault(pk, []).append(name)
        return [
            _Earlier(one.terms, tuple(names[one.pk]), one.imported_at is not None)
            for one in drafts.order_by("pk")
            if one.terms.get("format") == self._format and one.pk in names
        ]

    @cached_property
    def _earlier_so(self) -> list[_Earlier]:
        """What of it was given the same name, or none as this."""
        return [one for one in self._earlier if one.is_done and str(one.terms.get("source", "")) == self._source]

    def _keys_of_other_formats(self) -> set[str]:
        """Keys of sources that are another platform's: exports of several have files of one name."""
        keys: dict[bool, set[str]] = {True: set(), False: set()}
        drafts = ImportDraft.objects.filter(**self._of_here).exclude(pk=self._draft.pk)
        for terms in drafts.values_list("terms", flat=True):
            known = [terms["known_as"]] if "known_as" in terms else terms.get("keys", ())
            keys[terms.get("format") == self._format].update(known)
        return keys[False] - keys[True]

    def _keep(self, **said: object) -> None:
        self._draft.terms |= said
        self._draft.save(update_fields=["terms"])


def _spell(*names: str) -> Iterator[str]:
    """Names, and as some systems write them: each accent a character of its own."""
    for name in names:
        yield name
        apart = unicodedata.normalize("NFD", name)
        if apart != name:
            yield apart

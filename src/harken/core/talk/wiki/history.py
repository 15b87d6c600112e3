"""Who really said what on a page, and when, by all its revisions.

A signature is only text: it can be missing, forged, or added later by somebody else. The history of the page is not.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import takewhile

from harken.core.talk.model import Finding, TalkPage
from harken.core.talk.wiki.lines import LineReader, plain_words
from harken.core.talk.wiki.markup import resolve_markup
from harken.core.talk.wiki.site import Wiki
from harken.core.talk.wiki.trees import Comment, Heading, build_page
from harken.core.talk.wiki.wikitext import read_items

__all__ = ["History", "Revision", "read_revisions"]

# Signing and saving are one act; a preview left open over lunch still is.
_SAME_ACT = timedelta(minutes=15)
_MOST_LINES = 1_000_000
_MOST_CARRIERS = 100
_LIST_MARKS = ":*#; \t"


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of a page. `author` is empty if it was hidden; `is_first` says that nothing came before it."""

    id: str
    author: str
    at: datetime | None
    text: str = ""
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class _Signing:
    """The revision a signature first stood in, and the one that brought the words it was added to (None: the same)."""

    place: int
    words: int | None


_Key = tuple[str, datetime | None]
"""Whom a signature names, and when."""


class History:
    """Takes the revisions of one page, oldest first, and keeps of each only what is new in it."""

    def __init__(self, wiki: Wiki) -> None:
        self.wiki = wiki
        self.revisions: list[Revision] = []
        # Line → the revision it first stood in (their place in `revisions`).
        self.lines: dict[int, int] = {}
        self.signatures: dict[_Key, _Signing] = {}
        # Signature → lines it has stood in; and lines that took it from one that stayed, with the revision that did.
        self.carriers: dict[_Key, list[str]] = {}
        self.copies: dict[int, int] = {}
        self.latest = Revision("", "", None)
        self.present: dict[str, None] = {}

    def add(self, revision: Revision) -> None:
        """Take the next revision."""
        self.__dict__.pop("_origins", None)
        self.__dict__.pop("_copied", None)
        place = len(self.revisions)
        self.revisions.append(replace(revision, text=""))
        self.latest = revision
        before = self.present
        self.present = dict.fromkeys(line.strip(_LIST_MARKS) for line in revision.text.split("\n"))
        added = [line for line in self.present if line not in before and hash(line) not in self.lines]
        gone = sorted(line for line in before if line and line not in self.present) if added else []
        for line in added:
            if len(self.lines) < _MOST_LINES:
                self.lines[hash(line)] = place
            # Nobody knows who wrote what already stood in the first revision of a part of a history.
            if ("(" in line or "{{" in line) and (place or revision.is_first):
                self._note_signatures(line, place, before, gone)

    def _note_signatures(self, line: str, place: int, before: Mapping[str, None], gone: list[str]) -> None:
        items, _ = read_items(line, self.wiki)
        signed = [item for item in items if isinstance(item, Comment) and item.signed]
        if not signed:
            return
        at = bisect_right(gone, line) - 1
        # A line that goes on where one ended that is gone: who wrote that one did not write the rest.
        words = self.lines.get(hash(gone[at])) if at >= 0 and line.startswith(gone[at]) else None
        for comment in signed:
            key = comment.author, comment.at
            carriers = self.carriers.setdefault(key, [])
            if self.signatures.setdefault(key, _Signing(place, words)).place < place:
                self._note_copy(line, place, carriers, before)
            if len(carriers) < _MOST_CARRIERS:
                carriers.append(line)

    def _note_copy(self, line: str, place: int, carriers: list[str], before: Mapping[str, None]) -> None:
        """Note that a line took a signature from another, unless it is what became of a line that had it."""
        gone = [carrier for carrier in carriers if carrier in before and carrier not in self.present]
        stood = sum(1 for carrier in carriers if carrier in before)
        if sum(1 for carrier in carriers if carrier in self.present) >= stood:
            self.copies[hash(line)] = place
        elif gone:
            was = max(gone, key=lambda carrier: _shared_start(carrier, line))
            if hash(was) in self.copies:
                self.copies[hash(line)] = self.copies[hash(was)]

    def read(self, *, keep_unsigned: bool = False) -> TalkPage:
        """Return the threads of the latest revision, each post by who said it."""
        items, findings = read_items(self.latest.text, self.wiki)
        findings = [*(Finding("", "assumed", sentence) for sentence in self.wiki.assumed), *findings]
        heading, attributed = Heading("", 0), list[Heading | Comment]()
        for item in items:
            if isinstance(item, Heading):
                heading = item
                attributed.append(item)
            elif item.signed:
                attributed += self._attribute(item)
            elif heading.level:
                attributed += self._split(item, item.lines)
            else:
                attributed.append(item)
        heading, copied = Heading("", 0), Counter[tuple[str, str]]()
        for item in attributed:
            if isinstance(item, Heading):
                heading = item
            else:
                findings += (Finding(heading.text, reason, words[:500]) for reason, words in _differences(item))
                if "added_by" in item.extra:
                    copied[item.extra["added_by"], item.extra["revision"]] += 1
        findings += (
            Finding("", "copied_here", f"{count} posts signed by others were added by {who} in revision {revision}.")
            for (who, revision), count in copied.items()
        )
        return build_page(attributed, findings, keep_unsigned=keep_unsigned)

    def _lines_as_read(self) -> Iterator[tuple[int, str]]:
        """Yield each line of the latest revision: the hash of it as it is written, and its words."""
        reader = LineReader()
        for line in self.latest.text.split("\n"):
            bare = line.strip(_LIST_MARKS)
            if bare and hash(bare) in self.lines:
                reader.quotes = 0
                for part in resolve_markup(bare, self.wiki).split("\n"):
                    yield hash(bare), plain_words(reader.read(part).words)

    @cached_property
    def _origins(self) -> dict[str, int]:
        """Return, for each line of the latest revision as it reads, the revision it first stood in."""
        origins: dict[str, int] = {}
        for line, words in self._lines_as_read():
            origins.setdefault(words, self.lines[line])
        return origins

    @cached_property
    def _copied(self) -> dict[str, int]:
        """Return, for each such line that took over a signature, the revision in which it did."""
        if not self.copies:
            return {}
        return {words: self.copies[line] for line, words in self._lines_as_read() if line in self.copies}

    def _attribute(self, comment: Comment) -> list[Comment]:
        copied = self._copied.get(comment.signed_line)
        signing = _Signing(copied, None) if copied is not None else self.signatures.get((comment.author, comment.at))
        if signing is None or not self._is_known(signing.place):
            return [comment]
        added = self.revisions[signing.place]
        changed = self._changed_by(comment, signing.place)
        before: list[Comment] = []
        if added.author == comment.author:
            before = self._said_before(comment, signing.place)
        else:
            own = self._own_revision(comment, signing)
            if own is not None:
                # They forgot to sign, and somebody else added who they were.
                added = self.revisions[own]
            elif copied is not None or _is_same_act(comment.at, added.at):
                # A signature that is taken from where it still stands cannot have been moved here.
                comment.extra["signed_as"] = comment.author
                comment.author = added.author
            else:
                comment.extra["added_by"] = added.author
        comment.extra["revision"] = added.id
        if changed and changed != comment.author and "added_by" not in comment.extra:
            comment.extra["changed_by"] = changed
        if comment.at is None and "added_by" not in comment.extra:
            comment.at = added.at
        return [*before, comment]

    def _changed_by(self, comment: Comment, place: int) -> str:
        """Return who was the last to change words of a comment after the revision that brought it, "" if nobody did."""
        last = max(
            self._origins.get(words, -1) for words in (comment.signed_line, *(words for _, words in comment.lines))
        )
        return self.revisions[last].author if last > place else ""

    def _own_revision(self, comment: Comment, signing: _Signing) -> int | None:
        """Return the revision in which the author a signature names saved the words it stands behind."""
        places = [signing.words, *(self._origins.get(words) for _, words in comment.lines if words)]
        return next(
            (place for place in places if place is not None and self.revisions[place].author == comment.author), None
        )

    def _said_before(self, comment: Comment, place: int) -> list[Comment]:
        """Take from a comment the lines before it that somebody else had left there unsigned."""
        count = 0
        for _, words in comment.lines[:-1]:
            origin = self._origins.get(words)
            if origin is None or origin >= place or not self._is_known(origin):
                break
            if self.revisions[origin].author == comment.author:
                break
            count += 1
        if not count:
            return []
        others = self._split(comment, comment.lines[:count])
        comment.lines = comment.lines[count:]
        comment.text = "\n".join(words for _, words in comment.lines)
        comment.level = min(comment.lines[0][0], comment.lines[-1][0]) + 1
        return others

    def _split(self, comment: Comment, lines: list[tuple[int, str]]) -> list[Comment]:
        """Return unsigned lines as comments, one for each run of lines that came in the same revision."""
        runs: list[tuple[int | None, list[tuple[int, str]]]] = []
        for line in lines:
            origin = self._origins.get(line[1])
            if runs and runs[-1][0] == origin:
                runs[-1][1].append(line)
            else:
                runs.append((origin, [line]))
        if len(runs) == 1 and runs[0][0] is None:
            return [replace(comment, signed=False)]
        said = []
        for origin, run in runs:
            text = "\n".join(words for _, words in run)
            found = Comment("", None, run[0][0] + 1, text, lines=run, signed=False)
            if origin is not None and self._is_known(origin):
                added = self.revisions[origin]
                found.author, found.at, found.signed = added.author, added.at, True
                found.extra = {"revision": added.id, "signature": "missing"}
            said.append(found)
        return said

    def _is_known(self, place: int) -> bool:
        """Whether what first stands in a revision was added by it: not so for the first one of a part of a history."""
        revision = self.revisions[place]
        return bool(revision.author) and (place > 0 or revision.is_first)


def _differences(comment: Comment) -> Iterator[tuple[str, str]]:
    """Yield where the page and its history tell different things of a comment: the reason, and words that say it."""
    if "signed_as" in comment.extra:
        yield "signed_as_another", f"Signed as {comment.extra['signed_as']}, saved by {comment.author}: {comment.text}"
    if "signature" in comment.extra:
        yield "signature_missing", f"Saved by {comment.author}: {comment.text}"
    if "changed_by" in comment.extra:
        yield (
            "changed_by_another",
            f"Saved by {comment.author}, changed by {comment.extra['changed_by']}: {comment.text}",
        )


def _shared_start(one: str, other: str) -> int:
    """Return how many characters two lines have in common from their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _is_same_act(signed: datetime | None, saved: datetime | None) -> bool:
    return signed is None or saved is None or abs(saved - signed) <= _SAME_ACT


def read_revisions(revisions: Iterable[Revision], wiki: Wiki, *, keep_unsigned: bool = False) -> TalkPage:
    """Return the threads of a page by its revisions, oldest first; posts say which revision brought them.

    The author of a post is who saved it: where the signature names somebody else, `extra` has `signed_as`. What was
    copied here later (an archive) keeps its signature, and `extra` says `added_by`. Unsigned words are posts of who
    added them.
    """
    history = History(wiki)
    for revision in revisions:
        history.add(revision)
    return history.read(keep_unsigned=keep_unsigned)

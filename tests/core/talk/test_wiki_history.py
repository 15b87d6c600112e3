"""Who really said what: revisions, dumps and answers of the API."""

import bz2
import gzip
import io
import lzma
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

import pytest

from harken.core.talk.model import Finding, Post, TalkError, TalkPage, walk
from harken.core.talk.wiki import (
    Revision,
    WikiPage,
    assume_wiki,
    read_api_page,
    read_api_pages,
    read_dump,
    read_revisions,
)

WIKI = assume_wiki("en")
START = datetime(2021, 5, 1, 10, 0, tzinfo=UTC)


def sign(name: str, minute: int = 0) -> str:
    return f"[[User:{name}|{name}]] 10:{minute:02}, 1 May 2021 (UTC)"


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def posts(page: TalkPage) -> list[Post]:
    return [post for thread in page.threads for post in walk(thread.posts)]


def history(*steps: tuple[str, int, str], first: bool = True) -> list[Revision]:
    return [
        Revision(str(number), author, at(minute), text, is_first=first and number == 1)
        for number, (author, minute, text) in enumerate(steps, 1)
    ]


def test_each_post_names_the_revision_that_brought_it() -> None:
    one = f"== A ==\nFirst {sign('Amina')}\n"
    page = read_revisions(history(("Amina", 0, one), ("Bruno", 1, f"{one}: Second {sign('Bruno', 1)}\n")), WIKI)

    assert [(post.author, post.extra["revision"]) for post in posts(page)] == [("Amina", "1"), ("Bruno", "2")]


def test_a_forged_signature_is_by_who_saved_it_and_is_reported() -> None:
    one = f"== A ==\nFirst {sign('Amina')}\n"
    page = read_revisions(history(("Amina", 0, one), ("Mallory", 3, f"{one}: Never! {sign('Amina', 2)}\n")), WIKI)

    assert [(post.author, post.extra.get("signed_as")) for post in posts(page)] == [
        ("Amina", None),
        ("Mallory", "Amina"),
    ]
    assert [finding.place for finding in page.findings if finding.reason == "signed_as_another"] == ["A"]


@pytest.mark.parametrize("mark", [" — Preceding unsigned comment added by ", "\n<small>unsigned</small> "])
def test_a_signature_that_somebody_else_added_keeps_its_author(mark: str) -> None:
    one = "== A ==\nFirst, and I forgot to sign"
    signed = one + mark + sign("Amina")
    page = read_revisions(
        history(("Amina", 0, one), ("SignBot", 1, signed), ("Bruno", 2, f"{signed}\n")),
        WIKI,
    )

    assert [(post.author, post.extra) for post in posts(page)] == [("Amina", {"revision": "1"})]


def test_what_nobody_signed_is_by_who_added_it() -> None:
    one = "== A ==\nOne.\n"
    page = read_revisions(
        history(("Amina", 0, one), ("Bruno", 5, one + "Two.\n"), ("Chen", 9, f"{one}Two.\nThree. {sign('Chen', 9)}\n")),
        WIKI,
    )

    assert [(post.author, post.at, post.text, post.extra.get("signature")) for post in posts(page)] == [
        ("Amina", at(0), "One.", "missing"),
        ("Bruno", at(5), "Two.", "missing"),
        ("Chen", at(9), "Three.", None),
    ]


def test_a_thread_moved_to_an_archive_keeps_its_authors() -> None:
    page = read_revisions(history(("ArchiveBot", 9_000, f"== A ==\nFirst {sign('Amina')}\n")), WIKI)

    assert [(post.author, post.at, post.extra["added_by"]) for post in posts(page)] == [("Amina", at(0), "ArchiveBot")]


def test_the_last_editor_of_a_page_without_history_is_not_taken_for_its_authors() -> None:
    text = f"== A ==\nFirst {sign('Amina')}\n: Second {sign('Bruno', 3)}\nthird\n"
    page = read_revisions(history(("Bruno", 3, text), first=False), WIKI)

    assert [(post.author, dict(post.extra)) for post in posts(page)] == [("Amina", {}), ("Bruno", {})]
    assert [finding.text for finding in page.findings if finding.reason == "no_signature"] == ["third"]


def test_a_page_emptied_and_restored_keeps_its_authors() -> None:
    text = f"== A ==\nFirst {sign('Amina')}\nunsigned\n"
    page = read_revisions(history(("Amina", 0, text), ("Vandal", 1, ""), ("Chen", 2, text)), WIKI)

    assert [(post.author, post.extra["revision"]) for post in posts(page)] == [("Amina", "1"), ("Amina", "1")]


# --- dumps ---


def revision(number: int, author: str, minute: int, text: str) -> str:
    contributor = f"<username>{escape(author)}</username><id>7</id>" if author else ""
    contributor = f"<contributor>{contributor}</contributor>" if author else '<contributor deleted="deleted" />'
    parent = f"<parentid>{number - 1}</parentid>" if number > 1 else ""
    return (
        f"<revision><id>{number}</id>{parent}<timestamp>{at(minute):%Y-%m-%dT%H:%M:%SZ}</timestamp>{contributor}"
        f'<model>wikitext</model><text xml:space="preserve">{escape(text)}</text></revision>'
    )


def dump(pages: Sequence[tuple[str, int, Sequence[str]]], *, with_numbers: bool = True) -> bytes:
    head = (
        '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en"><siteinfo>'
        "<base>https://wiki.example/wiki/Main_Page</base><namespaces>"
        '<namespace key="0" case="first-letter" /><namespace key="1">Talk</namespace>'
        '<namespace key="2">Gardener</namespace></namespaces></siteinfo>'
    )
    body = "".join(
        f"<page><title>{escape(title)}</title>{f'<ns>{number}</ns>' if with_numbers else ''}<id>{place}</id>"
        f"{''.join(revisions)}</page>"
        for place, (title, number, revisions) in enumerate(pages, 1)
    )
    return f"{head}{body}</mediawiki>".encode()


TALK = revision(1, "Amina", 0, "== A ==\nFirst & <b>[[Gardener:Amina]]</b> 10:00, 1 May 2021 (UTC)\n")


@pytest.mark.parametrize(
    "squeeze", [bytes, bz2.compress, gzip.compress, lzma.compress], ids=["plain", "bzip2", "gzip", "xz"]
)
@pytest.mark.parametrize("with_numbers", [True, False])
def test_talk_pages_of_a_dump_are_read_in_every_packing(squeeze: object, *, with_numbers: bool) -> None:
    assert callable(squeeze)
    data = squeeze(dump([("Roses", 0, [TALK]), ("Talk:Roses & thorns", 1, [TALK])], with_numbers=with_numbers))
    (page,) = read_dump(io.BytesIO(data))

    assert (page.title, page.namespace, page.id, page.revisions, page.latest) == ("Talk:Roses & thorns", 1, "2", 1, "1")
    assert page.address == "https://wiki.example/wiki/Talk:Roses_%26_thorns"
    assert [(post.author, post.text) for post in posts(page.talk)] == [("Amina", "First &")]


def test_other_namespaces_are_read_if_asked_for() -> None:
    data = dump([("Roses", 0, [TALK]), ("Talk:Roses", 1, [TALK])])

    assert [page.title for page in read_dump(io.BytesIO(data), namespaces=[0])] == ["Roses"]


def test_a_hidden_author_and_a_name_that_is_markup_do_no_harm() -> None:
    text = "== A ==\nfirst\n"
    revisions = [revision(1, "", 0, text), revision(2, "<b onload=x>", 1, text + "second\n")]
    (page,) = read_dump(io.BytesIO(dump([("Talk:Roses", 1, revisions)])))

    assert [(post.author, post.text) for post in posts(page.talk)] == [("<b onload=x>", "second")]
    assert "first" in [finding.text for finding in page.talk.findings]


def test_a_dump_that_ends_in_the_middle_gives_what_was_whole_and_says_so() -> None:
    data = dump([("Talk:Roses", 1, [TALK]), ("Talk:Trees", 1, [TALK])])
    for broken in (data[:-60], gzip.compress(data)[:-20]):
        found: list[WikiPage] = []
        with pytest.raises(TalkError, match="cannot be read further"):
            found.extend(read_dump(io.BytesIO(broken)))
        assert all(page.title in ("Talk:Roses", "Talk:Trees") for page in found)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<html><body>no</body></html>", "no dump"),
        (b"hello", "no XML"),
        (b"", "no XML"),
        (b'<!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><mediawiki>&b;</mediawiki>', "declares entities"),
        (b"BZh9 damaged", "damaged"),
    ],
)
def test_what_is_no_dump_is_refused_with_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(TalkError, match=words):
        list(read_dump(io.BytesIO(data)))


class _Endless(io.RawIOBase):
    """A dump with many revisions, made while it is read."""

    def __init__(self, pages: int) -> None:
        whole = dump([("Talk:Roses", 1, [TALK])])
        start, end = whole.index(b"<page>"), whole.index(b"</mediawiki>")
        self.parts = iter([whole[:start], *(whole[start:end] for _ in range(pages)), whole[end:]])
        self.rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size:
            part = next(self.parts, None)
            if part is None:
                break
            self.rest += part
        taken, self.rest = self.rest[:size], self.rest[size:]
        return taken


@pytest.mark.large
def test_pages_come_while_the_dump_is_read() -> None:
    stream = _Endless(5_000)
    pages = read_dump(stream)  # type: ignore[arg-type] # it can be read, no more is asked

    assert next(pages).title == "Talk:Roses"
    assert next(stream.parts, None) is not None
    assert sum(1 for _ in pages) > 1_000


# --- the API ---


def test_answers_of_the_api_in_both_forms_are_put_together() -> None:
    one = f"== A ==\nFirst {sign('Amina')}\n"
    two = f"{one}: Second {sign('Bruno', 1)}\n"
    new = {
        "query": {"pages": [{"pageid": 5, "ns": 1, "title": "Talk:Roses", "fullurl": "https://wiki.example/wiki/Talk:Roses",
            "revisions": [{"revid": 2, "parentid": 1, "user": "Bruno", "timestamp": "2021-05-01T10:01:30Z",
                           "slots": {"main": {"content": two}}}]}]}
    }  # fmt: skip
    old = {
        "query": {"pages": {"5": {"pageid": 5, "ns": 1, "title": "Talk:Roses", "revisions": [
            {"revid": 1, "parentid": 0, "user": "Amina", "timestamp": "2021-05-01T10:00:30Z", "*": one}]},
            "-1": {"missing": "", "title": "Nothing"}}}
    }  # fmt: skip
    (page,) = read_api_pages([new, old, {"batchcomplete": True}], WIKI)

    assert (page.title, page.revisions, page.latest, page.address) == (
        "Talk:Roses", 2, "2", "https://wiki.example/wiki/Talk:Roses",
    )  # fmt: skip
    assert [(post.author, post.extra["revision"]) for post in posts(page.talk)] == [("Amina", "1"), ("Bruno", "2")]


def test_reading_again_after_one_more_post_gives_one_more_id() -> None:
    one = f"== A ==\nFirst {sign('Amina')}\nunsigned\n"
    before = read_revisions(history(("Amina", 0, one)), WIKI)
    after = read_revisions(history(("Amina", 0, one), ("Bruno", 1, f"{one}: Second {sign('Bruno', 1)}\n")), WIKI)

    assert len({post.id for post in posts(after)} - {post.id for post in posts(before)}) == 1
    assert {post.id for post in posts(before)} <= {post.id for post in posts(after)}


def test_words_that_somebody_else_changed_stay_with_their_author_and_are_reported() -> None:
    one = f"== A ==\nI agree. {sign('Amina')}\n\nTwo lines,\nboth mine. {sign('Amina', 1)}\n"
    steps = [
        ("Amina", 1, one),
        ("Amina", 2, one.replace("I agree", "I agree with it")),
        ("Mallory", 9, one.replace("I agree", "I refuse").replace("Two lines", "No lines")),
    ]
    page = read_revisions(history(*steps), WIKI)

    assert [(post.author, post.text, post.extra.get("changed_by")) for post in posts(page)] == [
        ("Amina", "I refuse.", "Mallory"),
        ("Amina", "No lines,\nboth mine.", "Mallory"),
    ]
    assert [finding.reason for finding in page.findings] == ["assumed", "changed_by_another", "changed_by_another"]
    own = read_revisions(history(*steps[:2]), WIKI)
    assert [post.extra.get("changed_by") for post in posts(own)] == [None, None]


def test_answers_about_one_page_are_read_one_at_a_time_and_give_the_same() -> None:
    one = f"== A ==\nFirst {sign('Amina')}\n"
    two = f"{one}: Second {sign('Bruno', 1)}\nand a third\n"
    page = {"pageid": 5, "ns": 1, "title": "Talk:Roses", "contentmodel": "wikitext"}
    answers = [
        {"query": {"pages": [{**page, "revisions": [
            {"revid": number, "parentid": number - 1, "user": user, "timestamp": f"2021-05-01T10:0{number}:00Z",
             "slots": {"main": {"content": text}}}]}]}}
        for number, (user, text) in enumerate((("Amina", one), ("Bruno", two)), 1)
    ]  # fmt: skip

    assert read_api_page(iter(answers), WIKI) == next(read_api_pages(answers, WIKI))
    assert read_api_page([{"query": {"pages": [{"title": "Talk:Nothing", "missing": True}]}}], WIKI) is None
    board = read_api_page([{"query": {"pages": [{**page, "contentmodel": "flow-board", "revisions": [{}]}]}}], WIKI)
    assert board is not None
    assert [(finding.reason, finding.text) for finding in board.talk.findings] == [("no_wikitext", "flow-board")]


def test_a_signature_copied_from_where_it_still_stands_is_forged_however_old_it_is() -> None:
    one = f"== A ==\nFirst {sign('Amina')}\n"
    forged = f"{one}: I was wrong. {sign('Amina')}\n"
    for minute in (2, 9_000):
        page = read_revisions(history(("Amina", 0, one), ("Mallory", minute, forged)), WIKI)
        assert [(post.author, post.text, post.extra.get("signed_as")) for post in posts(page)] == [
            ("Amina", "First", None),
            ("Mallory", "I was wrong.", "Amina"),
        ]
    mended = forged.replace("wrong", "so wrong")
    page = read_revisions(history(("Amina", 0, one), ("Mallory", 2, forged), ("Mallory", 3, mended)), WIKI)
    assert [(post.author, post.text) for post in posts(page)] == [("Amina", "First"), ("Mallory", "I was so wrong.")]
    both = f"{one}\nAnother of mine {sign('Amina')}\n"
    page = read_revisions(
        history(("Amina", 0, one), ("Amina", 1, both), ("Bruno", 5, both.replace("mine", "hers"))), WIKI
    )
    assert [(post.author, post.extra.get("changed_by")) for post in posts(page)] == [
        ("Amina", None),
        ("Amina", "Bruno"),
    ]


def test_posts_that_somebody_brought_here_are_told_once_for_each_revision() -> None:
    archive = f"== A ==\nFirst {sign('Amina')}\n: Second {sign('Bruno', 3)}\n"
    page = read_revisions(history(("ArchiveBot", 9_000, archive)), WIKI)

    assert [finding for finding in page.findings if finding.reason == "copied_here"] == [
        Finding("", "copied_here", "2 posts signed by others were added by ArchiveBot in revision 1.")
    ]

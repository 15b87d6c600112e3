"""Mail as it comes: wrong charsets, no ids, large and odd files, loops, forged headers, other people's words."""

import base64
import gzip
import hashlib
import io
import json
import tracemalloc
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.talk.charsets import decode_bytes
from harken.core.talk.html_text import html_to_text
from harken.core.talk.mail.boxes import MailError, open_box, read_stream
from harken.core.talk.mail.headers import Mailbox
from harken.core.talk.mail.messages import read_mail
from harken.core.talk.mail.posts import read_mail_posts, read_mail_threads, stream_mail
from harken.core.talk.mail.quoting import separate, unflow
from harken.core.talk.mail.threading import Head, thread_mail
from harken.core.talk.model import Finding, Post, dump_json
from tests.core.talk.letters import HEADERS, MARCH, box, one, raw, reasons

# --- boxes ---


def test_a_sentence_that_begins_with_from_separates_nothing() -> None:
    said = "Hello\n\nFrom what I hear, all is well.\n\nFrom: here on\n\n>From the start\n"
    (first, second) = raw(box(HEADERS + "\n" + said, HEADERS + "\nSecond"))
    assert read_mail(first).text == "Hello\n\nFrom what I hear, all is well.\n\nFrom: here on\n\nFrom the start"
    assert read_mail(second).text == "Second"


def test_guarded_lines_come_back_as_they_were_sent() -> None:
    said = box(HEADERS + "\n>From here\n>>From there")
    data = io.BytesIO(said.encode())
    (rd,) = read_stream(data, quoting="mboxrd")
    (o,) = read_stream(io.BytesIO(said.encode()), quoting="mboxo")
    assert rd.parts[0].body.rstrip() == b"From here\n>From there"
    assert o.parts[0].body.rstrip() == b"From here\n>>From there"


def test_a_box_may_be_packed_a_maildir_or_a_folder_of_messages(tmp_path: Path) -> None:
    said = box(HEADERS + "\nOne", HEADERS + "\nTwo")
    packed = tmp_path / "box.mbox.gz"
    packed.write_bytes(gzip.compress(said.encode()))
    maildir = tmp_path / "maildir"
    for name in ("cur", "new", "tmp", ".Archive/cur", ".Archive/new"):
        (maildir / name).mkdir(parents=True)
    (maildir / "cur" / "1.a:2,S").write_text(HEADERS + "\nOne")
    (maildir / "new" / "2.b").write_text(HEADERS + "\nTwo")
    (maildir / "cur" / "3.c:2,ST").write_text(HEADERS + "\nThrown away")
    (maildir / "cur" / "4.d:2,DS").write_text(HEADERS + "\nNot sent")
    (maildir / ".Archive" / "cur" / "0.e:2,").write_text(HEADERS + "\nOld")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "1.eml").write_text(HEADERS + "\nOne")
    (folder / "2.eml").write_text(HEADERS + "\nTwo")
    for path, expected in ((packed, ["One", "Two"]), (maildir, ["One", "Two", "Old"]), (folder, ["One", "Two"])):
        assert [read_mail(message).text for message in open_box(path)] == expected


def test_what_holds_no_mail_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MailError, match="holds no mail"):
        list(open_box(tmp_path))
    broken = tmp_path / "box.gz"
    broken.write_bytes(gzip.compress(b"From a b\n" * 1000)[:-20])
    with pytest.raises(MailError, match="cannot be read"):
        list(open_box(broken))
    with pytest.raises(MailError, match="cannot be read"):
        list(open_box(tmp_path / "missing"))


def test_progress_counts_the_bytes_behind(tmp_path: Path) -> None:
    path = tmp_path / "box.mbox"
    path.write_text(box(HEADERS + "\nOne", HEADERS + "\nTwo"))
    told: list[int] = []
    list(read_mail_posts(path, progress=told.append))
    assert told[-1] == path.stat().st_size
    assert told == sorted(told)


def with_attachment(stream: BinaryIO, *, thousands: int) -> None:
    """Write a message with an attachment of 57,000 bytes, so many times."""
    line = base64.b64encode(b"x" * 57) + b"\n"
    stream.write(b"From a@b Fri Mar  5 00:00:00 2021\n" + HEADERS.replace("<a@x>", "<big@x>").encode())
    stream.write(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee the file\n--b\n")
    stream.write(b'Content-Type: video/mp4; name="a.mp4"\nContent-Transfer-Encoding: base64\n\n')
    stream.writelines(line * 1_000 for _times in range(thousands))
    stream.write(b"--b--\n\n")


@pytest.mark.large
def test_an_attachment_of_thirty_megabytes_is_measured_and_let_go(tmp_path: Path) -> None:
    path = tmp_path / "box.mbox"
    with path.open("wb") as stream:
        with_attachment(stream, thousands=530)
    (post,) = [entry for entry in read_mail_posts(path) if isinstance(entry, Post)]
    (file,) = post.attachments
    assert post.text == "See the file"
    assert (file.name, file.media_type, file.size, file.content) == ("a.mp4", "video/mp4", 57 * 530_000, b"")
    assert file.sha256 == hashlib.sha256(b"x" * 57 * 530_000).hexdigest()


@pytest.mark.large
def test_memory_does_not_grow_with_the_box_nor_with_an_attachment(tmp_path: Path) -> None:
    path = tmp_path / "box.mbox"
    with path.open("wb") as stream:
        for number in range(40):
            stream.write(f"From a@b Fri Mar  5 00:00:00 2021\n{HEADERS.replace('<a@x>', f'<{number}@x>')}".encode())
            stream.write(b"\n" + b"Words of ours that fill a line and the box.\n" * 1_000 + b"\n")
        with_attachment(stream, thousands=30)
    tracemalloc.start()
    posts = sum(1 for entry in read_mail_posts(path) if isinstance(entry, Post))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert posts == 41
    assert path.stat().st_size > 4_000_000
    assert peak < 1_500_000


@given(st.binary(max_size=600))
def test_any_bytes_are_read_without_an_exception(data: bytes) -> None:
    for entry in stream_mail(raw(data)):
        assert isinstance(entry, Post | Finding)


PIECES = st.sampled_from(
    [
        "From a@b Fri Mar  5 00:00:00 2021\n",
        "From: =?utf-8?B?4pi?= <a@b>\n",
        "From: \udcff\udcfe\n",
        "Content-Type: multipart/mixed; boundary=b\n",
        'Content-Type: multipart/alternative; boundary="b\n',
        "Content-Type: message/rfc822\n",
        "Content-Type: text/plain; charset*0=ut; charset*1=f-8; format=flowed\n",
        "Content-Type: text/html; charset=nothing\n",
        "Content-Disposition: attachment; filename*=utf-99''%ff%\n",
        "Content-Transfer-Encoding: base64\n",
        "Content-Transfer-Encoding: quoted-printable\n",
        "Date: Fri, 99 Foo 99999999 99:99 +99999\n",
        "Message-ID: <\n",
        "References: <a@b> <<c@d> e\n",
        "\n",
        "--b\n",
        "--b--\n",
        "=ZZ=\n",
        "On Monday wrote:\n> x\n",
        "-- \n",
    ]
)


@given(st.lists(PIECES, max_size=25))
def test_pieces_of_mail_in_any_order_are_read_without_an_exception(pieces: list[str]) -> None:
    data = "".join(pieces).encode("utf-8", "surrogateescape")
    page = read_mail_threads(stream_mail(raw(data), keep_automatic=True))
    json.loads("".join(dump_json(page.threads)).encode("utf-8", "replace"))


# --- who ---


def test_the_author_is_never_taken_from_a_message_inside_nor_from_the_text() -> None:
    mail = one(
        HEADERS
        + "X-Original-From: Mallory <m@evil>\nX-Forwarded-For: Mallory <m@evil>\nResent-From: m@evil\n"
        + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nPlease read\n\n"
        + "---------- Forwarded message ---------\nFrom: Mallory <m@evil>\nDate: 1 Jan 1999 00:00 +0000\n\nGive up\n"
        + "--b\nContent-Type: message/rfc822\n\nFrom: Trudy <t@evil>\nMessage-ID: <inner@evil>\nSubject: Inner\n\n"
        + "Inner words\n--b--\n"
    )
    assert (mail.author, mail.id, mail.at, mail.subject) == (Mailbox("Ann", "ann@example.org"), "a@x", MARCH, "Rooms")
    assert mail.text == "Please read"
    assert "Give up" in mail.quoted
    assert "From: Trudy <t@evil>" in mail.quoted
    assert "Inner words" in mail.quoted


def test_headers_smuggled_behind_an_empty_line_are_text() -> None:
    mail = one("From: Ann <ann@x.org>\nMessage-ID: <a@x>\n\nFrom: Eve <eve@x.org>\n\nhello")
    assert mail.author.address == "ann@x.org"


def test_a_second_from_header_counts_nothing_and_is_told() -> None:
    mail = one("From: Ann <ann@x.org>\nFrom: Eve <eve@x.org>\nDate: 5 Mar 2021 00:00 +0000\nMessage-ID: <a@x>\n\nhi")
    assert mail.author.address == "ann@x.org"
    assert reasons(mail) == ["several_from_headers"]


def test_a_list_that_writes_for_a_member_is_not_the_author() -> None:
    mail = one(
        "From: Ann Lovelace via Strategy <strategy@lists.org>\nReply-To: Ann Lovelace <ann@x.org>\n"
        "List-Post: <mailto:strategy@lists.org>\nMessage-ID: <a@x>\n\nhi"
    )
    assert mail.author == Mailbox("Ann Lovelace", "ann@x.org")
    forged = one("From: Ann via Bank <eve@x.org>\nReply-To: Ann <ann@x.org>\nMessage-ID: <a@x>\n\nhi")
    assert forged.author.address == "eve@x.org"


def test_a_name_that_is_markup_stays_words_and_is_told() -> None:
    mail = one('From: "<img src=x onerror=alert(1)>" <a@x.org>\nDate: 5 Mar 2021 00:00 +0000\nMessage-ID: <a@x>\n\nhi')
    assert mail.author.name == "<img src=x onerror=alert(1)>"
    assert reasons(mail) == ["markup_in_name"]


# --- what ---


@pytest.mark.parametrize(
    ("body", "declared", "text", "reason"),
    [
        ("Größe".encode(), "utf-8", "Größe", None),
        ("Größe".encode("latin-1"), "iso-8859-1", "Größe", None),
        ("“Größe”".encode("cp1252"), "iso-8859-1", "“Größe”", None),
        ("Größe der Räume".encode("latin-1"), "utf-8", "Größe der Räume", "wrong_charset"),
        ("Größe der Räume".encode(), "iso-8859-1", "Größe der Räume", "wrong_charset"),
        ("Größe der Räume".encode("latin-1"), "us-ascii", "Größe der Räume", "wrong_charset"),
        ("Größe der Räume".encode("latin-1"), "no-such-thing", "Größe der Räume", "unknown_charset"),
        ("Größe der Räume".encode("latin-1"), "", "Größe der Räume", "guessed_charset"),
        ("Größe".encode(), "", "Größe", None),
        (
            "Привет всем участникам обсуждения".encode("koi8-r"),
            "",
            "Привет всем участникам обсуждения",
            "guessed_charset",
        ),
        (
            "今日は会議の予定です。よろしく".encode("iso-2022-jp"),
            "",
            "今日は会議の予定です。よろしく",
            "guessed_charset",
        ),
        (b"plain", "unicode_escape", "plain", "unknown_charset"),
        (b"plain", "base64", "plain", "unknown_charset"),
    ],
)
def test_text_in_a_wrong_or_missing_charset_is_recovered_and_said(
    body: bytes, declared: str, text: str, reason: str | None
) -> None:
    said = f"Content-Type: text/plain; charset={declared}\n" if declared else ""
    mail = one((HEADERS + said + "\n").encode() + body)
    assert mail.text == text
    assert reasons(mail) == ([reason] if reason else [])


@given(
    st.binary(max_size=80), st.sampled_from(["", "utf-8", "us-ascii", "iso-8859-1", "cp1252", "gb2312", "utf-7", "x"])
)
def test_any_bytes_in_any_charset_are_text(data: bytes, declared: str) -> None:
    assert isinstance(decode_bytes(data, declared).text, str)


def test_of_alternatives_the_plain_text_counts_and_html_alone_becomes_text() -> None:
    html = "Content-Type: text/html; charset=utf-8\n\n<p>Hi <b>all</b></p><script>alert(1)</script>\n"
    both = one(HEADERS + f"Content-Type: multipart/alternative; boundary=b\n\n--b\n\nHello all\n--b\n{html}--b--\n")
    assert (both.text, "<b>all</b>" in both.html) == ("Hello all", True)
    empty = one(HEADERS + f"Content-Type: multipart/alternative; boundary=b\n\n--b\n\n \n--b\n{html}--b--\n")
    assert empty.text == "Hi all"
    assert one(HEADERS + html).text == "Hi all"


def test_attachments_are_listed_by_name_type_and_size() -> None:
    mail = one(
        HEADERS + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee\n--b\n"
        "Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n"
        "Content-Disposition: attachment; filename*=utf-8''r%C3%A4ume.pdf\n\naGVsbG8=\n--b\n"
        'Content-Type: text/plain; name="../../etc/passwd"\nContent-Disposition: attachment\n\nroot\n--b--\n'
    )
    assert [(file.name, file.media_type, file.size) for file in mail.attachments] == [
        ("räume.pdf", "application/pdf", 5),
        ("passwd", "text/plain", 4),
    ]
    assert mail.text == "See"


def test_tnef_is_recognised_and_told() -> None:
    packed = base64.b64encode(b"\x78\x9f\x3e\x22 and more").decode()
    mail = one(
        HEADERS + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee\n--b\n"
        "Content-Type: application/octet-stream; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
        f"{packed}\n--b--\n"
    )
    assert [(file.name, file.media_type) for file in mail.attachments] == [("winmail.dat", "application/ms-tnef")]
    assert reasons(mail) == ["tnef"]


def test_a_wrong_boundary_loses_no_words() -> None:
    assert "Hello" in one(HEADERS + "Content-Type: multipart/mixed; boundary=b\n\n--c\n\nHello\n--c--\n").text


def test_parts_beyond_any_measure_are_told_not_kept() -> None:
    many = one(HEADERS + "Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\nx\n" * 1_200)
    deep = one(HEADERS + "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(10_000)))
    long = one(HEADERS + "\n" + "words " * 800_000)
    assert reasons(many) == ["too_many_parts"]
    assert deep.id == "a@x"
    assert reasons(long) == ["too_long"]


def test_flowed_text_is_joined_within_its_depth() -> None:
    assert unflow("a \nb\n> q \n> r\nc\n-- \nAnn") == "a b\n> q r\nc\n-- \nAnn"
    assert unflow("Ein \nWort", deletes_space=True) == "EinWort"
    mail = one(HEADERS + "Content-Type: text/plain; format=flowed; charset=utf-8\n\nWe want \nrooms\n")
    assert mail.text == "We want rooms"


@pytest.mark.parametrize(
    ("body", "text", "part", "words"),
    [
        ("On Fri, 5 Mar 2021, Bo <b@x> wrote:\n> Old\n\nNew", "New", "quoted", "Bo <b@x>"),
        ("Neu\n\nAm 05.03.21 um 10:00 schrieb Bo <\nb@x.org>:\n> Alt", "Neu", "quoted", "schrieb"),
        ("Nouveau\n\nLe 5 mars 2021 à 10:00, Bo a écrit :\n> Vieux", "Nouveau", "quoted", "écrit"),
        ("Nuevo\n\nEl 5 mar 2021, Bo escribió:\n> Viejo", "Nuevo", "quoted", "escribió"),
        ("Novo\n\nEm 5 de mar. de 2021, Bo escreveu:\n> Velho", "Novo", "quoted", "escreveu"),
        ("جديد\n\nفي 5 مارس 2021 كتب بو:\n> قديم", "جديد", "quoted", "كتب"),
        ("नया\n\n5 मार्च 2021 को बो ने लिखा:\n> पुराना", "नया", "quoted", "ने लिखा"),
        (
            "New\n\nOn Fri, 5 Mar 2021 at 10:00, Bo <b@x.org> wrote:\n\nOld without marks",
            "New",
            "quoted",
            "Old without",
        ),
        ("New\n\n-----Original Message-----\nFrom: Bo\n\nOld", "New", "quoted", "Old"),
        ("Neu\n\nVon: Bo\nGesendet: Freitag\nAn: Ann\nBetreff: Räume\n\nAlt", "Neu", "quoted", "Alt"),
        ("Hello\n-- \nAnn\nChair", "Hello", "signature", "Chair"),
        (
            "Hello\n________________________\nStrategy mailing list\nhttps://lists.x.org/listinfo",
            "Hello",
            "footer",
            "listinfo",
        ),
        ('>> "Bo" == Bo B <b@x> writes:\n    Bo> old\n    Bo> older\n\nNew', "New", "quoted", "Bo> older"),
        (
            "On Fri, 5 Mar 2021, Bo <b@x> wrote:\nOld, or new?",
            "On Fri, 5 Mar 2021, Bo <b@x> wrote:\nOld, or new?",
            "quoted",
            "",
        ),
        ("Hello\n\nLists: l@x.org\nLeave: l-unsubscribe@x.org\n\nMore at x/listinfo/l", "Hello", "footer", "Leave:"),
        ("He said:\n\n1. one\n2. two", "He said:\n\n1. one\n2. two", "quoted", ""),
        ("From: here\nto there", "From: here\nto there", "quoted", ""),
    ],
)
def test_own_words_are_told_from_others(body: str, text: str, part: str, words: str) -> None:
    said = separate(body)
    assert said.text == text
    assert words in getattr(said, part)


LINES = st.sampled_from(
    [
        "",
        "Hello",
        "> old",
        ">> older",
        "On 5 Mar Bo wrote:",
        "-- ",
        "________________",
        "https://x.org/listinfo",
        "From: a",
        "Sent: b",
        "To: c",
        "Subject: d",
        "-----Original Message-----",
        "Ann",
    ]
)


@given(st.lists(LINES, max_size=14))
def test_every_line_ends_up_in_one_part(lines: list[str]) -> None:
    said = separate("\n".join(lines))
    parts = [line for part in (said.text, said.quoted, said.signature, said.footer) for line in part.split("\n")]
    assert sorted(line for line in parts if line) == sorted(line.rstrip() for line in lines if line.strip())


def test_html_runs_nothing_and_nests_as_deep_as_it_likes() -> None:
    assert html_to_text("<style>p{}</style><p onclick=x>Hi</p><a href='javascript:alert(1)'>there</a>") == "Hi\n\nthere"
    assert html_to_text("&lt;b&gt; stays") == "<b> stays"
    assert html_to_text("<div>" * 10_000 + "deep") == "deep"
    assert html_to_text("<ul><li>a<li>b</ul><ol start=3><li>c</ol>") == "- a\n- b\n\n3. c"
    assert html_to_text('<a href="https://x.org">x</a>') == "x <https://x.org>"


@given(st.text(max_size=100) | st.text("<>/abdivlockquote =\"'&;!-", max_size=100))
def test_any_text_is_html_of_some_kind(markup: str) -> None:
    assert isinstance(html_to_text(markup), str)


# --- ids, duplicates, automatic mail ---


def test_a_message_without_an_id_gets_the_same_one_each_time() -> None:
    said = "From: a@x.org\nDate: 5 Mar 2021 00:00 +0000\nSubject: s\n\nhi"
    first, again, other = one(said), one(said), one(said + " there")
    assert first.is_id_made
    assert first.id == again.id != other.id
    assert reasons(first) == ["no_message_id"]


def test_a_message_that_comes_twice_is_one_and_another_under_its_id_is_kept() -> None:
    entries = list(stream_mail(raw(box(HEADERS + "\nOne", HEADERS + "\nOne", HEADERS + "\nTwo"))))
    posts = [entry for entry in entries if isinstance(entry, Post)]
    assert [post.text for post in posts] == ["One", "Two"]
    assert len({post.id for post in posts}) == 2
    assert [e.reason for e in entries if isinstance(e, Finding)] == ["duplicate", "same_id_other_content"]


@pytest.mark.large
@pytest.mark.parametrize(
    "said",
    [
        "=?utf-8?q?x",
        "<a@",
        "a@",
        "@",
        "(",
        ")(",
        "<",
        '"',
        "\\(",
        "a.b-",
        " at a",
        "re: ",
        "[re] ",
        "<a at b.c> ",
        "=?=",
        "> ",
    ],
)
def test_a_header_or_line_made_to_keep_us_busy_does_not(said: str) -> None:
    """Work that grew with the square of the length would take hours here, not seconds."""
    long = said * (240_000 // len(said))
    for name in ("From", "Subject", "Date", "Message-ID", "References", "Received", "List-Post", "Content-Type"):
        one(f"{name}: {long}\n\nhi")
    mail = one(f"{HEADERS}\nhi\n____________________\n{long}\n\n{long}:\n> x\n")
    assert mail.text
    head = Head("a", (), long)
    assert thread_mail([head], by_subject=True)[0].head is head

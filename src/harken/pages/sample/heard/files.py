"""What was said elsewhere, in the form in which other systems hand it out."""

import csv
import html
import io
import json
import mailbox
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Final

from harken.core.talk.tables.mapping import TableMapping

SURVEY_COLUMNS: Final = (
    *("No.", "Date", "Name", "Language", "City", "Which language do you live in?", "What do you do at a bench?"),
    *("What do you say?", "Where do you stand?"),
)


@dataclass(frozen=True, slots=True)
class ForeignPost:
    """A post as it stood elsewhere: `account` is what its author is known by there, `parent` its place among all."""

    author: str
    account: str
    at: datetime
    text: str
    depth: int = 1
    parent: int | None = None


@dataclass(slots=True)
class ForeignThread:
    """Posts under a heading or subject."""

    heading: str
    posts: list[ForeignPost] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """What somebody wrote into a survey; `answers` to its questions in their order."""

    author: str
    at: datetime
    lang: str
    place: str
    community: str
    role: str
    text: str
    stance: str
    answers: Sequence[str]


def write_wikitext(path: Path, threads: Iterable[ForeignThread]) -> None:
    """A talk page: indented by colons, signed as MediaWiki signs in English."""
    parts = []
    for thread in threads:
        parts.append(f"== {thread.heading} ==")
        for post in thread.posts:
            clock = f"{post.at:%H:%M}, {post.at.day} {post.at:%B %Y} (UTC)"
            signed = f"[[User:{post.account}|{post.author}]] ([[User talk:{post.account}|talk]]) {clock}"
            parts.append(f"{':' * (post.depth - 1)}{post.text} {signed}")
        parts.append("")
    path.write_text("\n".join(parts), encoding="utf-8")


def write_mbox(path: Path, threads: Iterable[ForeignThread]) -> None:
    """The archive of a mailing list."""
    box = mailbox.mbox(path)
    for number, thread in enumerate(threads):
        for place, post in enumerate(thread.posts):
            message = EmailMessage()
            message["From"] = f"{post.author.replace(',', '')} <{post.account}@example.org>"
            message["To"] = "benches@lists.example.org"
            message["Date"] = format_datetime(post.at)
            message["Message-ID"] = _message_id(number, place)
            message["Subject"] = thread.heading if post.parent is None else f"Re: {thread.heading}"
            if post.parent is not None:
                message["In-Reply-To"] = message["References"] = _message_id(number, post.parent)
            message.set_content(post.text)
            box.add(message)
    box.close()


def _message_id(thread: int, place: int) -> str:
    return f"<{thread}.{place}@lists.example.org>"


def write_topic(path: Path, topic: int, thread: ForeignThread) -> None:
    """A topic of a forum, as the API of Discourse answers."""
    posts = [
        {
            "id": topic * 1_000 + place,
            "post_number": place,
            "username": post.account,
            "name": post.author,
            "created_at": post.at.isoformat(),
            "cooked": f"<p>{html.escape(post.text)}</p>",
            "reply_to_post_number": None if post.parent is None else post.parent + 1,
        }
        for place, post in enumerate(thread.posts, start=1)
    ]
    answer = {"id": topic, "title": thread.heading, "post_stream": {"posts": posts}}
    path.write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")


def write_survey(path: Path, questions: Sequence[str], rows: Iterable[SurveyRow]) -> TableMapping:
    """A survey as a table, and which of its columns is what."""
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow([*SURVEY_COLUMNS, *questions])
    for number, row in enumerate(rows, start=1):
        day = f"{row.at:%Y-%m-%d %H:%M}"
        told = [row.place, row.community, row.role]
        sheet.writerow([number, day, row.author, row.lang, *told, row.text, row.stance, *row.answers])
    path.write_text(text.getvalue(), encoding="utf-8")
    number_column, date, name, language, city, community, role, say, stand = SURVEY_COLUMNS
    return TableMapping(
        id=number_column,
        time=date,
        author=name,
        language=language,
        text=say,
        stance=stand,
        answers={question: question for question in questions},
        contexts={city: "region", community: "language community", role: "role"},
    )


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """What stood on cards, one to a line."""
    path.write_text("".join(f"- {line}\n" for line in lines), encoding="utf-8")

"""What was said elsewhere comes into the sample as it does anywhere: as files of a wiki, a list, a forum, a survey."""

import tempfile
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from harken.inputs.actions.bringing import ImportTerms, bring_in
from harken.inputs.brought import KINDS, Format
from harken.inputs.foreign import (
    Part,
    open_sheet,
    read_forum_files,
    read_line_file,
    read_mail_file,
    read_table_file,
    read_talk_file,
)
from harken.inputs.models import Channel, Consent, TextKind
from harken.pages.sample.heard.composing import Comment
from harken.pages.sample.heard.content import Conversation, Letter
from harken.pages.sample.heard.files import (
    ForeignPost,
    ForeignThread,
    SurveyRow,
    write_lines,
    write_mbox,
    write_survey,
    write_topic,
    write_wikitext,
)
from harken.pages.sample.heard.room import Room
from harken.pages.sample.heard.telling import community_of, role_of
from harken.people.models import User

COLLECTOR: Final = "chen"
LICENCE: Final = "CC BY-SA 4.0"


def bring_what_was_said_elsewhere(
    room: Room, conversations: Sequence[Conversation], comments: Sequence[Comment], letters: Sequence[Letter]
) -> None:
    """Write the files and bring them in, each into its own source."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _bring_talk_pages(room, folder, conversations, comments)
        _bring_topics(room, folder, conversations, comments)
        _bring_mail(room, folder, conversations, comments, letters)
        _bring_survey(room, folder, comments)
        _bring_cards(room, folder, comments)


def _bring(room: Room, channel: Channel, part: Iterator[Part], terms: ImportTerms, text: str = "") -> None:
    bring_in(
        actor=room.told.people[COLLECTOR],
        process=room.told.process,
        parts=part,
        channel=channel,
        name=terms.source,
        terms=terms,
        kind=KINDS[Format.TABLE] if channel == Channel.SURVEY else TextKind.MESSAGE,
        document=room.find_text(text).document if text else None,
        is_fixed=channel == Channel.MAIL,
    )


def _of(comments: Sequence[Comment], channel: str, text: str = "") -> list[Comment]:
    """The comments that came by a way, where `text` is given of that text."""
    return [one for one in comments if one.channel == channel and text in {"", f"2/{one.on}"}]


def _account(conversation: Conversation, person: User) -> str:
    """What somebody is known by there: on wikis people sign with their names."""
    return person.name if conversation.channel == "talk" else person.username


def _thread_of(room: Room, conversation: Conversation) -> ForeignThread:
    """A conversation held elsewhere."""
    thread = ForeignThread(conversation.heading)
    for place, (post, parent) in enumerate(conversation.parents()):
        at = room.moment(conversation.day, place * 137)
        person = room.told.people[post.by]
        thread.posts.append(ForeignPost(person.name, _account(conversation, person), at, post.said, post.depth, parent))
    return thread


def _post_of(room: Room, comment: Comment, number: int) -> ForeignPost:
    at = room.moment(-13 + number % 11, number * 71)
    return ForeignPost(comment.by, comment.by, at, comment.text)


def _bring_talk_pages(
    room: Room, folder: Path, conversations: Sequence[Conversation], comments: Sequence[Comment]
) -> None:
    talk = [one for one in conversations if one.channel == "talk"]
    for number, ((page, text), sections) in enumerate(groupby(talk, key=lambda one: (one.page, one.text))):
        threads = [_thread_of(room, section) for section in sections]
        posts = [_post_of(room, one, place) for place, one in enumerate(_of(comments, "talk", text))]
        threads.append(ForeignThread("From the benches", posts))
        path = folder / f"talk-{number}.wikitext"
        write_wikitext(path, threads)
        address = f"https://wiki.example.org/wiki/{page.replace(' ', '_')}"
        terms = ImportTerms(source=address, title=page, address=address, licence=LICENCE)
        _bring(room, Channel.TALK, read_talk_file(path, None, title=page), terms, text)


def _bring_topics(room: Room, folder: Path, conversations: Sequence[Conversation], comments: Sequence[Comment]) -> None:
    for topic, conversation in enumerate((one for one in conversations if one.channel == "forum"), start=57):
        thread = _thread_of(room, conversation)
        said = _of(comments, "forum", conversation.text) if conversation.text else []
        thread.posts += [_post_of(room, one, place) for place, one in enumerate(said)]
        path = folder / f"topic-{topic}.json"
        write_topic(path, topic, thread)
        address = f"https://forum.example.org/t/{topic}"
        terms = ImportTerms(source=address, title=conversation.heading, address=address)
        part = read_forum_files([path], "discourse")
        _bring(room, Channel.FORUM, iter([part]), terms, conversation.text)


def _bring_mail(
    room: Room,
    folder: Path,
    conversations: Sequence[Conversation],
    comments: Sequence[Comment],
    letters: Sequence[Letter],
) -> None:
    threads = [_thread_of(room, one) for one in conversations if one.channel == "mail"]
    for number, one in enumerate(_of(comments, "mail")):
        account = f"{one.lang}-{number}"
        at = room.moment(-15 + number % 13, number * 53)
        title = room.find_text(f"2/{one.on}").stored[0].text
        threads.append(ForeignThread(f"{title} ({one.on})", [ForeignPost(one.by, account, at, one.text)]))
    for letter in letters:
        for number, (name, words) in enumerate([*letter.copies()][letter.by_form :]):
            account = f"{letter.lang}-letter-{number}"
            at = room.moment(-5, 20 + number * 17)
            threads.append(ForeignThread(letter.subject, [ForeignPost(name, account, at, words)]))
    path = folder / "benches.mbox"
    write_mbox(path, threads)
    address = "benches@lists.example.org"
    terms = ImportTerms(source=address, title="The list of the benches", address=f"mailto:{address}")
    with path.open("rb") as pipe:
        _bring(room, Channel.MAIL, iter([read_mail_file(path, pipe)]), terms)


def _bring_survey(room: Room, folder: Path, comments: Sequence[Comment]) -> None:
    questions = [room.question("keep", "en").text, room.question("missing", "en").text]
    rows = [
        SurveyRow(
            author="" if number % 3 else one.by,
            at=room.moment(-12 + number % 9, number * 37),
            lang=one.lang,
            place=one.place if number % 3 == 1 else "",
            community=community_of(one.lang, number),
            role=role_of(number),
            text=one.text,
            stance=one.stance,
            answers=(one.keep, one.missing if number % 2 else ""),
        )
        for number, one in enumerate(_of(comments, "survey"))
    ]
    path = folder / "survey.csv"
    table, mapping = open_sheet(path, write_survey(path, questions, rows))
    terms = ImportTerms(source="survey.csv", title="Saturday survey at forty benches", consent=Consent.NAMELESS)
    _bring(room, Channel.SURVEY, iter([read_table_file(table, mapping)]), terms)


def _bring_cards(room: Room, folder: Path, comments: Sequence[Comment]) -> None:
    path = folder / "cards.txt"
    write_lines(path, [one.text for one in _of(comments, "list")])
    terms = ImportTerms(source="cards.txt", title="Cards from the tea tin, typed up")
    _bring(room, Channel.LIST, iter([read_line_file(path)]), terms)

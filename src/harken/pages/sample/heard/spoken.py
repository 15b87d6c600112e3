"""What people say on the site itself: conversations, comments, letters that went round, and agreement."""

import random
from collections.abc import Iterator, Sequence
from typing import Final

from django.contrib.auth.models import AnonymousUser

from harken.documents.models import Version
from harken.inputs.actions.agreeing import agree_because, agree_with_input
from harken.inputs.actions.following import Contact, follow_input
from harken.inputs.actions.giving import give_input
from harken.inputs.actions.notices import set_mail
from harken.inputs.actions.recording import About, Said, Speaker, Words, record_input
from harken.inputs.form_tokens import new_form_token
from harken.inputs.models import Frequency, Input, SpeakerKind, Stance
from harken.pages.sample.heard.composing import Comment
from harken.pages.sample.heard.content import Conversation, Letter, SpokenPost, read_held
from harken.pages.sample.heard.room import Room
from harken.pages.sample.heard.telling import told_with
from harken.pages.sample.story.told import find_passage
from harken.processes.models import GuidingQuestion

_FREQUENCIES: Final = (Frequency.DAILY, Frequency.WEEKLY, Frequency.AT_ONCE, Frequency.NONE)
_MOST_AGREE: Final = 9


def speak_on_the_site(
    room: Room, conversations: Sequence[Conversation], comments: Sequence[Comment], letters: Sequence[Letter], seed: int
) -> None:
    """Say all of it, in the order in which it was said as far as it hangs together."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    said = [one for talk in conversations if talk.channel == "form" for one in _converse(room, talk)]
    of_form = [comment for comment in comments if comment.channel == "form"]
    said += [_comment(room, comment, number, chance) for number, comment in enumerate(of_form)]
    for letter in letters:
        for number, (name, words) in enumerate([*letter.copies()][: letter.by_form]):
            record_input(
                actor=AnonymousUser(),
                process=room.told.process,
                said=Said(words, letter.lang, stance=Stance(letter.stance)),
                about=About(room.find_text(letter.text).document),
                speaker=Speaker(SpeakerKind.PSEUDONYM, name),
                said_at=room.moment(-6, number * 23),
            )
    _agree(said, chance)
    _send_what_is_held(room)


def _converse(room: Room, talk: Conversation) -> Iterator[Input]:
    about = _about(room, talk)
    said: list[Input] = []
    for place, (post, parent) in enumerate(talk.parents()):
        said.append(_post(room, talk, post, said[parent] if parent is not None else None, about, place))
        if post.name:
            room.said[post.name] = said[-1]
        if post.mail:
            _leave_address(room, said[-1], post.by, post.mail, post.lang, Frequency.DAILY, confirms=True)
    return iter(said)


def _about(room: Room, talk: Conversation) -> About:
    if not talk.text:
        return About()
    text = room.find_text(talk.text)
    if not talk.words:
        return About(text.document)
    stored = find_passage(text.stored, talk.words)
    start = stored.text.index(talk.words)
    words = Words(Version.objects.get(pk=stored.version_id), start, start + len(talk.words))
    return About(text.document, text.passages[stored.passage_id], words)


def _post(room: Room, talk: Conversation, post: SpokenPost, parent: Input | None, about: About, place: int) -> Input:
    actor, speaker = room.speaker(post.by)
    said = Said(post.said, post.lang, stance=Stance(post.stance) if post.stance else None)
    if post.agrees and parent is not None:
        return agree_because(
            actor=actor,
            said=parent,
            browser=post.by,
            reason=said,
            form=new_form_token(),
            speaker=speaker,
        ).input
    return record_input(
        actor=actor,
        process=room.told.process,
        said=said,
        # A reply is about what the first one is about, and needs no mark of its own on the words.
        about=about if parent is None else About(about.document, about.passage),
        speaker=speaker,
        reply_to=parent,
        said_at=room.moment(talk.day, place * 173),
        is_late=talk.late,
    )


def _comment(room: Room, comment: Comment, number: int, chance: random.Random) -> Input:
    text = room.find_text(f"2/{comment.on}")
    body = [passage for passage in text.stored if passage.kind in ("summary", "paragraph", "item")]
    passage = text.passages[chance.choice(body).passage_id] if number % 5 else None
    responses: list[tuple[GuidingQuestion, str]] = []
    if number % 3 == 0:
        responses.append((room.question("keep", comment.lang), comment.keep))
    if number % 4 == 0:
        responses.append((room.question("missing", comment.lang), comment.missing))
    said = record_input(
        actor=AnonymousUser(),
        process=room.told.process,
        said=Said(
            comment.text,
            comment.lang,
            stance=Stance(comment.stance) if number % 7 else None,
            responses=responses,
            contexts=told_with(comment.lang, comment.place, number),
        ),
        about=About(text.document, passage),
        speaker=Speaker(SpeakerKind.PSEUDONYM, comment.by) if number % 8 else Speaker(SpeakerKind.UNKNOWN),
        said_at=room.moment(-17 + number % 16, number * 97 % 840),
    )
    if number % 6 == 0:
        frequency = _FREQUENCIES[number // 6 % len(_FREQUENCIES)]
        _leave_address(
            room, said, "", f"speaker-{number}@example.org", comment.lang, frequency, confirms=number % 4 == 0
        )
    return said


def _leave_address(
    room: Room, said: Input, by: str, email: str, lang: str, frequency: Frequency, *, confirms: bool
) -> None:
    contact = Contact(email, lang, room.told.process.time_zone, frequency)
    actor = room.told.people.get(by, AnonymousUser())
    following = follow_input(actor=actor, said=said, contact=contact)
    if confirms:
        set_mail(
            actor=actor,
            correspondent=following.correspondent,
            frequency=frequency,
            lang=lang,
            time_zone=contact.time_zone,
        )


def _agree(said: Sequence[Input], chance: random.Random) -> None:
    """Some of what was said is what others would have said too."""
    standing = [one for one in said if one.depth == 1 and not one.is_late]
    for one in chance.sample(standing, len(standing) // 3):
        for number in range(chance.randint(1, _MOST_AGREE)):
            agree_with_input(actor=AnonymousUser(), said=one, browser=f"sample-{one.pk}-{number}")


def _send_what_is_held(room: Room) -> None:
    for held in read_held():
        actor, speaker = room.speaker(held["by"])
        give_input(
            actor=actor,
            process=room.told.process,
            said=Said(held["said"], held["lang"]),
            form=new_form_token(),
            about=About(room.find_text(held["text"]).document) if held["text"] else About(),
            speaker=speaker,
        )

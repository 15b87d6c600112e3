"""The sample is full of what people said: by every channel, in every language, answered, moderated and counted."""

import datetime
import itertools
from collections import Counter

import pytest
from django.db.models import Count, Max
from django.test import Client
from django.utils import timezone

from harken.inputs.models import (
    Campaign,
    Channel,
    Complaint,
    Consent,
    ContextFact,
    Correspondent,
    Fault,
    Frequency,
    Hiding,
    Input,
    InputNote,
    InputState,
    LateInput,
    Meeting,
    MeetingState,
    Notice,
    QuestionResponse,
    Redaction,
    Registration,
    SavedFilter,
    Source,
    SpeakerKind,
    Stance,
    Standing,
    Support,
    TextKind,
    Wording,
)
from harken.inputs.queries.contexts import who_was_heard
from harken.inputs.queries.rules import rules_of
from harken.pages.sample.heard.composing import compose_comments
from harken.pages.sample.heard.content import LANGUAGES, read_conversations, read_language, read_letters
from harken.pages.sample.load import PASSWORD
from harken.processes.models import GuidingQuestion, Process
from tests.cast import text_of
from tests.inputs.test_meetings import fields_of

pytestmark = [pytest.mark.usefixtures("sample_to_read"), pytest.mark.django_db]

ROOT = "/processes/worth-mending/"


def counted(column: str) -> dict[str, int]:
    return dict(Input.objects.values_list(column).annotate(number=Count("pk")).order_by())


def said(begins: str) -> Input:
    return Input.objects.get(wordings__text__startswith=begins, wordings__number=1)


def test_hundreds_of_inputs_came_by_seven_channels() -> None:
    assert counted("source__channel") == {
        Channel.FORM: 163,
        Channel.MAIL: 61,
        Channel.SURVEY: 49,
        Channel.TALK: 30,
        Channel.FORUM: 25,
        Channel.LIST: 14,
        Channel.MEETING: 12,
    }
    assert Input.objects.count() == 354


def test_they_are_in_seven_languages_and_the_machine_told_those_that_nobody_said() -> None:
    assert counted("lang") == {"en": 113, "de": 49, "pt": 47, "es": 35, "fr": 37, "ar": 37, "hi": 36}
    known = {comment.text: comment.lang for comment in compose_comments(1906)}
    known |= {post.said: post.lang for talk in read_conversations() for post in talk.posts}
    told = Wording.objects.filter(text__in=known, lang="").values_list("text", "input__lang")
    assert len(told) > 100
    assert {text: lang for text, lang in told if known[text] != lang} == {}


def test_no_two_comments_are_the_same_and_each_language_has_its_own_words() -> None:
    texts = [comment.text for comment in compose_comments(1906)]
    texts += [post.said for talk in read_conversations() for post in talk.posts]
    texts += [words for letter in read_letters() for _name, words in letter.copies()]
    assert len(set(texts)) == len(texts) == 339
    for lang in LANGUAGES:
        spoken = read_language(lang)
        assert spoken.lang == lang
        assert len({claim.text for claim in spoken.claims}) == 27
        assert {claim.stance for claim in spoken.claims} <= set(Stance.values)
        assert all("{place}" not in comment for comment in texts)


def test_conversations_go_across_languages_and_six_replies_deep() -> None:
    begun = said("I have hosted on Thursdays")
    conversation = Input.objects.filter(thread=begun.pk)
    assert conversation.aggregate(deepest=Max("depth"))["deepest"] == 6
    assert set(conversation.values_list("lang", flat=True)) == set(LANGUAGES)
    deep = Input.objects.filter(depth__gte=4).values("thread").distinct()
    assert Counter(deep.values_list("source__channel", flat=True)).keys() == {"form", "talk", "forum", "mail"}


def test_people_speak_of_words_of_passages_of_texts_and_of_the_process() -> None:
    assert Input.objects.filter(anchor__isnull=False).count() == 6
    assert Input.objects.filter(anchor__isnull=True, passage__isnull=False).count() > 80
    assert Input.objects.filter(document__isnull=True).exists()
    assert Input.objects.exclude(document=None).values("document").distinct().count() >= 40
    assert set(Wording.objects.exclude(stance="").values_list("stance", flat=True)) == set(Stance.values) - {"neutral"}
    assert set(Wording.objects.values_list("speaker_kind", flat=True)) == set(SpeakerKind.values)


def test_they_answer_guiding_questions_that_are_asked_in_seven_languages() -> None:
    asked = GuidingQuestion.objects.filter(process__slug="worth-mending")
    assert Counter(asked.values_list("lang", flat=True)) == dict.fromkeys(LANGUAGES, 4)
    responses = QuestionResponse.objects.select_related("question")
    assert set(responses.values_list("question__lang", flat=True)) == set(LANGUAGES)
    assert not responses.filter(question=None).exists()
    assert ContextFact.objects.filter(kind="region").count() >= 25
    assert Source.objects.get(channel=Channel.SURVEY).consent == Consent.NAMELESS


def test_others_agree_and_some_say_why() -> None:
    assert Support.objects.count() > 100
    reasons = Support.objects.filter(reason__isnull=False)
    assert reasons.count() == 3
    assert all(support.reason and support.reason.parent_id == support.input_id for support in reasons)
    assert Wording.objects.filter(kind=TextKind.AGREEMENT).count() == 3


def test_two_letters_went_round_and_the_larger_is_known_as_a_campaign(client: Client) -> None:
    sizes = Campaign.objects.order_by("-size").values_list("size", "lang", "is_confirmed")
    assert list(sizes) == [(42, "en", True), (7, "de", None)]
    larger, smaller = Campaign.objects.order_by("-size")
    assert Counter(larger.inputs.values_list("source__channel", flat=True)) == {"form": 26, "mail": 16}
    assert None in larger.pattern
    assert "Please keep the recommendation" in "".join(part or "…" for part in larger.pattern)
    assert smaller.title.startswith("Wir reparieren in …")
    assert "42 inputs say nearly the same" in text_of(client, f"{ROOT}inputs/?document=iteration-2/RR-R1")


def test_one_meeting_was_held_and_reported_and_another_is_to_come(client: Client) -> None:
    held = Meeting.objects.get(state=MeetingState.REPORTED)
    points = Wording.objects.filter(input__source=held.source)
    assert points.count() == 12
    assert {(one.kind, one.speaker_kind, one.headcount, one.participant_id) for one in points} == {
        (TextKind.POINT, SpeakerKind.GROUP, 27, None)
    }
    coming = Meeting.objects.get(state=MeetingState.ANNOUNCED)
    assert coming.starts_at > timezone.now()
    registered = Registration.objects.filter(meeting=coming)
    assert Counter(registered.values_list("is_waiting", flat=True)) == {False: 6, True: 2}
    assert "27 people took part" in text_of(client, f"{ROOT}meetings/")


def test_the_report_of_the_meeting_opens_and_is_saved_as_it_is(client: Client) -> None:
    held = Meeting.objects.select_related("liaison").get(state=MeetingState.REPORTED)
    assert held.liaison is not None
    before = list(Wording.objects.order_by("pk").values_list("pk", "input__document"))
    client.force_login(held.liaison)
    address = f"{ROOT}meetings/{held.public_id}/report/"
    assert client.post(address, fields_of(text_of(client, address))).status_code == 302
    assert list(Wording.objects.order_by("pk").values_list("pk", "input__document")) == before
    kit = text_of(client, f"{ROOT}meetings/{held.public_id}/kit/")
    assert kit.count('<span class="code">') > 50


def test_some_came_late_and_some_wait_for_a_moderator(client: Client) -> None:
    assert Input.objects.filter(is_late=True).count() == 3
    assert rules_of(Process.objects.get(slug="worth-mending")).late == LateInput.ACCEPTED
    assert counted("standing") == {None: 348, Standing.HELD: 3, Standing.HIDDEN: 2, Standing.WITHDRAWN: 1}
    client.login(username="gulnara", password=PASSWORD)
    page = text_of(client, f"{ROOT}moderation/")
    assert "more links than this process allows" in page
    assert "cheap-manuals.example" in page


def test_what_was_hidden_has_a_reason_and_an_appeal_waits_for_another_moderator(client: Client) -> None:
    assert Counter(Hiding.objects.values_list("fault", flat=True)) == {Fault.SPAM: 1, Fault.ABUSE: 1}
    appealed = Hiding.objects.get(appealed_at__isnull=False)
    assert (appealed.by_name, appealed.decided_at) == ("Gulnara", None)
    assert Counter(Complaint.objects.values_list("upheld", flat=True)) == {True: 2, None: 2}
    page = text_of(client, f"{ROOT}inputs/{appealed.input_id}/")
    assert "Der Satz beleidigt" in page
    assert "Lump" not in page


def test_words_were_corrected_taken_back_and_redacted(client: Client) -> None:
    corrected = said("Whoever goes to the council should stay")
    assert [one.text.count("mouth") for one in corrected.wordings.order_by("number")] == [1, 0]
    assert Input.objects.get(standing=Standing.WITHDRAWN).conversation.count() == 2
    redacted = Redaction.objects.get()
    assert not redacted.input.wordings.get().text
    assert "The words were taken away" in text_of(client, f"{ROOT}inputs/{redacted.input_id}/")


def test_inputs_have_states_owners_days_notes_and_filters(client: Client) -> None:
    states = counted("state")
    assert set(states) == set(InputState.values)
    assert states[InputState.IN_WORK] == 17
    owners = Input.objects.exclude(owner=None).values_list("owner__username", flat=True)
    assert set(owners) == {"bruno", "henrique", "esra"}
    assert not Input.objects.filter(due_at=None).exists()
    unanswered = Input.objects.exclude(state=InputState.ANSWERED)
    assert unanswered.filter(due_at__lt=timezone.now()).count() == 2
    assert all(one.waiting_on for one in Input.objects.filter(state=InputState.WAITING))
    assert InputNote.objects.count() == 3
    assert Counter(SavedFilter.objects.values_list("is_shared", flat=True)) == {True: 2, False: 1}
    client.login(username="henrique", password=PASSWORD)
    assert "2 inputs are overdue." in text_of(client, f"{ROOT}queue/")


def test_mail_goes_to_those_who_left_an_address_and_none_of_these_exists() -> None:
    correspondents = Correspondent.objects.all()
    assert set(correspondents.values_list("frequency", flat=True)) == set(Frequency.values)
    assert Counter(bool(one.confirmed_at) for one in correspondents).keys() == {True, False}
    assert all(one.email.endswith("@example.org") for one in correspondents)
    assert Notice.objects.exists()


def test_all_of_it_is_prepared_and_found(client: Client) -> None:
    assert not Input.objects.filter(is_prepared=None).exists()
    assert "We are two sisters" not in text_of(client, f"{ROOT}inputs/?q=Bandsäge")
    assert "Wir verleihen eine Bandsäge" in text_of(client, f"{ROOT}inputs/?q=Bandsägen")


def test_posts_stand_as_deep_as_they_were_written() -> None:
    """What the files of the sample say of a conversation is what comes out of them."""
    for talk in read_conversations():
        depths = [post.depth for post in talk.posts]
        assert depths[0] == 1
        assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(depths))
        kept = Input.objects.filter(wordings__text__in=[post.said for post in talk.posts])
        found = dict(kept.values_list("wordings__text", "depth"))
        for post in talk.posts:
            if post.name != "redacted":
                assert found[post.said] == post.depth, post.said


def test_about_half_who_were_asked_told_something_and_only_what_many_told_is_counted() -> None:
    process = Process.objects.get(slug="worth-mending")
    asked = Wording.objects.filter(number=1, input__source__channel__in=[Channel.FORM, Channel.SURVEY])
    told = asked.filter(contexts__isnull=False).distinct().count()
    assert 0.35 < told / asked.count() < 0.65
    # Until the day is over nobody is counted.
    assert who_was_heard(process, timezone.now()) == ()
    heard = {one.kind: one for one in who_was_heard(process, timezone.now() + datetime.timedelta(days=1))}
    assert heard.keys() == {"language community", "role"}
    assert len(heard["language community"].values) == 3
    assert len(heard["role"].values) == 2
    assert all(one.has_others for one in heard.values())

"""What people say themselves: in a minute, without an account, and under the name they choose."""

import pytest
from django.contrib.auth.models import AnonymousUser

from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR, Refused
from harken.documents.actions.anchors import NotThere
from harken.documents.actions.remarks import NothingSaid
from harken.documents.models import Document, Version
from harken.inputs.actions.recording import About, NotAboutThat, Said, Speaker, TooLong, Words, record_input
from harken.inputs.actions.sources import open_source
from harken.inputs.models import Channel, Consent, ContextKind, Input, SpeakerKind, Stance, TextKind, Wording
from harken.inputs.queries.counts import count_by_document, count_in_process
from harken.processes.actions import create_process, set_guiding_questions
from harken.processes.models import Process
from tests.cast import Cast, add_round, open_phase
from tests.inputs.saying import a_post, a_source, bring_in

ANYBODY = AnonymousUser()


@pytest.fixture
def document(cast: Cast) -> Document:
    _iteration, (document, _other) = add_round(cast.process, cast.advocacy, "Water the beds at night", "Dig")
    return document


def title_of(document: Document) -> Version:
    return Version.objects.get(passage__document=document)


def test_somebody_without_an_account_says_what_they_think(cast: Cast, document: Document) -> None:
    said = record_input(actor=ANYBODY, process=cast.process, said=Said(" Yes, *please*. ", "pt"), about=About(document))
    wording = said.wordings.get()
    assert (wording.text, wording.html, wording.lang) == ("Yes, *please*.", "<p>Yes, <em>please</em>.</p>", "pt")
    assert (wording.speaker_kind, wording.speaker_name, wording.participant) == (SpeakerKind.UNKNOWN, "", None)
    assert (said.document, said.source.channel, said.thread, said.depth) == (document, Channel.FORM, said, 1)
    event = AuditEvent.objects.get(verb="gave input")
    assert (event.actor, event.subject_id) == (None, said.pk)
    assert "please" not in f"{event.subject_name} {event.detail}"
    assert count_by_document(cast.process) == {document.pk: 1}


def test_a_participant_speaks_under_their_name_or_another(cast: Cast) -> None:
    record_input(actor=cast.dalia, process=cast.process, said=Said("One."))
    record_input(
        actor=cast.dalia, process=cast.process, said=Said("Two."), speaker=Speaker(SpeakerKind.PSEUDONYM, "Rose")
    )
    speakers = Wording.objects.order_by("input").values_list("speaker_kind", "speaker_name", "participant")
    assert list(speakers) == [("participant", "Dalia", cast.dalia.pk), ("pseudonym", "Rose", cast.dalia.pk)]


def test_what_a_group_said_is_the_groups_and_not_the_liaisons(cast: Cast) -> None:
    meeting = open_source(
        actor=cast.chen, process=cast.process, channel=Channel.MEETING, key="2019-08-09", title="Salon", headcount=23
    )
    said = record_input(
        actor=cast.chen,
        process=cast.process,
        source=meeting,
        said=Said("We want shade.", kind=TextKind.POINT),
        speaker=Speaker(SpeakerKind.GROUP, "Gardeners of Apia", 23),
    )
    wording = said.wordings.get()
    assert (wording.speaker_kind, wording.speaker_name, wording.headcount) == ("group", "Gardeners of Apia", 23)
    assert (wording.participant, wording.kind, said.source) == (None, "point", meeting)
    assert meeting.collected_by == cast.chen
    with pytest.raises(Refused):
        record_input(actor=cast.dalia, process=cast.process, source=meeting, said=Said("Me too."))


def test_words_of_a_passage_carry_an_anchor(cast: Cast, document: Document) -> None:
    version = title_of(document)
    about = About(document, words=Words(version, 6, 14))
    said = record_input(actor=ANYBODY, process=cast.process, said=Said("Which?", stance=Stance.QUESTION), about=about)
    assert said.anchor is not None
    assert (said.anchor.exact, said.passage) == ("the beds", version.passage)
    assert said.wordings.get().stance == "question"
    whole = record_input(
        actor=ANYBODY, process=cast.process, said=Said("Fine."), about=About(document, passage=version.passage)
    )
    assert (whole.anchor, whole.passage) == (None, version.passage)
    with pytest.raises(NotThere):
        record_input(
            actor=ANYBODY, process=cast.process, said=Said("?"), about=About(document, words=Words(version, 6, 999))
        )


def test_replies_hang_below_each_other_across_channels(cast: Cast) -> None:
    bring_in(a_source(cast.process), a_post("a"))
    first = Input.objects.get()
    second = record_input(actor=cast.dalia, process=cast.process, said=Said("No."), reply_to=first)
    third = record_input(actor=ANYBODY, process=cast.process, said=Said("Why?", "fr"), reply_to=second)
    assert (third.thread, third.parent, third.depth) == (first, second, 3)
    assert list(Input.objects.order_by("order_key")) == [first, second, third]
    bring_in(a_source(cast.process), a_post("a"), a_post("b", reply_to="a"))
    assert list(Input.objects.order_by("order_key").values_list("depth", flat=True)) == [1, 2, 3, 2]


def test_a_form_sent_twice_says_it_once(cast: Cast) -> None:
    sent = [record_input(actor=ANYBODY, process=cast.process, said=Said("Once."), token="t-1") for _time in range(2)]
    assert sent[0] == sent[1]
    assert (Input.objects.count(), count_in_process(cast.process)) == (1, 1)
    record_input(actor=ANYBODY, process=cast.process, said=Said("Once."), token="t-2")
    assert Input.objects.count() == 2


def test_guiding_questions_and_contexts_are_kept_with_the_words(cast: Cast) -> None:
    set_guiding_questions(actor=OPERATOR, process=cast.process, questions=[{"en": "Keep what?"}, {"en": "Drop what?"}])
    keep, drop = cast.process.guiding_questions.all()
    said = record_input(
        actor=ANYBODY,
        process=cast.process,
        said=Said(
            "",
            responses=[(keep, "The *roses*."), (drop, "  ")],
            contexts=[(ContextKind.REGION, " Samoa "), (ContextKind.ROLE, "")],
        ),
    )
    wording = said.wordings.get()
    assert list(wording.responses.values_list("asked", "text", "html")) == [
        ("Keep what?", "The *roses*.", "<p>The <em>roses</em>.</p>")
    ]
    assert list(wording.contexts.values_list("kind", "value")) == [("region", "Samoa")]


@pytest.mark.parametrize("text", ["", " \n ", "\u2003"])
def test_nothing_said_is_nothing_recorded(cast: Cast, text: str) -> None:
    with pytest.raises(NothingSaid):
        record_input(actor=ANYBODY, process=cast.process, said=Said(text))
    assert not Input.objects.exists()


def test_an_input_has_its_length(cast: Cast) -> None:
    record_input(actor=ANYBODY, process=cast.process, said=Said("a" * 50_000))
    with pytest.raises(TooLong, match="50001"):
        record_input(actor=ANYBODY, process=cast.process, said=Said("a" * 50_001))


def test_what_cannot_be_kept_is_marked(cast: Cast) -> None:
    said = record_input(
        actor=ANYBODY, process=cast.process, said=Said("a\x00b"), speaker=Speaker(SpeakerKind.PSEUDONYM, "\ud800")
    )
    assert (said.wordings.get().text, said.wordings.get().speaker_name) == ("a�b", "�")


def test_what_it_is_about_lies_in_the_process(cast: Cast, document: Document) -> None:
    other = create_process(actor=OPERATOR, slug="other", name="Other", is_public=True)
    elsewhere = Document.objects.exclude(pk=document.pk).get()
    passage = title_of(elsewhere).passage
    for process, about in (
        (other, About(document)),
        (cast.process, About(None, passage=passage)),
        (cast.process, About(document, passage=passage)),
    ):
        with pytest.raises(NotAboutThat):
            record_input(actor=ANYBODY, process=process, said=Said("Hm."), about=about)
    with pytest.raises(NotAboutThat):
        record_input(actor=OPERATOR, process=other, said=Said("Hm."), source=a_source(cast.process))


def test_input_is_given_while_a_phase_opens_it(cast: Cast) -> None:
    open_phase(cast.process, "read")
    with pytest.raises(Refused, match="No phase"):
        record_input(actor=cast.dalia, process=cast.process, said=Said("Now?"))
    open_phase(cast.process, "give_input")
    record_input(actor=cast.dalia, process=cast.process, said=Said("Now."))


def test_nobody_speaks_about_what_they_cannot_see(cast: Cast, document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(published=None)
    document.refresh_from_db()
    with pytest.raises(Refused):
        record_input(actor=ANYBODY, process=cast.process, said=Said("I peek."), about=About(document))
    record_input(actor=cast.bruno, process=cast.process, said=Said("I write it."), about=About(document))
    Process.objects.update(is_public=False)
    cast.process.refresh_from_db()
    with pytest.raises(Refused):
        record_input(actor=cast.farid, process=cast.process, said=Said("I peek."))


def test_nobody_replies_to_what_they_cannot_see(cast: Cast) -> None:
    bring_in(a_source(cast.process, consent=Consent.CLOSED), a_post("a"))
    with pytest.raises(Refused):
        record_input(actor=ANYBODY, process=cast.process, said=Said("I peek."), reply_to=Input.objects.get())

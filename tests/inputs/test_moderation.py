"""Complaints, hiding with a reason, letting through, appeals: who may, what is on record, what readers see."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR, Refused
from harken.inputs.actions.arrivals import Cause, Reason, Verdict, carry_out_verdict
from harken.inputs.actions.moderating import (
    MOST_WAITING,
    AlreadyDecided,
    NoReason,
    appeal_hiding,
    complain,
    decide_appeal,
    dismiss_complaints,
    hide_inputs,
    show_inputs,
)
from harken.inputs.actions.recording import Said, record_input
from harken.inputs.models import Complaint, Fault, Hiding, Input, Redaction, Standing, Support
from harken.inputs.permissions import inputs_visible_to, may_decide_appeal
from harken.inputs.queries.moderation import count_moderation
from harken.inputs.receipts import receipt_token
from harken.people.actions import add_member
from harken.people.models import Role
from harken.processes.actions import create_process
from tests.cast import Cast, text_of

NOBODY = AnonymousUser()


def say(cast: Cast, text: str = "Buy our pills.") -> Input:
    return record_input(actor=NOBODY, process=cast.process, said=Said(text, "en"))


def hide(cast: Cast, *said: Input, reason: str = "It sells pills.") -> None:
    hide_inputs(
        actor=cast.amina, process=cast.process, inputs=[one.pk for one in said], fault=Fault.SPAM, reason=reason
    )


def hold(cast: Cast, said: Input) -> None:
    verdict = Verdict(Standing.HELD, (Reason(Cause.LINKS, "9"),))
    carry_out_verdict(actor=NOBODY, recorded=said, verdict=verdict)


@pytest.fixture
def _moderator(cast: Cast) -> None:
    """Dalia moderates too."""
    add_member(actor=OPERATOR, group=cast.process.body, user=cast.dalia, role=Role.MODERATOR)


def test_whoever_reads_an_input_can_complain_of_it_once(cast: Cast) -> None:
    said = say(cast)
    first = complain(actor=NOBODY, said=said, fault=Fault.SPAM, key="b1", text=" It sells. ")
    assert complain(actor=NOBODY, said=said, fault=Fault.ABUSE, key="b1") == first
    assert complain(actor=cast.farid, said=said, fault=Fault.ABUSE, key="u1") != first
    assert first.text == "It sells."
    assert count_moderation(cast.process).complained == 1
    assert AuditEvent.objects.filter(verb="complained of input", subject_id=said.pk).count() == 2
    assert inputs_visible_to(NOBODY, cast.process).exists(), "a complaint alone hides nothing"


def test_nobody_fills_the_disk_with_complaints(cast: Cast) -> None:
    said = say(cast)
    for number in range(MOST_WAITING + 3):
        complain(actor=NOBODY, said=said, fault=Fault.SPAM, key=f"b{number}")
    assert Complaint.objects.count() == MOST_WAITING


def test_what_cannot_be_read_is_not_complained_of(cast: Cast) -> None:
    said = say(cast)
    hide(cast, said)
    said.refresh_from_db()
    with pytest.raises(Refused):
        complain(actor=NOBODY, said=said, fault=Fault.SPAM, key="b1")


def test_what_is_hidden_leaves_its_reason_and_settles_complaints(cast: Cast) -> None:
    said = say(cast)
    complain(actor=NOBODY, said=said, fault=Fault.SPAM, key="b1")
    version = cast.process.content_version
    hide(cast, said)
    assert not inputs_visible_to(NOBODY, cast.process).exists()
    assert Hiding.objects.get().reason == "It sells pills."
    assert Complaint.objects.get().upheld is True
    assert AuditEvent.objects.get(verb="hid input").detail == {"fault": "spam", "reason": "It sells pills."}
    cast.process.refresh_from_db()
    assert cast.process.content_version > version, "cached pages end here"


def test_hiding_needs_a_reason_even_in_the_database(cast: Cast) -> None:
    said = say(cast)
    with pytest.raises(NoReason):
        hide(cast, said, reason="  ")
    with pytest.raises(IntegrityError), transaction.atomic():
        Hiding.objects.create(input=said, fault=Fault.SPAM, reason="", by_name="x", at=said.at)


def test_hiding_twice_changes_nothing_and_withdrawn_input_is_left_alone(cast: Cast) -> None:
    one, other = say(cast), say(cast)
    Input.objects.filter(pk=other.pk).update(standing=Standing.WITHDRAWN)
    hide(cast, one, other)
    hide(cast, one, other)
    assert [hiding.input for hiding in Hiding.objects.all()] == [one]
    show_inputs(actor=cast.amina, process=cast.process, inputs=[other.pk])
    other.refresh_from_db()
    assert other.standing == Standing.WITHDRAWN


def test_only_moderators_of_the_process_hide_and_only_its_inputs(cast: Cast) -> None:
    said = say(cast)
    for actor in (cast.bruno, cast.chen, cast.dalia, NOBODY):
        with pytest.raises(Refused):
            hide_inputs(actor=actor, process=cast.process, inputs=[said.pk], fault=Fault.SPAM, reason="x")
    other = create_process(actor=OPERATOR, slug="other", name="Other")
    assert hide_inputs(actor=OPERATOR, process=other, inputs=[said.pk], fault=Fault.SPAM, reason="x") == []


def test_what_was_held_is_let_through(cast: Cast) -> None:
    said = say(cast)
    hold(cast, said)
    assert count_moderation(cast.process).held == 1
    assert show_inputs(actor=cast.amina, process=cast.process, inputs=[said.pk]) == [said]
    assert inputs_visible_to(NOBODY, cast.process).exists()
    assert AuditEvent.objects.filter(verb="let input through", subject_id=said.pk).exists()


def test_complaints_are_settled_without_hiding(cast: Cast) -> None:
    said = say(cast)
    complain(actor=NOBODY, said=said, fault=Fault.SPAM, key="b1")
    assert dismiss_complaints(actor=cast.amina, process=cast.process, inputs=[said.pk]) == 1
    assert Complaint.objects.get().upheld is False
    assert count_moderation(cast.process).waiting == 0


@pytest.mark.usefixtures("_moderator")
def test_an_appeal_is_decided_by_another_moderator_with_a_reason(cast: Cast) -> None:
    said = say(cast)
    hide(cast, said)
    hiding = appeal_hiding(actor=NOBODY, said=said, text="I sell nothing.")
    with pytest.raises(Refused, match="once"):
        appeal_hiding(actor=NOBODY, said=said, text="Again.")
    refused = may_decide_appeal(cast.amina, cast.process, hiding)
    assert "another moderator" in str(refused.reason)
    with pytest.raises(NoReason):
        decide_appeal(actor=cast.dalia, process=cast.process, hiding=hiding, upheld=False, decision=" ")
    decide_appeal(actor=cast.dalia, process=cast.process, hiding=hiding, upheld=False, decision="True.")
    assert inputs_visible_to(NOBODY, cast.process).exists()
    with pytest.raises(AlreadyDecided):
        decide_appeal(actor=cast.dalia, process=cast.process, hiding=hiding, upheld=True, decision="No.")


def test_where_there_is_one_moderator_alone_that_one_decides(cast: Cast) -> None:
    said = say(cast)
    hide(cast, said)
    hiding = appeal_hiding(actor=NOBODY, said=said, text="I sell nothing.")
    decide_appeal(actor=cast.amina, process=cast.process, hiding=hiding, upheld=True, decision="You do.")
    said.refresh_from_db()
    assert said.standing == Standing.HIDDEN
    assert Hiding.objects.get().lifted_at is None


def test_what_is_shown_again_by_whoever_hid_it_settles_the_appeal_on_record(cast: Cast) -> None:
    said = say(cast)
    hide(cast, said)
    appeal_hiding(actor=NOBODY, said=said, text="I sell nothing.")
    show_inputs(actor=cast.amina, process=cast.process, inputs=[said.pk])
    hiding = Hiding.objects.get()
    assert (hiding.upheld, hiding.decided_by, hiding.decided_by_name) == (False, cast.amina, cast.amina.display_name)
    assert hiding.decided_at == hiding.lifted_at


def test_who_withdrew_meanwhile_has_withdrawn_whatever_is_decided(cast: Cast) -> None:
    said = say(cast)
    hide(cast, said)
    hiding = appeal_hiding(actor=NOBODY, said=said, text="I sell nothing.")
    Input.objects.filter(pk=said.pk).update(standing=Standing.WITHDRAWN)
    decide_appeal(actor=cast.amina, process=cast.process, hiding=hiding, upheld=False, decision="True.")
    said.refresh_from_db()
    assert said.standing == Standing.WITHDRAWN


def test_a_stranger_complains_by_the_form_and_the_browser_is_known_again(cast: Cast, client: Client) -> None:
    said = say(cast)
    address = reverse("input-complain", args=[cast.process.slug, said.pk])
    assert "Buy our pills." in text_of(client, address)
    assert client.post(address, {}).status_code == 422
    for _twice in range(2):
        assert client.post(address, {"fault": "spam", "text": "It sells."}).status_code == 302
    assert Complaint.objects.count() == 1
    assert Client().post(address, {"fault": "spam"}).status_code == 302
    assert Complaint.objects.count() == 2


def test_the_page_says_why_the_machine_held_something_and_lets_it_through(cast: Cast, amina: Client) -> None:
    said, other = say(cast), say(cast, "And mine.")
    hold(cast, said)
    hold(cast, other)
    address = reverse("moderation", args=[cast.process.slug])
    page = text_of(amina, address)
    assert "more links than this process allows" in page
    assert ">9<" in page
    assert amina.post(address, {"show": "held", "act": "show"}).status_code == 422
    assert amina.post(address, {"show": "held", "act": "hide", "pick": [said.pk]}).status_code == 422
    answer = amina.post(address, {"show": "held", "act": "show", "pick": [said.pk, other.pk]}, follow=True)
    assert "2 inputs can be read now." in answer.content.decode()


def test_what_was_typed_stays_when_hiding_is_refused(cast: Cast, amina: Client) -> None:
    said = say(cast)
    complain(actor=NOBODY, said=said, fault=Fault.SPAM, key="b1", text="Pills!")
    address = reverse("moderation", args=[cast.process.slug])
    page = amina.post(address, {"show": "complained", "act": "hide", "pick": [said.pk], "fault": "abuse"})
    text = page.content.decode()
    assert page.status_code == 422
    assert 'value="abuse" selected' in text
    assert f'value="{said.pk}" checked' in text
    sent = {"show": "complained", "act": "hide", "pick": [said.pk], "fault": "abuse", "reason": "Rude."}
    assert "1 input hidden." in amina.post(address, sent, follow=True).content.decode()
    assert "Rude." in text_of(amina, f"{address}?show=hidden")


def test_a_speaker_appeals_by_the_receipt_and_another_link_leads_nowhere(cast: Cast, client: Client) -> None:
    said = say(cast)
    address = reverse("input-appeal", args=[receipt_token(said)])
    assert client.get(address).status_code == 403
    hide(cast, said)
    assert "It sells pills." in text_of(client, address)
    assert client.post(address, {"text": " "}).status_code == 422
    assert client.post(address, {"text": "I do not."}).status_code == 302
    hiding = Hiding.objects.get()
    decide_appeal(actor=cast.amina, process=cast.process, hiding=hiding, upheld=True, decision="You do.")
    receipt = text_of(client, reverse("receipt", args=[receipt_token(said)]))
    for words in ("It sells pills.", "I do not.", "You do."):
        assert words in receipt
    assert "appeal/" not in receipt
    assert client.get(reverse("input-appeal", args=["forged"])).status_code == 404


def test_an_appeal_is_read_and_decided_on_the_page(cast: Cast, amina: Client) -> None:
    said = say(cast)
    hide(cast, said)
    hiding = appeal_hiding(actor=NOBODY, said=said, text="I <b>sell</b> nothing.")
    page = text_of(amina, f"{reverse('moderation', args=[cast.process.slug])}?show=appealed")
    assert "I &lt;b&gt;sell&lt;/b&gt; nothing." in page
    decide = reverse("moderation-decide", args=[cast.process.slug, hiding.pk])
    assert amina.post(decide, {"outcome": "shown", "decision": ""}).status_code == 422
    assert amina.post(decide, {"outcome": "shown", "decision": "True."}).status_code == 302
    assert inputs_visible_to(NOBODY, cast.process).exists()


def test_one_input_is_hidden_from_where_it_is_read(cast: Cast, amina: Client) -> None:
    said = say(cast)
    address = reverse("input-hide", args=[cast.process.slug, said.pk])
    assert amina.post(address, {"fault": "spam"}).status_code == 422
    assert amina.post(address, {"fault": "spam", "reason": "Pills."}).status_code == 302
    assert "hidden already" in text_of(amina, address)
    assert amina.post(reverse("input-show", args=[cast.process.slug, said.pk])).status_code == 302
    assert inputs_visible_to(NOBODY, cast.process).exists()


@pytest.mark.parametrize("name", ["moderation", "queue", "campaigns", "input-rules"])
def test_the_benches_are_for_those_who_work_with_the_input(cast: Cast, client: Client, name: str) -> None:
    address = reverse(name, args=[cast.process.slug])
    assert client.get(address).status_code == 302
    client.force_login(cast.farid)
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("show", ["held", "complained", "agreed", "hidden"])
def test_a_list_asks_as_often_for_three_as_for_one(
    cast: Cast, amina: Client, show: str, django_assert_num_queries: object
) -> None:
    def add() -> None:
        said = say(cast)
        if show == "held":
            hold(cast, said)
        elif show == "complained":
            complain(actor=NOBODY, said=said, fault=Fault.SPAM, key="b1")
        elif show == "agreed":
            Support.objects.create(input=said, key="b1", at=said.at, standing=Standing.HELD)
        else:
            hide(cast, said)

    assert callable(django_assert_num_queries)
    address = f"{reverse('moderation', args=[cast.process.slug])}?show={show}"
    for rows in (1, 3):
        while Input.objects.count() < rows:
            add()
        with django_assert_num_queries({"held": 18, "complained": 18, "agreed": 18, "hidden": 19}[show]):
            amina.get(address)


def test_an_organiser_takes_away_on_a_page_what_the_law_does_not_let_stand(cast: Cast, client: Client) -> None:
    said = say(cast, "Marta Quispe took it.")
    address = f"/processes/open-garden/inputs/{said.pk}/"
    for stranger in (cast.bruno, cast.chen):
        client.force_login(stranger)
        assert client.get(f"{address}redact/").status_code == 403
    client.force_login(cast.amina)
    assert f"{address}redact/" in text_of(client, address)
    assert "Marta Quispe" in text_of(client, f"{address}redact/")
    refused = client.post(f"{address}redact/", {"what": "both", "reason": " "})
    assert (refused.status_code, Redaction.objects.count()) == (422, 0)
    answer = client.post(f"{address}redact/", {"what": "both", "reason": "A court said so."})
    assert answer["Location"] == f"{address}#input-{said.pk}"
    client.logout()
    page = text_of(client, address)
    assert "A court said so." in page
    assert "Quispe" not in page
    redaction = Redaction.objects.get()
    assert (redaction.words, redaction.speaker, redaction.by) == (True, True, cast.amina)

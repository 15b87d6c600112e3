"""Agreement from one network: beyond what a process takes at once it waits for a moderator, and is not lost."""

import pytest
from django.test import Client
from django.urls import reverse

from harken.base.models import AuditEvent
from harken.base.permits import Refused
from harken.inputs.actions.agreeing import agree_because, agree_with_input, decide_on_supports, stop_agreeing
from harken.inputs.actions.recording import Said
from harken.inputs.actions.rules import Rules, set_input_rules
from harken.inputs.form_tokens import FormToken
from harken.inputs.models import Input, Standing, Support
from harken.inputs.queries.moderation import count_moderation, list_agreed
from tests.cast import Cast, text_of
from tests.inputs.giving import ANYBODY, a_form, again, say_by_form


def test_much_agreement_from_one_network_waits_for_a_moderator_and_is_not_lost(cast: Cast) -> None:
    said, other = say_by_form(cast.process).input, say_by_form(cast.process, "Other.").input
    set_input_rules(actor=cast.amina, process=cast.process, rules=Rules(posts_per_hour=3))

    def agree(number: int, about: Input = said, network: str = "crowd") -> None:
        assert agree_with_input(actor=ANYBODY, said=again(about), browser=f"{network}{number}", network=network)

    for number in range(8):
        agree(number)
    agree(8, other)
    agree(1, network="another")
    assert (again(said).supports, again(other).supports) == (4, None)
    assert Support.objects.filter(input=said).count() == 9
    assert count_moderation(cast.process).agreed == 6
    assert [(row.said.pk, row.agreements) for row in list_agreed(cast.process)] == [(said.pk, 5), (other.pk, 1)]
    # Who agreed and waits has agreed: not twice, and it is theirs to take back.
    assert not agree_with_input(actor=ANYBODY, said=again(said), browser="crowd7", network="crowd")
    stop_agreeing(actor=ANYBODY, said=said, browser="crowd7")
    assert again(said).supports == 4
    with pytest.raises(Refused):
        decide_on_supports(actor=cast.dalia, process=cast.process, inputs=[said.pk], counts=True)
    assert decide_on_supports(actor=cast.amina, process=cast.process, inputs=[said.pk], counts=True) == 4
    assert decide_on_supports(actor=cast.amina, process=cast.process, inputs=[other.pk], counts=False) == 1
    assert (again(said).supports, again(other).supports) == (8, None)
    assert count_moderation(cast.process).waiting == 0
    assert AuditEvent.objects.get(verb="counted agreements").detail == {"number": 4}
    assert AuditEvent.objects.get(verb="left out agreements").subject_id == other.pk


def test_agreement_with_a_reason_waits_as_one_without_does(cast: Cast) -> None:
    said = say_by_form(cast.process).input
    set_input_rules(actor=cast.amina, process=cast.process, rules=Rules(posts_per_hour=2))

    def agree(browser: str, form: FormToken, network: str = "crowd") -> None:
        agree_because(
            actor=ANYBODY, said=again(said), browser=browser, reason=Said("Yes.", "en"), form=form, network=network
        )

    for number in range(3):
        agree(str(number), a_form())
    assert again(said).supports == 2
    assert list(Support.objects.order_by("pk").values_list("standing", flat=True)) == [
        None,
        None,
        Standing.HELD,
    ]
    agree("far", a_form(), network="another")
    assert again(said).supports == 3


def test_a_form_that_comes_again_is_one_agreement_whoever_sends_it(cast: Cast) -> None:
    said = say_by_form(cast.process).input
    set_input_rules(actor=cast.amina, process=cast.process, rules=Rules(posts_per_hour=2))
    form = a_form()

    def agree(browser: str) -> bool:
        given = agree_because(
            actor=ANYBODY, said=again(said), browser=browser, reason=Said("Yes.", "en"), form=form, network="crowd"
        )
        return given.is_new

    assert [agree(str(number)) for number in range(5)] == [True, False, False, False, False]
    assert (Support.objects.count(), again(said).supports) == (1, 1)


def test_what_was_said_before_and_agrees_now_waits_where_much_came_from_its_network(cast: Cast) -> None:
    said = say_by_form(cast.process).input
    forms = [a_form() for _number in range(4)]
    set_input_rules(actor=cast.amina, process=cast.process, rules=Rules(posts_per_hour=2))
    for number, form in enumerate(forms):
        say_by_form(cast.process, f"Yes {number}.", form=form, network="crowd")
    for number, form in enumerate(forms):
        reason = Said(f"Yes {number}.", "en")
        agree_because(actor=ANYBODY, said=again(said), browser=str(number), reason=reason, form=form, network="crowd")
    assert set(Support.objects.values_list("standing", flat=True)) == {Standing.HELD}
    assert again(said).supports is None


def test_moderators_count_agreements_on_their_page(client: Client, cast: Cast) -> None:
    said = say_by_form(cast.process).input
    set_input_rules(actor=cast.amina, process=cast.process, rules=Rules(posts_per_hour=1))
    address = reverse("input-agree", args=["open-garden", said.pk])
    for _number in range(3):
        client.cookies.clear()
        client.post(address, {"lang": "en"})
    assert "as soon as a moderator has looked" in text_of(client, address)
    assert again(said).supports == 1
    client.force_login(cast.amina)
    page = reverse("moderation", args=["open-garden"])
    assert "2 agreements wait." in text_of(client, page)
    client.post(page, {"show": "agreed", "act": "count", "pick": said.pk})
    assert "2 agreements are counted now." in text_of(client, f"{page}?show=agreed")
    assert again(said).supports == 3


def test_what_a_moderator_left_out_stays_so_when_it_is_taken_back_and_comes_again(client: Client, cast: Cast) -> None:
    said = say_by_form(cast.process).input
    set_input_rules(actor=cast.amina, process=cast.process, rules=Rules(posts_per_hour=1))
    address = reverse("input-agree", args=["open-garden", said.pk])
    for _number in range(2):
        client.cookies.clear()
        client.post(address, {"lang": "en"})
    decide_on_supports(actor=cast.amina, process=cast.process, inputs=[said.pk], counts=False)
    assert "You agree with this" in text_of(client, address)
    for _time in range(2):
        client.post(address, {"stop": "yes"})
        assert "You agree with this" not in text_of(client, address)
        set_input_rules(actor=cast.amina, process=cast.process, rules=Rules(posts_per_hour=100))
        client.post(address, {"lang": "en"})
        assert "You agree with this" in text_of(client, address)
        assert again(said).supports == 1
    assert list(Support.objects.order_by("pk").values_list("standing", flat=True)) == [None, Standing.HIDDEN]
    verbs = (
        AuditEvent.objects.filter(verb__endswith="agreed with input").order_by("pk").values_list("detail", flat=True)
    )
    assert list(verbs)[2:] == [{"left out": True}] * 2

"""Campaigns: what says nearly the same is put together and counted, and nothing is lost by it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR, Refused
from harken.inputs.actions.campaigns import NoCampaign, judge_campaign, leave_campaign
from harken.inputs.actions.grouping import FEWEST, group_campaigns, learn_pattern
from harken.inputs.actions.recording import Said, record_input
from harken.inputs.actions.redaction import redact_input
from harken.inputs.models import Campaign, Input, InputBand
from harken.inputs.queries.campaigns import campaign_heads, fold_campaigns, list_campaigns, read_pattern
from harken.processes.actions import create_process
from tests.cast import Cast, text_of

CITIES = ("Lagos", "Lima", "Cairo", "Delhi", "Oslo", "Accra", "Quito", "Hanoi", "Tunis", "Porto", "Davao", "Izmir")


def letter(city: str, name: str = "Ann") -> str:
    return (
        f"Dear council, I live in {city} and I ask you to keep the water of the old river clean, to open its banks "
        f"to all who walk there, and to plant willows where the wall stood. Yours, {name} of {city}"
    )


OTHERS = (
    "The fence along the north side of the garden has fallen, and goats eat what we planted in spring this year.",
    "Please translate the minutes of the last meeting into Arabic before the vote, since half of us cannot read them.",
    "We measured the soil in May and it holds far too much lead for growing vegetables that children are going to eat.",
)


def say(cast: Cast, *texts: str) -> list[Input]:
    return [record_input(actor=AnonymousUser(), process=cast.process, said=Said(text, "en")) for text in texts]


def test_nearly_the_same_letters_become_one_proposed_campaign(cast: Cast) -> None:
    said = say(cast, *(letter(city, f"N{city}") for city in CITIES), *OTHERS)
    assert group_campaigns(said) == len(CITIES)
    campaign = Campaign.objects.get()
    assert campaign.size == len(CITIES) == Input.objects.filter(campaign=campaign).count()
    assert campaign.is_confirmed is None
    assert Input.objects.count() == len(said)
    event = AuditEvent.objects.get(verb="proposed campaign")
    assert event.detail["threshold"]
    assert event.detail["version"]
    assert event.detail["seed"] == 0


def test_what_varies_is_marked_in_the_pattern(cast: Cast) -> None:
    group_campaigns(say(cast, *(letter(city, f"N{city}") for city in CITIES)))
    pieces = read_pattern(Campaign.objects.get().pattern)
    assert any(piece.is_gap for piece in pieces)
    kept = " ".join(piece.text for piece in pieces)
    assert "keep the water of the old river clean" in kept
    assert not any(city in kept for city in CITIES)


def test_the_very_same_text_again_and_again_is_a_campaign_too(cast: Cast) -> None:
    group_campaigns(say(cast, *[letter("Lima")] * FEWEST))
    assert Campaign.objects.get().pattern == [letter("Lima")]


def test_fewer_are_no_campaign_and_those_that_come_later_make_it_one(cast: Cast) -> None:
    for city in CITIES[: FEWEST - 1]:
        assert group_campaigns(say(cast, letter(city))) == 0
    assert group_campaigns(say(cast, letter(CITIES[FEWEST]))) == FEWEST
    assert group_campaigns(say(cast, letter(CITIES[FEWEST + 1]))) == 1
    assert Campaign.objects.get().size == FEWEST + 1


def test_what_says_too_little_to_tell_is_left_alone(cast: Cast) -> None:
    assert group_campaigns(say(cast, *["I agree."] * 9, *["+1"] * 9)) == 0
    assert not InputBand.objects.exists()


def test_a_flood_leaves_no_more_keys_than_its_beginning(cast: Cast) -> None:
    for _again in range(6):
        group_campaigns(say(cast, *(letter(city) for city in CITIES)))
    assert Campaign.objects.get().size == 6 * len(CITIES)
    assert InputBand.objects.values("input").distinct().count() < 2 * len(CITIES)


def test_other_processes_have_their_own(cast: Cast) -> None:
    other = create_process(actor=OPERATOR, slug="other", name="Other", is_public=True)
    for process in (cast.process, other):
        said = [record_input(actor=OPERATOR, process=process, said=Said(letter(city))) for city in CITIES[:3]]
        assert group_campaigns(said) == 0


def test_a_person_says_what_it_is_and_it_is_folded_for_readers_only_then(cast: Cast) -> None:
    said = say(cast, *(letter(city) for city in CITIES), *OTHERS)
    group_campaigns(said)
    campaign = Campaign.objects.get()
    everything = Input.objects.all()
    assert campaign_heads(cast.process, with_proposed=False) == {}
    assert campaign_heads(cast.process, with_proposed=True) == {campaign.pk: said[0].pk}
    judge_campaign(actor=cast.amina, process=cast.process, campaign=campaign, is_confirmed=True, title="River")
    heads = campaign_heads(cast.process, with_proposed=False)
    assert set(fold_campaigns(everything, heads)) == {said[0], *said[len(CITIES) :]}
    judge_campaign(actor=cast.amina, process=cast.process, campaign=campaign, is_confirmed=False)
    assert campaign_heads(cast.process, with_proposed=True) == {}
    assert everything.filter(campaign=campaign).count() == len(CITIES)
    [row], more = list_campaigns(cast.process, is_confirmed=False)
    assert (row.title, row.size, more) == ("River", len(CITIES), None)


def test_the_one_that_stands_for_a_campaign_can_be_read(cast: Cast) -> None:
    said = say(cast, *(letter(city) for city in CITIES))
    group_campaigns(said)
    Input.objects.filter(pk=said[0].pk).update(standing="hidden")
    assert list(campaign_heads(cast.process, with_proposed=True).values()) == [said[1].pk]


def test_words_that_the_law_has_taken_away_are_in_no_pattern_any_more(cast: Cast) -> None:
    said = say(cast, *[letter("Lima")] * FEWEST)
    group_campaigns(said)
    for one in said:
        one.refresh_from_db()
        redact_input(actor=OPERATOR, said=one, reason="A court said so.")
    campaign = Campaign.objects.get()
    assert (campaign.pattern, campaign.title, campaign.size) == ([], "", FEWEST)
    assert not InputBand.objects.exists()


def test_who_says_something_of_their_own_is_taken_out(cast: Cast) -> None:
    said = say(cast, *(letter(city) for city in CITIES))
    group_campaigns(said)
    assert leave_campaign(actor=cast.amina, process=cast.process, inputs=[said[3].pk]) == 1
    assert Campaign.objects.get().size == len(CITIES) - 1
    assert Input.objects.get(pk=said[3].pk).campaign is None


def test_only_moderators_say_what_a_campaign_is_and_only_of_their_process(cast: Cast) -> None:
    group_campaigns(say(cast, *(letter(city) for city in CITIES)))
    campaign = Campaign.objects.get()
    with pytest.raises(Refused):
        judge_campaign(actor=cast.bruno, process=cast.process, campaign=campaign, is_confirmed=True)
    other = create_process(actor=OPERATOR, slug="other", name="Other")
    with pytest.raises(NoCampaign):
        judge_campaign(actor=OPERATOR, process=other, campaign=campaign, is_confirmed=True)


def test_texts_without_a_common_form_are_shown_as_the_commonest() -> None:
    assert learn_pattern([]) == []
    assert learn_pattern(["one", "two", "two"]) == ["two"]


def test_readers_find_a_confirmed_campaign_as_one_entry_with_its_number_and_feeds_leave_nothing_out(
    cast: Cast, client: Client
) -> None:
    group_campaigns(say(cast, *(letter(city, f"N{city}") for city in CITIES)) + say(cast, OTHERS[0]))
    campaign = Campaign.objects.get()
    address = reverse("inputs", args=[cast.process.slug])
    assert text_of(client, address).count('<li class="input') == len(CITIES) + 1
    judge_campaign(actor=cast.amina, process=cast.process, campaign=campaign, is_confirmed=True)
    page = text_of(client, address)
    assert page.count('<li class="input') == 2
    assert f"{len(CITIES)} inputs say nearly the same" in page
    assert "Dear council, I live in" in page
    assert text_of(client, f"{address}?campaign={campaign.pk}").count('<li class="input') == len(CITIES)
    feed = text_of(client, reverse("inputs-json", args=[cast.process.slug]))
    assert all(f"I live in {city}" in feed for city in CITIES)

"""What everybody sees is asked with finished SQL, and is what the ORM would answer."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from harken.base.permits import OPERATOR
from harken.documents.permissions import documents_visible_to
from harken.inputs.actions.sources import open_source
from harken.inputs.everybody import choices_for_everybody, count_for_everybody, newest_for_everybody
from harken.inputs.forms.reading import narrow
from harken.inputs.listing import Listing, read_listing
from harken.inputs.models import Campaign, Channel, Consent, Input
from harken.inputs.queries.campaigns import fold_campaigns
from harken.inputs.queries.reading import count_wanted, find_inputs, list_choices
from tests.cast import Cast, add_round, text_of
from tests.inputs.saying import a_post, a_source, bring_in

LIST = "/processes/open-garden/inputs/"
ADDRESSES = [
    "",
    "document=AD-R1",
    "lang=ar",
    "lang=unknown",
    "stance=support",
    "late=yes",
    "late=yes&lang=en",
    "document=AD-R1&lang=en&stance=support",
    "passage=PASSAGE",
    "passage=nowhere",
    "campaign=1",
    "document=AD-R1&passage=PASSAGE&lang=en",
]


def listing_of(cast: Cast, query: str) -> Listing:
    return read_listing(cast.process, AnonymousUser(), QueryDict(query))


@pytest.fixture
def heard(cast: Cast) -> str:
    """Inputs of every kind, some of them not for everybody, and a campaign; the public id of a passage."""
    _round, (water, seeds) = add_round(cast.process, cast.advocacy, "Water", "Seeds")
    bring_in(a_source(cast.process), *(a_post(f"w{number}", reply_to="") for number in range(6)), document=water)
    bring_in(
        a_source(cast.process, key="b"), *(a_post(f"s{number}", reply_to="") for number in range(3)), document=seeds
    )
    closed = a_source(cast.process, key="closed", consent=Consent.CLOSED)
    bring_in(closed, a_post("closed", reply_to=""), document=water)
    passage = water.passages.order_by("pk").first()
    assert passage is not None
    campaign = Campaign.objects.create(
        pk=1, process=cast.process, size=2, is_confirmed=True, pattern=["a", None], created_at=timezone.now()
    )
    first, second, third, fourth, *_others = Input.objects.filter(document=water).order_by("pk")
    Input.objects.filter(pk__in=[first.pk, second.pk]).update(campaign=campaign, lang="en", stance="support")
    Input.objects.filter(pk=third.pk).update(passage=passage, lang="en", is_late=True)
    Input.objects.filter(pk=fourth.pk).update(standing="hidden")
    return passage.public_id


@pytest.mark.parametrize("query", ADDRESSES)
@pytest.mark.parametrize("folds", [True, False])
def test_lists_and_numbers_are_those_of_the_orm(cast: Cast, heard: str, query: str, folds: bool) -> None:
    listing = listing_of(cast, query.replace("PASSAGE", heard))
    heads = listing.heads if folds else {}
    asked = find_inputs(fold_campaigns(listing.inputs, heads), listing.wanted, size=4)
    found = newest_for_everybody(cast.process, listing.wanted, heads, size=4)
    assert found == [row.pk for row in asked.rows]
    if asked.next is not None:
        rest = find_inputs(fold_campaigns(listing.inputs, heads), listing.wanted, after=asked.next, size=4)
        found = newest_for_everybody(cast.process, listing.wanted, heads, after=asked.next, size=4)
        assert found == [row.pk for row in rest.rows] != []
    usual = count_wanted(cast.process, listing.inputs, listing.wanted, sources=listing.sources, everything=False)
    assert count_for_everybody(cast.process, listing.wanted) == usual


def test_choices_are_those_of_the_orm(cast: Cast, heard: str) -> None:
    visible = documents_visible_to(AnonymousUser(), cast.process)
    usual = list_choices(cast.process, visible, listing_of(cast, "").sources)
    assert choices_for_everybody(cast.process) == usual
    assert usual.documents
    assert usual.channels


@pytest.mark.parametrize("query", ["group=AD", "q=water"])
def test_what_is_asked_seldom_is_left_to_the_orm(cast: Cast, heard: str, query: str) -> None:
    wanted = listing_of(cast, query).wanted
    assert newest_for_everybody(cast.process, wanted, {}, size=4) is None
    assert count_for_everybody(cast.process, wanted) is None


def test_whoever_is_signed_in_is_not_everybody(cast: Cast) -> None:
    assert listing_of(cast, "").is_for_everybody
    assert not read_listing(cast.process, cast.amina, QueryDict("")).is_for_everybody


def test_the_form_above_a_list_stays_the_same_while_people_speak(client: Client, cast: Cast, heard: str) -> None:
    def form() -> object:
        listing = listing_of(cast, "q=water&lang=en")
        return narrow(listing.asked, listing.choices, listing.offered)

    before = form()
    assert 'name="q" value="water"' in text_of(client, f"{LIST}?q=water&lang=en")
    assert 'name="q" value="soil"' in text_of(client, f"{LIST}?q=soil&lang=en")
    bring_in(a_source(cast.process), a_post("another", reply_to=""))
    assert form() == before
    friends = open_source(
        actor=OPERATOR, process=cast.process, channel=Channel.MEETING, key="c", title="c", group_name="Friends"
    )
    bring_in(friends, a_post("friends", reply_to=""))
    assert form() != before
    assert "Friends" in text_of(client, f"{LIST}?q=water&lang=en")

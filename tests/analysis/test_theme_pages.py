"""Lists, feeds and pages by theme, and the forms by which inputs are coded."""

import datetime
import re

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from harken.analysis.actions.coding import code_input, code_inputs
from harken.analysis.actions.themes import move_theme
from harken.analysis.models import (
    Coding,
    Theme,
    ThemedExtract,
    ThemedInput,
)
from harken.inputs.actions.campaigns import judge_campaign
from harken.inputs.actions.grouping import FEWEST
from harken.inputs.actions.preparing import prepare_inputs
from harken.inputs.models import Campaign, Input
from tests.analysis.themes import LIST, ROOT, THEMES, said, theme_of
from tests.cast import Cast, add_round, text_of
from tests.inputs.saying import NOON, a_post, a_source, bring_in, keys_on

# --- reading ---


@pytest.mark.usefixtures("talk")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("theme=T1", ["2", "1"]),
        ("theme=T2", ["1"]),
        ("theme=T9", []),
        ("theme=x", []),
        ("theme=1", []),
        ("theme=T1&lang=ar", ["2"]),
        ("theme=T1&channel=talk", ["2", "1"]),
        ("theme=T1&channel=mail", []),
        ("theme=T1&q=well", ["1"]),
        ("theme=T1&q=seeds", []),
        ("theme=T1&document=AD-R9", []),
        ("theme=T1&stance=oppose", []),
        ("theme=", ["4", "3", "2", "1"]),
    ],
)
def test_lists_and_feeds_are_read_by_theme_with_every_other_condition(
    client: Client, cast: Cast, query: str, found: list[str]
) -> None:
    nature = theme_of(cast, "Nature")
    code_input(actor=cast.amina, said=said("1"), theme=theme_of(cast, "Water", nature), quote="dry")
    code_input(actor=cast.amina, said=said("2"), theme=nature)
    page = text_of(client, f"{LIST}?{query}")
    assert keys_on(page) == found
    if len(query) > len("theme="):
        assert f"{len(found)} input{' fits' if len(found) == 1 else 's fit'}" in page
    fed = client.get(f"{ROOT}/inputs.json?{query}").json()["inputs"]
    assert [one["id"] for one in fed] == [said(key).pk for key in found]
    coded = {said("1").pk: ["T2"], said("2").pk: ["T1"]}
    assert [one["themes"] for one in fed] == [coded.get(one["id"], []) for one in fed]
    assert text_of(client, f"{ROOT}/inputs.atom?{query}").count("<entry") == len(found)
    client.force_login(cast.amina)
    table = b"".join(client.get(f"{ROOT}/inputs.csv?{query}")).decode()
    assert [key for key in ("4", "3", "2", "1") if f"/inputs/{said(key).pk}/" in table] == found


def test_pages_of_a_list_by_theme_show_each_input_once(client: Client, cast: Cast) -> None:
    _iteration, (water,) = add_round(cast.process, cast.advocacy, "Water")
    posts = (a_post(str(place), at=NOON + datetime.timedelta(minutes=place // 3)) for place in range(120))
    bring_in(a_source(cast.process), *posts, document=water)
    prepare_inputs()
    theme = theme_of(cast, "Water")
    code_inputs(actor=cast.amina, process=cast.process, inputs=Input.objects.all(), theme=theme)
    for address in (f"{LIST}?theme=T1", f"{LIST}?theme=T1&document=AD-R1", f"{THEMES}T1/"):
        seen: list[str] = []
        following: str = address
        while following:
            page = text_of(client, following)
            seen += re.findall(r"/inputs/(\d+)/#input", page) if THEMES in address else keys_on(page)
            more = re.search(r'rel="next" href="([^"]*)"', page)
            following = more[1].replace("&amp;", "&") if more else ""
            following = f"{address}{following}" if following.startswith("?") else following
        assert len(seen) == len(set(seen)) == 120, address


def test_a_list_by_theme_shows_what_belongs_to_a_campaign_though_another_stands_for_that(
    client: Client, cast: Cast
) -> None:
    letter = "Dear council, keep the water of the old river clean, and plant willows where the long wall stood before."
    bring_in(a_source(cast.process), *(a_post(str(place), letter) for place in range(FEWEST)))
    prepare_inputs()
    campaign = Campaign.objects.get()
    judge_campaign(actor=cast.amina, process=cast.process, campaign=campaign, is_confirmed=True, title="River")
    [head] = keys_on(text_of(client, LIST))
    other = next(str(place) for place in range(FEWEST) if str(place) != head)
    code_input(actor=cast.amina, said=said(other), theme=theme_of(cast, "Water"))
    page = text_of(client, f"{LIST}?theme=T1")
    assert keys_on(page) == [other]
    assert "1 input fits" in page


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("address", "strangers", "signed_in"),
    [
        (f"{LIST}?theme=T1", 8, 24),
        (THEMES, 1, 10),
        (f"{THEMES}T1/", 7, 21),
        (f"{ROOT}/inputs.json?theme=T1", 6, 6),
        ("input", 11, 32),
    ],
)
def test_pages_ask_as_many_queries_for_three_as_for_one(
    client: Client,
    cast: Cast,
    django_assert_num_queries: DjangoAssertNumQueries,
    rows: int,
    address: str,
    strangers: int,
    signed_in: int,
) -> None:
    bring_in(a_source(cast.process), *(a_post(str(place)) for place in range(rows)))
    prepare_inputs()
    theme = theme_of(cast, "Water")
    for place in range(rows):
        code_input(actor=cast.amina, said=said(str(place)), theme=theme, quote="say")
        theme_of(cast, f"Theme {place}", theme)
    page = f"{LIST}{said('0').pk}/" if address == "input" else address
    text_of(client, page)
    with django_assert_num_queries(strangers):
        text_of(client, page)
    client.force_login(cast.bruno)
    text_of(client, page)
    with django_assert_num_queries(signed_in):
        text_of(client, page)


def test_a_process_without_themes_shows_no_way_to_them(client: Client, cast: Cast) -> None:
    bring_in(a_source(cast.process), a_post("1"))
    prepare_inputs()
    page = text_of(client, LIST)
    assert "all themes" not in page
    assert "By theme" not in page
    assert client.get(f"{ROOT}/inputs.json").json()["inputs"][0].get("themes") is None


@pytest.mark.usefixtures("talk")
def test_the_form_above_a_list_offers_the_tree_with_numbers(client: Client, cast: Cast) -> None:
    nature = theme_of(cast, "Nature <3")
    water = theme_of(cast, "Water", nature)
    code_input(actor=cast.amina, said=said("1"), theme=water)
    page = text_of(client, f"{LIST}?theme=T2")
    assert '<option value="T1">Nature &lt;3 (1)</option>' in page
    assert '<option value="T2" selected>\u2003Water (1)</option>' in page
    tag = client.get(LIST).headers["ETag"]
    code_input(actor=cast.amina, said=said("2"), theme=water)
    assert client.get(LIST, headers={"If-None-Match": tag}).status_code == 200


# --- forms ---


@pytest.mark.usefixtures("talk")
def test_themes_are_set_up_and_inputs_coded_in_forms(client: Client, cast: Cast) -> None:
    assert client.get(f"{THEMES}add/").status_code == 302
    client.force_login(cast.esra)
    assert client.get(f"{THEMES}add/").status_code == 403
    client.force_login(cast.bruno)
    assert "Nobody has sorted" in text_of(client, THEMES)
    assert client.post(f"{THEMES}add/", {"name": "Nature", "lang": "en"}).headers["Location"] == f"{THEMES}T1/"
    client.post(f"{THEMES}add/", {"name": "ماء", "lang": "ar", "parent": "T1"})
    assert client.post(f"{THEMES}add/", {"name": "", "lang": "en"}).status_code == 422
    assert 'lang="ar" dir="rtl">ماء</a>' in text_of(client, THEMES)
    address = f"{LIST}{said('1').pk}/"
    client.post(f"{address}themes/", {"theme": "T2", "quote": "dry in summer"})
    page = text_of(client, address)
    assert ">dry in summer</blockquote>" in page
    for refused, sentence in (({"theme": "T2", "quote": "wet"}, "not in what was said"), ({}, "Choose a theme.")):
        assert sentence in client.post(f"{address}themes/", refused, follow=True).content.decode()
    themed = ThemedExtract.objects.get()
    client.post(f"{address}themes/{themed.pk}/", {"reject": ""})
    assert not ThemedInput.objects.exists()
    assert client.post(f"{THEMES}T1/change/", {"name": "Nature", "lang": "en", "parent": "T2"}).status_code == 422
    client.post(f"{THEMES}T2/change/", {"name": "Water", "lang": "en", "parent": "", "initial-parent": "T1"})
    assert Theme.objects.get(number=2).parent is None
    client.post(f"{THEMES}T2/merge/", {"into": "T1"})
    assert Theme.objects.get(number=2).merged_at is not None
    assert client.get(f"{THEMES}T9/").status_code == 404


@pytest.mark.usefixtures("talk")
def test_strangers_code_nothing(client: Client, cast: Cast) -> None:
    theme_of(cast, "Water")
    address = f"{LIST}{said('1').pk}/themes/"
    client.force_login(cast.dalia)
    assert client.post(address, {"theme": "T1"}).status_code == 403
    assert not Coding.objects.exists()
    assert "It belongs to this theme" not in text_of(client, f"{LIST}{said('1').pk}/")


def test_a_theme_that_is_given_another_name_stays_where_somebody_moved_it_meanwhile(client: Client, cast: Cast) -> None:
    nature, tools, water = (theme_of(cast, name) for name in ("Nature", "Tools", "Water"))
    move_theme(actor=cast.amina, theme=water, parent=nature)
    client.force_login(cast.bruno)
    page = text_of(client, f"{THEMES}T3/change/")
    opened_with = dict(re.findall(r'<input type="hidden" name="(initial-[^"]*)" value="([^"]*)"', page))
    assert opened_with == {"initial-parent": "T1"}
    move_theme(actor=cast.amina, theme=water, parent=tools)
    client.post(f"{THEMES}T3/change/", {"name": "Wells", "lang": "en", "parent": "T1", **opened_with})
    water.refresh_from_db()
    assert (water.name, water.parent) == ("Wells", tools)
    client.post(f"{THEMES}T3/change/", {"name": "Wells", "lang": "en", "parent": "", **opened_with})
    water.refresh_from_db()
    assert water.parent is None

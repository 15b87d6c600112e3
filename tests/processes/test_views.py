"""Organisers' pages: what they show, what they write, and that nothing typed is lost when something is wrong."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from harken.base.permits import OPERATOR
from harken.people.actions import add_member, create_group
from harken.people.models import Group, Membership, Role
from harken.processes.actions import PillarText, add_iteration, add_phase, set_guiding_questions, set_pillars
from harken.processes.models import Phase, Process
from tests.cast import Cast, text_of

ROOT = "/processes/open-garden/settings/"
WORDS = {
    "name": "Open Garden",
    "summary": "We plant together.",
    "direction": "Shade for everybody.",
    "lang": "en",
    "languages": "en ar",
    "time_zone": "Africa/Tunis",
    "accent": "forest",
    "is_public": "on",
}


def test_an_organiser_changes_what_the_process_says_of_itself(amina: Client, cast: Cast) -> None:
    response = amina.post(ROOT, WORDS)
    assert response.headers["Location"] == ROOT
    process = Process.objects.get(pk=cast.process.pk)
    assert (process.summary, process.time_zone, process.accent) == ("We plant together.", "Africa/Tunis", "forest")
    assert process.languages == ["en", "ar"]
    assert "<p>Shade for everybody.</p>" in process.direction_html
    assert process.content_version > cast.process.content_version


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "This field is required."),
        ("lang", "klingon", "Write a language code such as en, ar or pt-BR."),
        ("languages", "en tlh-nowhere", "Write a language code such as en, ar or pt-BR."),
        ("time_zone", "Mars/Olympus", "Write a time zone such as UTC, Africa/Tunis or America/Lima."),
        ("accent", "gold", "Select a valid choice."),
    ],
)
def test_a_mistake_stands_beside_its_field_and_what_was_typed_stays(
    amina: Client, cast: Cast, field: str, value: str, words: str
) -> None:
    typed = WORDS | {"summary": "Typed at length & with care", field: value}
    response = amina.post(ROOT, typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert f'href="#id_{field}"' in page, "the list of mistakes leads to the field"
    assert "Typed at length &amp; with care" in page
    assert 'aria-invalid="true"' in page
    assert f'aria-describedby="id_{field}_' in page
    assert Process.objects.get(pk=cast.process.pk).summary == ""
    # The page around the form still shows what is on record.
    assert ">Open Garden</a>" in page


def test_these_pages_are_for_organisers(client: Client, cast: Cast) -> None:
    phase = add_phase(actor=OPERATOR, process=cast.process, name="Now", opens_at=None, closes_at=None, actions=["read"])
    add_iteration(actor=OPERATOR, process=cast.process, number=1, title="Iteration 1")
    places = ["", "direction/", "phases/add/", f"phases/{phase.pk}/", "iterations/1/", "groups/add/", "groups/AD/"]
    for place in places:
        assert client.get(ROOT + place).headers["Location"].startswith("/account/login/")
    client.force_login(cast.bruno)
    for place in places:
        assert "Only organisers of Open Garden can change it." in text_of(client, ROOT + place, status=403)
        assert client.post(ROOT + place, {}).status_code == 403
    for place in (f"phases/{phase.pk}/remove/", "groups/AD/members/add/"):
        assert client.post(ROOT + place, {}).status_code == 403
    assert Phase.objects.filter(pk=phase.pk).exists()


def test_what_is_removed_or_ended_needs_a_post(amina: Client, cast: Cast) -> None:
    phase = add_phase(actor=OPERATOR, process=cast.process, name="Now", opens_at=None, closes_at=None, actions=["read"])
    assert amina.get(f"{ROOT}phases/{phase.pk}/remove/").status_code == 405
    held = Membership.objects.get(user=cast.bruno)
    assert amina.get(f"{ROOT}groups/AD/members/{held.pk}/end/").status_code == 405


def test_the_way_to_everything_starts_at_the_settings(amina: Client, cast: Cast) -> None:
    phase = add_phase(actor=OPERATOR, process=cast.process, name="Now", opens_at=None, closes_at=None, actions=["read"])
    add_iteration(actor=OPERATOR, process=cast.process, number=1, title="Iteration 1")
    page = text_of(amina, ROOT)
    below = ("settings/direction/", "settings/phases/add/", f"settings/phases/{phase.pk}/", "settings/iterations/1/")
    for place in (*below, "settings/groups/add/", "settings/groups/AD/", "import/", "lineage/decide/"):
        assert f'href="/processes/open-garden/{place}"' in page


def test_the_settings_take_the_same_queries_with_one_group_and_with_many(
    amina: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    amina.get(ROOT)
    with django_assert_num_queries(8):
        amina.get(ROOT)
    for code in ("BB", "CC", "DD"):
        create_group(actor=OPERATOR, name=code, code=code, parent=cast.advocacy)
    with django_assert_num_queries(8):
        amina.get(ROOT)


def pillars(*rows: tuple[str, str, str, str], initial: int = 0) -> dict[str, str]:
    """The fields of the pillars: name, text, language, place in the order."""
    fields = {"pillars-TOTAL_FORMS": str(len(rows)), "pillars-INITIAL_FORMS": str(initial)}
    for number, row in enumerate(rows):
        names = ("name", "text", "lang", "ORDER")
        fields |= {f"pillars-{number}-{name}": value for name, value in zip(names, row, strict=True)}
    return fields


def test_pillars_come_in_the_order_of_their_numbers(amina: Client, cast: Cast) -> None:
    rows = pillars(("Roots", "Deep ones.", "", "2"), ("Shade", "", "ar", "1"), ("", "", "", ""))
    amina.post(f"{ROOT}direction/", rows | {"questions": "What is missing?\n\n  Who is?  \nWhat is missing?"})
    process = Process.objects.get(pk=cast.process.pk)
    assert list(process.pillars.values_list("name", "lang")) == [("Shade", "ar"), ("Roots", "en")]
    assert list(process.guiding_questions.values_list("text", flat=True)) == ["What is missing?", "Who is?"]


def test_questions_and_pillars_that_stay_keep_their_language(amina: Client, cast: Cast) -> None:
    set_guiding_questions(actor=OPERATOR, process=cast.process, questions=[{"es": "¿Qué falta?"}])
    set_pillars(actor=OPERATOR, process=cast.process, pillars=[PillarText("Sombra", "Para todas.", "es")])
    assert 'value="es"' in text_of(amina, f"{ROOT}direction/")
    rows = pillars(("Sombra", "Para todas.", "es", "1"), initial=1)
    amina.post(f"{ROOT}direction/", rows | {"questions": "\nWhat else?", "questions-es": "¿Qué falta?"})
    assert list(cast.process.guiding_questions.values_list("text", "lang")) == [
        ("¿Qué falta?", "es"),
        ("What else?", "en"),
    ]
    assert cast.process.pillars.get().lang == "es"


def test_a_pillar_without_a_name_is_not_dropped_silently(amina: Client, cast: Cast) -> None:
    response = amina.post(f"{ROOT}direction/", pillars(("", "Words without a name.", "", "1")) | {"questions": "Why?"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Name this pillar, or empty its text to take it away." in page
    assert "Words without a name." in page
    assert 'href="#id_pillars-0-name"' in page
    assert not cast.process.guiding_questions.exists()


def phase_fields(**changes: str) -> dict[str, str | list[str]]:
    return {
        "name": "Open for input",
        "description": "Everybody speaks.",
        "lang": "en",
        "opens_at": "2026-03-01T00:00",
        "closes_at": "2026-03-31T23:59",
        "actions": ["read", "give_input"],
        **changes,
    }


def test_a_phases_window_is_on_the_clocks_of_its_process(amina: Client, cast: Cast) -> None:
    Process.objects.filter(pk=cast.process.pk).update(time_zone="America/Lima")
    page = text_of(amina, f"{ROOT}phases/add/")
    assert "In the time zone America/Lima." in page
    assert "Everybody can give input on what is published, in any language." in page
    amina.post(f"{ROOT}phases/add/", phase_fields())
    phase = Phase.objects.get()
    assert phase.opens_at == datetime.datetime(2026, 3, 1, 5, 0, tzinfo=datetime.UTC)
    assert phase.actions == ["read", "give_input"]
    assert 'value="2026-03-01T00:00"' in text_of(amina, f"{ROOT}phases/{phase.pk}/")


def test_the_zone_of_one_process_does_not_leak_into_the_next_request(amina: Client, cast: Cast) -> None:
    Process.objects.filter(pk=cast.process.pk).update(time_zone="Pacific/Kiritimati")
    text_of(amina, f"{ROOT}phases/add/")
    assert timezone.get_current_timezone_name() == "UTC"


def test_an_hour_that_the_clocks_skip_is_refused(amina: Client, cast: Cast) -> None:
    Process.objects.filter(pk=cast.process.pk).update(time_zone="Europe/Berlin")
    response = amina.post(f"{ROOT}phases/add/", phase_fields(opens_at="2026-03-29T02:30"))
    assert response.status_code == 422
    assert "Europe/Berlin" in response.content.decode()
    assert not Phase.objects.exists()


def test_a_phase_closes_after_it_opens(amina: Client, cast: Cast) -> None:
    response = amina.post(f"{ROOT}phases/add/", phase_fields(closes_at="2026-02-01T00:00"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "A phase closes after it opens." in page
    assert 'value="2026-02-01T00:00"' in page
    assert page.count('checked="checked"') + page.count(" checked>") + page.count(" checked ") == 2


def test_a_phase_is_changed_and_removed(amina: Client, cast: Cast) -> None:
    amina.post(f"{ROOT}phases/add/", phase_fields())
    place = f"{ROOT}phases/{Phase.objects.get().pk}/"
    amina.post(place, phase_fields(name="Open to all", opens_at="", closes_at=""))
    phase = Phase.objects.get()
    assert (phase.name, phase.opens_at, phase.closes_at) == ("Open to all", None, None)
    assert amina.post(f"{place}remove/").headers["Location"] == "/processes/open-garden/timeline/"
    assert not Phase.objects.exists()


def test_a_phase_of_another_process_is_not_found(amina: Client, cast: Cast) -> None:
    other = Process.objects.create(
        slug="other", name="Other", body=create_group(actor=OPERATOR, name="Other", code="OT"), is_public=True
    )
    phase = add_phase(actor=OPERATOR, process=other, name="Theirs", opens_at=None, closes_at=None, actions=[])
    assert amina.get(f"{ROOT}phases/{phase.pk}/").status_code == 404
    assert amina.post(f"{ROOT}phases/{phase.pk}/remove/").status_code == 404


def test_an_iteration_is_renamed_and_hidden(amina: Client, cast: Cast) -> None:
    iteration = add_iteration(actor=OPERATOR, process=cast.process, number=1, title="Iteration 1")
    fields = {"title": "First drafts", "date": "2026-09", "lang": "en", "languages": "en, ar"}
    amina.post(f"{ROOT}iterations/1/", fields)
    iteration.refresh_from_db()
    assert (iteration.title, iteration.date, iteration.is_public) == ("First drafts", "2026-09", False)
    response = amina.post(f"{ROOT}iterations/1/", fields | {"date": "September"})
    assert response.status_code == 422
    assert "Write the date as 2019, 2019-09 or 2019-09-15." in response.content.decode()
    assert "First drafts</h1>" in response.content.decode()


def group_fields(cast: Cast, **changes: str) -> dict[str, str]:
    return {
        "name": "Soil",
        "code": "SO",
        "kind": "working-group",
        "parent": str(cast.process.body.pk),
        "lang": "en",
        "description": "Digs.",
        **changes,
    }


def test_a_group_is_added_changed_and_moved(amina: Client, cast: Cast) -> None:
    response = amina.post(f"{ROOT}groups/add/", group_fields(cast))
    assert response.headers["Location"] == f"{ROOT}groups/SO/"
    amina.post(f"{ROOT}groups/SO/", group_fields(cast, name="Soil & Water", parent=str(cast.advocacy.pk)))
    soil = Group.objects.get(code="SO")
    assert (soil.name, soil.parent) == ("Soil & Water", cast.advocacy)
    page = text_of(amina, f"{ROOT}groups/SO/")
    assert 'name="code"' not in page, "a code is permanent"
    assert "Soil &amp; Water</h1>" in page


def test_a_code_is_given_once(amina: Client, cast: Cast) -> None:
    response = amina.post(f"{ROOT}groups/add/", group_fields(cast, code="AD"))
    assert response.status_code == 422
    assert "The code AD belongs to another group." in response.content.decode()
    response = amina.post(f"{ROOT}groups/add/", group_fields(cast, code="a d"))
    assert "Use capital letters A to Z and digits, a letter first." in response.content.decode()


def test_a_group_is_not_offered_a_place_below_itself_and_cannot_take_one(amina: Client, cast: Cast) -> None:
    below = create_group(actor=OPERATOR, name="Letters", code="LE", parent=cast.advocacy)
    page = text_of(amina, f"{ROOT}groups/AD/")
    assert f'<option value="{below.pk}"' not in page
    response = amina.post(f"{ROOT}groups/AD/", group_fields(cast, parent=str(below.pk)))
    assert response.status_code == 422
    cast.advocacy.refresh_from_db()
    assert cast.advocacy.parent == cast.process.body


def test_a_member_is_given_a_role_for_a_term(amina: Client, cast: Cast) -> None:
    today = timezone.localdate()
    until = (today + datetime.timedelta(days=90)).isoformat()
    fields = {"username": "dalia", "role": "translator", "starts_on": today.isoformat(), "ends_on": until}
    response = amina.post(f"{ROOT}groups/AD/members/add/", fields)
    assert response.headers["Location"] == f"{ROOT}groups/AD/"
    term = Membership.objects.get(group=cast.advocacy, user=cast.dalia)
    assert (term.role, term.ends_on) == (Role.TRANSLATOR, today + datetime.timedelta(days=90))
    assert "Dalia" in text_of(amina, f"{ROOT}groups/AD/")


def test_a_role_that_is_yet_to_begin_is_shown(amina: Client, cast: Cast) -> None:
    later = timezone.localdate() + datetime.timedelta(days=10)
    add_member(actor=OPERATOR, group=cast.advocacy, user=cast.esra, role=Role.WRITER, starts_on=later)
    assert "Esra" in text_of(amina, f"{ROOT}groups/AD/")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"username": "nobody"}, "Nobody has an account of this name."),
        ({"starts_on": "2026-05-01", "ends_on": "2026-04-01"}, "A term ends after it begins."),
        ({"ends_on": "2020-01-01"}, "A term ends after it begins."),
        ({"username": "bruno", "role": "writer"}, "Bruno has this role already."),
    ],
)
def test_a_role_that_cannot_be_given_says_why(amina: Client, cast: Cast, changes: dict[str, str], words: str) -> None:
    before = Membership.objects.count()
    response = amina.post(f"{ROOT}groups/AD/members/add/", {"username": "dalia", "role": "member"} | changes)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert Membership.objects.count() == before


def test_a_role_ends_and_stays_on_record(amina: Client, cast: Cast) -> None:
    term = Membership.objects.get(user=cast.bruno)
    amina.post(f"{ROOT}groups/AD/members/{term.pk}/end/")
    term.refresh_from_db()
    assert term.ends_on == timezone.localdate()
    Membership.objects.filter(pk=term.pk).update(ends_on=timezone.localdate() - datetime.timedelta(days=1))
    assert "1 role that is over" in text_of(amina, f"{ROOT}groups/AD/")


def test_a_role_in_another_group_is_not_ended_from_here(amina: Client, cast: Cast) -> None:
    term = Membership.objects.get(user=cast.chen)
    assert amina.post(f"{ROOT}groups/AD/members/{term.pk}/end/").status_code == 404


@pytest.mark.parametrize("place", ["", "direction/", "phases/add/", "groups/add/", "groups/AD/"])
@pytest.mark.parametrize("language", ["ar", "de", "es", "fr", "hi", "pt"])
def test_every_page_answers_in_every_language_of_the_interface(amina: Client, place: str, language: str) -> None:
    with translation.override("en"):  # a request leaves its language behind
        page = text_of(amina, f"/{language}{ROOT}{place}")
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page

"""What speakers tell of themselves is read by those who work with it; others see numbers, and none that is small."""

import datetime
from typing import Any

import pytest
from django.apps.registry import Apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from harken.inputs.actions.correcting import Correction, correct_input
from harken.inputs.actions.moderating import hide_inputs
from harken.inputs.actions.recording import Said
from harken.inputs.actions.redaction import redact_input
from harken.inputs.actions.rules import Rules, set_input_rules
from harken.inputs.models import Consent, ContextKind, Fault, Input
from harken.inputs.queries.contexts import contexts_of, who_was_heard
from harken.inputs.queries.rules import choose_note
from harken.inputs.receipts import receipt_token
from harken.inputs.views import reading
from harken.processes.keeping import forget_kept
from harken.processes.models import Process
from tests.cast import Cast, text_of
from tests.documents.test_migrations import migrate, newest
from tests.inputs.giving import say_by_form

LIST = "/processes/open-garden/inputs/"
QUEUE = "/processes/open-garden/queue/"
DAY = datetime.timedelta(days=1)


def tell(cast: Cast, *told: tuple[str, str], text: str = "", **more: Any) -> Input:
    words = text or f"Say {Input.objects.count()} from somewhere."
    return say_by_form(cast.process, said=Said(words, "en", contexts=told), **more).input


def heard(cast: Cast) -> dict[str, tuple[tuple[tuple[str, int], ...], bool]]:
    """What everybody sees tomorrow."""
    process = Process.objects.get(pk=cast.process.pk)
    forget_kept()
    return {one.kind: (one.values, one.has_others) for one in who_was_heard(process, timezone.now() + DAY)}


def test_those_who_work_with_an_input_see_what_its_speaker_told_and_nobody_else(cast: Cast, client: Client) -> None:
    said = tell(cast, ("region", "Samoa"), ("role", "Keeper of bees"), text="More water.")
    reply = tell(cast, ("region", "Tonga"), text="Less water.", reply_to=said)
    address = f"{LIST}{said.pk}/"
    shown = [LIST, address, f"{LIST}{reply.pk}/", "/processes/open-garden/"]
    shown += ["/processes/open-garden/inputs.json", "/processes/open-garden/inputs.atom"]
    shown.append(f"/processes/open-garden/said/{receipt_token(said)}/")
    for user in (None, cast.dalia, cast.chen):
        client.logout()
        if user is not None:
            client.force_login(user)
        for place in shown:
            page = client.get(place).content.decode()
            assert "Samoa" not in page, (user, place)
            assert "bees" not in page, (user, place)
        assert client.get(f"{QUEUE}?state=&open={said.pk}").status_code in {302, 403}
        assert client.get("/processes/open-garden/inputs.csv").status_code in {302, 403}
    for user in (cast.amina, cast.bruno, cast.esra):
        client.force_login(user)
        page = text_of(client, address)
        assert ("Samoa" in page, "Keeper of bees" in page, "Tonga" in page) == (True, True, False)
        assert "Samoa" in text_of(client, f"{QUEUE}?state=&open={said.pk}")
        assert "Samoa" not in text_of(client, f"{QUEUE}?state=&open={reply.pk}")
        for place in (LIST, "/processes/open-garden/inputs.json", "/processes/open-garden/inputs.atom"):
            assert "Samoa" not in text_of(client, place)
        answer = client.get("/processes/open-garden/inputs.csv")
        table = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined] # it streams
        assert "region: Samoa\nrole: Keeper of bees" in table


def test_what_was_told_is_escaped_and_kept_through_corrections_but_not_through_redaction(
    cast: Cast, amina: Client
) -> None:
    said = tell(cast, ("region", "<b>Samoa</b>"))
    correct_input(
        actor=AnonymousUser(), said=said, correction=Correction("Other words.", "en"), receipt=receipt_token(said)
    )
    assert [(one.name, one.value) for one in contexts_of([said.pk])[said.pk]] == [("region", "<b>Samoa</b>")]
    assert "&lt;b&gt;Samoa" in text_of(amina, f"{LIST}{said.pk}/")
    redact_input(actor=cast.amina, said=said, reason="A court said so.", speaker=True)
    assert contexts_of([said.pk]) == {}


def test_everybody_sees_tens_of_what_at_least_ten_told_and_nothing_of_the_others(cast: Cast) -> None:
    for _number in range(9):
        tell(cast, ("region", "Samoa"), ("identity", "Marta Quispe"))
    assert heard(cast) == {}
    tell(cast, ("region", "Samoa"))
    assert heard(cast) == {"region": ((("Samoa", 10),), False)}
    for _number in range(9):
        tell(cast, ("region", "Samoa"))
    tell(cast, ("region", "Tonga"))
    assert heard(cast) == {"region": ((("Samoa", 10),), True)}
    tell(cast, ("region", "Samoa"))
    assert heard(cast) == {"region": ((("Samoa", 20),), True)}


def test_what_few_may_read_and_what_cannot_be_read_is_not_counted(cast: Cast) -> None:
    open_to_all = [tell(cast, ("region", "Samoa"), consent=Consent.NAMELESS) for _number in range(10)]
    for _number in range(10):
        tell(cast, ("region", "Tonga"), consent=Consent.CLOSED)
    assert heard(cast) == {"region": ((("Samoa", 10),), False)}
    hide_inputs(actor=cast.amina, process=cast.process, inputs=[open_to_all[0].pk], fault=Fault.OTHER, reason="Rude.")
    assert heard(cast) == {}


def test_nobody_watches_the_numbers_grow_during_a_day(cast: Cast) -> None:
    for _number in range(10):
        tell(cast, ("region", "Samoa"))
    assert who_was_heard(cast.process, timezone.now()) == ()


def test_the_numbers_stand_below_the_whole_list_for_everybody(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(10):
        tell(cast, ("region", "Samoa"), ("identity", "Marta Quispe"))
    tell(cast, ("region", "Tonga"))
    assert "Who was heard" not in text_of(client, LIST)
    monkeypatch.setattr(reading, "who_was_heard", lambda process, now: who_was_heard(process, now + DAY))
    page = text_of(client, LIST)
    assert ("Who was heard" in page, "<td>10+</td>" in page, "fewer than ten each" in page) == (True, True, True)
    assert "Tonga" not in page
    assert "Who was heard" not in text_of(client, f"{LIST}?lang=en")
    client.force_login(cast.dalia)
    assert "<td>10+</td>" in text_of(client, LIST)
    process = Process.objects.get()
    with django_assert_num_queries(0):
        assert who_was_heard(process, timezone.now() + DAY)


@pytest.mark.parametrize("rows", [1, 3])
def test_telling_asks_one_query_however_many_told(
    cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pks = [tell(cast, ("region", "Samoa"), ("role", "Keeper")).pk for _number in range(rows)]
    with django_assert_num_queries(1):
        assert len(contexts_of(pks)) == rows
    with django_assert_num_queries(1):
        who_was_heard(cast.process, timezone.now() + DAY)


def test_the_form_says_who_sees_it_and_what_for_in_the_readers_language(cast: Cast, client: Client) -> None:
    notes = {"en": "To hear all.", "ar": "لنسمع الجميع.", "fr": " "}
    rules = set_input_rules(
        actor=cast.amina, process=cast.process, rules=Rules(contexts=[ContextKind.REGION], context_notes=notes)
    )
    assert rules.context_notes == {"en": "To hear all.", "ar": "لنسمع الجميع."}
    for lang, note in (("en", "To hear all."), ("ar", "لنسمع الجميع."), ("de", "To hear all.")):
        with translation.override(lang):
            assert choose_note(rules, cast.process, lang)[0] == note
    for page in ("say/", "say/print/"):
        assert "To hear all." in text_of(client, f"/processes/open-garden/{page}")
        with translation.override("en"):
            said = text_of(client, f"/ar/processes/open-garden/{page}")
        assert 'lang="ar" dir="rtl">لنسمع الجميع.' in said
        assert "To hear all." not in said


def migrate_to(name: str) -> Apps:
    """The tables of inputs as they were then, and what they were read by."""
    migrate([("inputs", name)])
    return MigrationExecutor(connection).loader.project_state([("inputs", name)]).apps


@pytest.mark.usefixtures("clearable_db")
@pytest.mark.django_db(transaction=True, available_apps=settings.INSTALLED_APPS)
def test_a_note_of_before_is_in_the_language_of_its_process() -> None:
    apps = migrate_to("0005_reading")
    body = apps.get_model("people", "Group").objects.create(name="Garten", code="G", path="G/")
    process = apps.get_model("processes", "Process").objects.create(slug="garten", name="Garten", lang="de", body=body)
    old: Any = apps.get_model("inputs", "InputRules").objects
    old.create(process=process, context_note="Nur gezählt.", most_links=7)
    rules: Any = migrate_to("0006_context_notes").get_model("inputs", "InputRules").objects
    assert list(rules.values_list("context_notes", "most_links")) == [({"de": "Nur gezählt."}, 7)]
    rules.update(context_notes={"fr": "Compté.", "de": "Gezählt."})
    old = migrate_to("0005_reading").get_model("inputs", "InputRules").objects
    assert list(old.values_list("context_note", flat=True)) == ["Gezählt."]
    migrate(newest())

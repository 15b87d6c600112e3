"""Moving what was said to the text it is about: with its replies, on record, counted right, and nobody is told."""

import pytest
from django.core import mail
from django.db.models import QuerySet
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR, Refused
from harken.documents.models import Document, Passage
from harken.inputs.actions import moving
from harken.inputs.actions.counting import recount_inputs
from harken.inputs.actions.following import Contact, follow_input
from harken.inputs.actions.moving import move_inputs
from harken.inputs.actions.recording import About, NotAboutThat, Said, Words, record_input
from harken.inputs.actions.working import NothingChosen
from harken.inputs.models import Input, InputCount, Notice
from harken.inputs.permissions import may_move_inputs
from harken.inputs.queries.counts import count_by_document
from harken.people.actions import create_group
from harken.processes.actions import create_process
from harken.processes.models import Process
from tests.cast import Cast, add_round, text_of
from tests.inputs.saying import a_post, a_source, bring_in
from tests.inputs.test_commands import run

LIST = "/processes/open-garden/inputs/"


def about(document: Document | None) -> set[str]:
    """The inputs that are about a document, by their foreign ids."""
    return set(Input.objects.filter(document=document).values_list("external_id", flat=True))


def named(*keys: str) -> QuerySet[Input]:
    return Input.objects.filter(external_id__in=keys)


@pytest.fixture
def texts(cast: Cast) -> list[Document]:
    """Water, about which a conversation was recorded that is about seeds; and seeds."""
    _iteration, (water, seeds) = add_round(cast.process, cast.advocacy, "Water", "Seeds")
    bring_in(
        a_source(cast.process),
        a_post("1"),
        a_post("2", reply_to="1"),
        a_post("3", reply_to="2"),
        a_post("4", reply_to="1"),
        a_post("5"),
        document=water,
    )
    return [water, seeds]


def test_what_replies_comes_along_and_the_rest_stays(cast: Cast, texts: list[Document]) -> None:
    water, seeds = texts
    record_input(
        actor=cast.dalia,
        process=cast.process,
        said=Said("I agree.", "en"),
        about=About(water),
        reply_to=Input.objects.get(external_id="3"),
        token="form",
    )
    assert move_inputs(actor=cast.bruno, process=cast.process, inputs=named("2"), document=seeds) == 3
    assert about(seeds) == {"2", "3", "form"}
    assert about(water) == {"1", "4", "5"}
    assert count_by_document(cast.process) == {water.pk: 3, seeds.pk: 3}
    assert recount_inputs(actor=OPERATOR, process=cast.process) == 0


def test_replies_come_along_however_deep_they_are(cast: Cast, texts: list[Document]) -> None:
    water, seeds = texts
    deep = [a_post("d0"), *(a_post(f"d{number}", reply_to=f"d{number - 1}") for number in range(1, 40))]
    # Each batch is there before what it replies to: the later of two has the lower id.
    bring_in(a_source(cast.process, "deep"), *reversed(deep), document=water, batch_size=7)
    assert move_inputs(actor=cast.bruno, process=cast.process, inputs=named("d20"), document=seeds) == 20
    assert about(seeds) == {f"d{number}" for number in range(20, 40)}


def test_to_the_process_as_a_whole_and_back(cast: Cast, texts: list[Document]) -> None:
    water, _seeds = texts
    assert move_inputs(actor=cast.bruno, process=cast.process, inputs=named("1"), document=None) == 4
    assert count_by_document(cast.process) == {None: 4, water.pk: 1}
    assert move_inputs(actor=cast.bruno, process=cast.process, inputs=named("1"), document=water) == 4
    assert count_by_document(cast.process) == {water.pk: 5}
    assert recount_inputs(actor=OPERATOR, process=cast.process) == 0


def test_of_a_number_in_several_rows_none_is_left_beside_one_below_zero(cast: Cast, texts: list[Document]) -> None:
    water, seeds = texts
    for number in range(5):
        record_input(
            actor=cast.dalia, process=cast.process, said=Said("Yes."), about=About(water), token=f"form {number}"
        )
    form = named(*(f"form {number}" for number in range(5)))
    kept = InputCount.objects.filter(document=water, source=form[0].source)
    assert kept.count() == 5
    assert move_inputs(actor=cast.bruno, process=cast.process, inputs=form, document=seeds) == 5
    assert set(kept.values_list("inputs", flat=True)) == {0}
    assert recount_inputs(actor=OPERATOR, process=cast.process) == 0


def test_a_number_that_was_wrong_stays_as_wrong_as_it_was(cast: Cast, texts: list[Document]) -> None:
    water, seeds = texts
    InputCount.objects.filter(document=water).update(inputs=2)
    move_inputs(actor=cast.bruno, process=cast.process, inputs=named("1"), document=seeds)
    assert count_by_document(cast.process) == {water.pk: -2, seeds.pk: 4}
    assert recount_inputs(actor=OPERATOR, process=cast.process) == 1
    assert count_by_document(cast.process) == {water.pk: 1, seeds.pk: 4}


def test_passage_and_words_stay_behind_and_on_record(cast: Cast, texts: list[Document]) -> None:
    water, seeds = texts
    passage = Passage.objects.filter(document=water).first()
    assert passage is not None
    version = passage.versions.get()
    words = Words(version, 0, 4)
    said = record_input(
        actor=cast.dalia, process=cast.process, said=Said("Why?"), about=About(water, passage, words), token="words"
    )
    assert said.anchor is not None
    move_inputs(actor=cast.bruno, process=cast.process, inputs=named("words"), document=seeds, origin="form")
    moved = Input.objects.get(pk=said.pk)
    assert (moved.document, moved.passage, moved.anchor) == (seeds, None, None)
    event = AuditEvent.objects.get(verb="moved input")
    assert (event.subject_kind, event.subject_id, event.actor_name, event.origin) == (
        "inputs.input",
        said.pk,
        "Bruno",
        "form",
    )
    assert event.detail == {
        "from": "iteration-1/AD-R1",
        "to": "iteration-1/AD-R2",
        "passage": passage.public_id,
        "anchor": said.anchor.pk,
    }


def test_each_that_was_moved_is_on_record_and_what_was_there_is_left_alone(cast: Cast, texts: list[Document]) -> None:
    water, seeds = texts
    passage = Passage.objects.filter(document=seeds).first()
    Input.objects.filter(external_id="2").update(document=seeds, passage=passage)
    before = Process.objects.get().content_version
    assert move_inputs(actor=cast.bruno, process=cast.process, inputs=named("1"), document=seeds) == 3
    assert Input.objects.get(external_id="2").passage == passage
    events = AuditEvent.objects.filter(verb="moved input")
    assert {Input.objects.get(pk=event.subject_id).external_id for event in events} == {"1", "3", "4"}
    assert {(event.detail["from"], event.detail["to"]) for event in events} == {
        ("iteration-1/AD-R1", "iteration-1/AD-R2")
    }
    assert Process.objects.get().content_version == before + 1
    assert move_inputs(actor=cast.bruno, process=cast.process, inputs=named("1"), document=seeds) == 0
    assert Process.objects.get().content_version == before + 1
    assert water.inputs.count() == 1


def test_many_are_moved_in_batches(cast: Cast, texts: list[Document], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "MOST_AT_ONCE", 2)
    _water, seeds = texts
    told: list[int] = []
    moved = move_inputs(
        actor=cast.bruno, process=cast.process, inputs=named("1", "5"), document=seeds, report=told.append
    )
    assert (moved, told) == (5, [2, 4, 5])
    assert recount_inputs(actor=OPERATOR, process=cast.process) == 0


@pytest.mark.parametrize("replies", [1, 3])
def test_three_cost_as_many_queries_as_one(
    cast: Cast, texts: list[Document], django_assert_num_queries: DjangoAssertNumQueries, replies: int
) -> None:
    water, seeds = texts
    posts = (a_post(f"r{number}", reply_to="top") for number in range(replies))
    bring_in(a_source(cast.process, "other"), a_post("top"), *posts, document=water)
    seeds = Document.objects.select_related("iteration__process__body").get(pk=seeds.pk)
    with django_assert_num_queries(13):
        assert move_inputs(actor=OPERATOR, process=cast.process, inputs=named("top"), document=seeds) == replies + 1


def test_who_works_with_the_input_moves_it(cast: Cast, texts: list[Document]) -> None:
    _water, seeds = texts
    for stranger in (cast.farid, cast.dalia, cast.chen):
        with pytest.raises(Refused):
            move_inputs(actor=stranger, process=cast.process, inputs=named("1"), document=seeds)
    assert about(seeds) == set()
    for worker in (cast.amina, cast.bruno, cast.esra):
        assert may_move_inputs(worker, cast.process, seeds)


def test_to_a_text_that_not_everybody_reads_only_moderators_move_it(cast: Cast, texts: list[Document]) -> None:
    _water, seeds = texts
    seeds.iteration.is_public = False
    seeds.iteration.save()
    assert may_move_inputs(cast.amina, cast.process, seeds)
    for worker in (cast.bruno, cast.esra):
        assert not may_move_inputs(worker, cast.process, seeds)


def test_what_one_cannot_see_is_not_moved(cast: Cast, texts: list[Document]) -> None:
    water, seeds = texts
    other = create_group(actor=OPERATOR, name="Other", code="OT", parent=cast.process.body)
    iteration, (hidden,) = add_round(cast.process, other, "Hidden", number=2)
    iteration.is_public = False
    iteration.save()
    Input.objects.filter(external_id__in=["3", "5"]).update(document=hidden)
    recount_inputs(actor=OPERATOR, process=cast.process)
    assert move_inputs(actor=cast.bruno, process=cast.process, inputs=named("1"), document=seeds) == 3
    assert about(hidden) == {"3", "5"}
    with pytest.raises(NothingChosen):
        move_inputs(actor=cast.bruno, process=cast.process, inputs=named("5"), document=seeds)
    assert about(water) == set()


def test_nothing_is_moved_into_another_process(cast: Cast, texts: list[Document]) -> None:
    other = create_process(actor=OPERATOR, slug="other", name="Other", is_public=True)
    group = create_group(actor=OPERATOR, name="Far", code="FA", parent=other.body)
    _iteration, (far,) = add_round(other, group, "Far")
    with pytest.raises(NotAboutThat):
        move_inputs(actor=cast.amina, process=cast.process, inputs=named("1"), document=far)
    with pytest.raises(NothingChosen):
        move_inputs(actor=OPERATOR, process=other, inputs=named("1"), document=far)


def test_nobody_gets_mail_because_of_it(cast: Cast, texts: list[Document]) -> None:
    said = Input.objects.get(external_id="1")
    follow_input(actor=cast.dalia, said=said, contact=Contact("dalia@example.org", "en", "UTC"))
    before = Notice.objects.count()
    move_inputs(actor=cast.bruno, process=cast.process, inputs=named("1"), document=texts[1])
    assert Notice.objects.count() == before
    assert not mail.outbox


def test_it_is_moved_on_its_page(client: Client, cast: Cast, texts: list[Document]) -> None:
    water, seeds = texts
    address = f"{LIST}{Input.objects.get(external_id='2').pk}/"
    assert "Move it" not in text_of(client, address)
    client.force_login(cast.bruno)
    page = text_of(client, address)
    assert "Move it" in page
    assert '<option value="AD-R2">Seeds</option>' in page
    assert 'name="code" value="AD-R1"' in page
    assert client.post(f"{address}move/", {"code": "AD-R2"}).status_code == 302
    assert about(seeds) == {"2", "3"}
    assert "2 inputs were moved." in text_of(client, address)
    client.post(f"{address}move/", {"code": "AD-R9"})
    assert about(seeds) == {"2", "3"}
    assert "There is no text with this code." in text_of(client, address)
    client.post(f"{address}move/", {"code": ""})
    assert about(None) == {"2", "3"}
    assert about(water) == {"1", "4", "5"}


def test_what_is_about_a_draft_stays_there_where_nobody_names_another_text(
    client: Client, cast: Cast, texts: list[Document]
) -> None:
    water, _seeds = texts
    water.iteration.is_public = False
    water.iteration.save()
    client.force_login(cast.amina)
    address = f"{LIST}{Input.objects.get(external_id='5').pk}/"
    assert 'name="code" value="iteration-1/AD-R1"' in text_of(client, address)
    client.post(f"{address}move/", {"code": "iteration-1/AD-R1"})
    assert "5" in about(water)


def test_strangers_move_nothing_on_a_page(client: Client, cast: Cast, texts: list[Document]) -> None:
    address = f"{LIST}{Input.objects.get(external_id='2').pk}/move/"
    assert client.post(address, {"code": "AD-R2"}).status_code == 302
    client.force_login(cast.farid)
    assert client.post(address, {"code": "AD-R2"}).status_code == 403
    assert about(texts[1]) == set()


def test_all_of_a_source_is_moved_with_what_lies_beside_it_and_however_long_its_name_is(
    cast: Cast, texts: list[Document]
) -> None:
    _water, seeds = texts
    name = f"{'a' * 300}.csv"
    rows = [a_post(consent, extra={"consent": consent}) for consent in ("public", "nameless", "closed")]
    bring_in(a_source(cast.process, name), *rows)
    moved = run("inputs", "move", "--source", name, "--process", "open-garden", "--to", "AD-R2")
    assert moved.output == "3 inputs moved.\n"
    assert about(seeds) == {"public", "nameless", "closed"}


def test_it_is_moved_on_the_command_line(cast: Cast, texts: list[Document]) -> None:
    _water, seeds = texts
    where = ("--process", "open-garden", "--to")
    pk = str(Input.objects.get(external_id="2").pk)
    assert run("inputs", "move", pk, *where, "iteration-1/AD-R2").output == "2 inputs moved.\n"
    assert about(seeds) == {"2", "3"}
    assert run("inputs", "move", "--source", "page", *where, "AD-R2").output == "3 inputs moved.\n"
    assert run("inputs", "move", pk, *where, "none").output == "2 inputs moved.\n"
    assert about(None) == {"2", "3"}
    for arguments in (
        (pk, *where, "AD-R9"),
        ("4711", *where, "AD-R2"),
        ("--source", "absent", *where, "AD-R2"),
        (pk, "--process", "absent", "--to", "AD-R2"),
        (pk, "--process", "open-garden"),
    ):
        assert run("inputs", "move", *arguments).exit_code == 2, arguments

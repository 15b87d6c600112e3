"""The queue: what it shows to whom, in which order; taking, giving, states, days; what is on record."""

import datetime
from functools import partial
from typing import Final

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from harken.base.actions import Actor
from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR, Refused
from harken.documents.actions.remarks import NothingSaid
from harken.inputs.actions.grouping import group_campaigns
from harken.inputs.actions.recording import About, Said, record_input
from harken.inputs.actions.working import (
    AlreadyTaken,
    Change,
    NameTaken,
    NotAllowedToOwn,
    NothingChosen,
    NoWait,
    TooManyChosen,
    change_inputs,
    change_matching,
    remove_filter,
    save_filter,
    take_input,
    write_note,
)
from harken.inputs.models import Campaign, Consent, Input, InputState, SavedFilter, Standing
from harken.inputs.permissions import (
    filters_visible_to,
    inputs_visible_to,
    may_see_filter,
    may_work_with_inputs,
    people_working_with_inputs,
)
from harken.inputs.queries.ledger import read_cursor
from harken.inputs.queries.queue import (
    QueueFilter,
    count_states,
    read_picks,
    read_queue,
    select_by_id,
    select_inputs,
)
from harken.inputs.queries.waiting import turn_of
from harken.people.actions import add_member
from harken.people.models import Role
from harken.processes.actions import create_process
from tests.cast import Cast, add_round, text_of
from tests.inputs.saying import a_post, a_source, bring_in
from tests.inputs.test_campaigns import CITIES, letter

DAY = datetime.timedelta(days=1)


def say(cast: Cast, text: str = "I say.", lang: str = "en", about: About | None = None) -> Input:
    return record_input(actor=AnonymousUser(), process=cast.process, said=Said(text, lang), about=about)


def chosen_by(cast: Cast, wanted: QueueFilter, actor: Actor | None = None) -> set[int]:
    """What a filter is about, by both ways, which have to agree."""
    who = actor or cast.amina
    visible = partial(lambda among: inputs_visible_to(who, cast.process, among=among))
    found = [
        set(select(visible, cast.process, wanted, actor=who, now=timezone.now()).values_list("pk", flat=True))
        for select in (select_inputs, select_by_id)
    ]
    assert found[0] == found[1]
    return found[0]


@pytest.fixture
def _ledger(cast: Cast) -> None:
    """Inputs of two languages, two channels, two texts; one is late, one overdue, one Bruno's, one held."""
    _iteration, (water, fire) = add_round(cast.process, cast.advocacy, "Water", "Fire")
    say(cast, "one", "en", About(water))
    say(cast, "two", "ar", About(fire))
    say(cast, "three", "ar")
    bring_in(a_source(cast.process), a_post("four"), a_post("five"))
    now = timezone.now()
    Input.objects.filter(wordings__text="one").update(is_late=True, due_at=now - DAY)
    Input.objects.filter(wordings__text="two").update(due_at=now + DAY, owner=cast.bruno, state=InputState.IN_WORK)
    Input.objects.filter(wordings__text="three").update(due_at=now - DAY, state=InputState.ANSWERED)
    Input.objects.filter(wordings__text="I say four.").update(standing=Standing.HELD)


WISHES: Final[list[tuple[QueueFilter, set[str]]]] = [
    (QueueFilter(), {"one", "two", "three", "four", "five"}),
    (QueueFilter(state="new"), {"one", "four", "five"}),
    (QueueFilter(owner="bruno"), {"two"}),
    (QueueFilter(owner="me"), set()),
    (QueueFilter(owner="nobody", lang="ar"), {"three"}),
    (QueueFilter(owner="no such account"), set()),
    (QueueFilter(due="over"), {"one"}),
    (QueueFilter(due="soon"), {"two"}),
    (QueueFilter(due="over", owner="bruno"), set()),
    (QueueFilter(lang="ar"), {"two", "three"}),
    (QueueFilter(lang="ar", state="answered"), {"three"}),
    (QueueFilter(channel="talk"), {"four", "five"}),
    (QueueFilter(channel="form", lang="ar", document="AD-R2"), {"two"}),
    (QueueFilter(channel="mail"), set()),
    (QueueFilter(document="AD-R1"), {"one"}),
    (QueueFilter(document="none"), set()),
    (QueueFilter(group="AD"), {"one", "two"}),
    (QueueFilter(group="none"), set()),
    (QueueFilter(late=True), {"one"}),
    (QueueFilter(late=True, lang="ar"), set()),
    (QueueFilter(campaign=7), set()),
]


@pytest.mark.usefixtures("_ledger")
def test_a_filter_finds_what_it_says(cast: Cast) -> None:
    for wanted, texts in WISHES:
        found = Input.objects.filter(pk__in=chosen_by(cast, wanted)).values_list("wordings__text", flat=True)
        assert {text.removeprefix("I say ").removesuffix(".") for text in found} == texts, wanted


@pytest.mark.usefixtures("_ledger")
def test_a_filter_is_the_same_text_each_time_and_shows_only_what_one_may_see(cast: Cast) -> None:
    assert QueueFilter(lang="ar", late=True, state="new").query == "state=new&lang=ar&late=1"
    assert QueueFilter().query == ""
    everything = QueueFilter()
    closed = a_source(cast.process, "closed", Consent.CLOSED)
    bring_in(closed, a_post("secret"))
    assert (
        chosen_by(cast, everything, cast.farid) < chosen_by(cast, everything, cast.bruno) <= chosen_by(cast, everything)
    )


def test_pages_follow_each_other_without_gap_or_repetition(cast: Cast) -> None:
    bring_in(a_source(cast.process), *(a_post(f"p{number}") for number in range(7)))
    now = timezone.now()
    for number, said in enumerate(Input.objects.all()):
        Input.objects.filter(pk=said.pk).update(due_at=now - (number % 3) * DAY)
    for wanted in (QueueFilter(), QueueFilter(due="over")):
        inputs = select_inputs(lambda among: among, cast.process, wanted, actor=cast.amina, now=now + DAY)
        seen: list[int] = []
        after = None
        while True:
            page = read_queue(inputs, cast.process, now=now, after=after, size=3)
            seen += [row.said.pk for row in page.rows]
            if page.next is None:
                break
            after = read_cursor(str(page.next))
        assert seen == list(inputs.values_list("pk", flat=True))
        assert len(seen) == 7


def test_states_are_counted(cast: Cast) -> None:
    for state in (InputState.NEW, InputState.NEW, InputState.WAITING):
        Input.objects.filter(pk=say(cast).pk).update(state=state)
    assert count_states(cast.process) == {"new": 2, "waiting": 1, "in-work": 0, "needs-translation": 0, "answered": 0}


def test_who_takes_an_input_has_it_in_work_and_nobody_takes_it_from_them(cast: Cast) -> None:
    said = say(cast)
    take_input(actor=cast.bruno, said=said)
    said.refresh_from_db()
    assert (said.owner, said.state) == (cast.bruno, InputState.IN_WORK)
    assert said.turn_at is not None
    with pytest.raises(AlreadyTaken, match="Bruno"):
        take_input(actor=cast.amina, said=said)
    take_input(actor=cast.bruno, said=said)
    assert AuditEvent.objects.filter(verb="took input", subject_id=said.pk).count() == 2


def test_organisers_writers_responders_moderators_and_translators_work_with_it_liaisons_do_not(cast: Cast) -> None:
    said = say(cast)
    for actor in (cast.chen, cast.dalia, cast.farid, AnonymousUser()):
        with pytest.raises(Refused):
            take_input(actor=actor, said=said)
    for role in (Role.RESPONDER, Role.MODERATOR):
        add_member(actor=OPERATOR, group=cast.advocacy, user=cast.dalia, role=role)
    everybody = [getattr(cast, name) for name in ("amina", "bruno", "chen", "dalia", "esra", "farid")]
    working = {person for person in everybody if may_work_with_inputs(person, cast.process)}
    assert working == set(people_working_with_inputs(cast.process)) == {cast.amina, cast.bruno, cast.dalia, cast.esra}


def test_inputs_are_given_to_somebody_who_works_with_them(cast: Cast) -> None:
    one, other = say(cast), say(cast)
    Input.objects.filter(pk=other.pk).update(state=InputState.NEEDS_TRANSLATION)
    change = Change(owner=cast.esra.pk)
    assert change_inputs(actor=cast.amina, process=cast.process, inputs=Input.objects.all(), change=change) == 2
    assert set(Input.objects.values_list("owner", "state")) == {
        (cast.esra.pk, "in-work"),
        (cast.esra.pk, "needs-translation"),
    }
    with pytest.raises(NotAllowedToOwn):
        change_inputs(
            actor=cast.amina, process=cast.process, inputs=Input.objects.all(), change=Change(owner=cast.farid.pk)
        )
    [event] = AuditEvent.objects.filter(verb="changed inputs")
    assert (event.subject_kind, event.detail["count"]) == ("processes.process", 2)
    assert event.detail["inputs"] == [one.pk, other.pk]


def test_what_nobody_has_any_more_is_new_again(cast: Cast) -> None:
    said = say(cast)
    take_input(actor=cast.bruno, said=said)
    change_inputs(
        actor=cast.amina, process=cast.process, inputs=Input.objects.filter(pk=said.pk), change=Change(releases=True)
    )
    said.refresh_from_db()
    assert (said.owner, said.state) == (None, InputState.NEW)
    assert AuditEvent.objects.filter(verb="changed inputs", subject_id=said.pk, detail__releases=True).exists()


def test_what_waits_says_for_what(cast: Cast) -> None:
    said = say(cast)
    inputs = Input.objects.filter(pk=said.pk)
    with pytest.raises(NoWait):
        change_inputs(actor=cast.amina, process=cast.process, inputs=inputs, change=Change(state=InputState.WAITING))
    waits = Change(state=InputState.WAITING, waiting_on="the treasurer")
    change_inputs(actor=cast.amina, process=cast.process, inputs=inputs, change=waits)
    said.refresh_from_db()
    assert said.waiting_on == "the treasurer"
    change_inputs(actor=cast.amina, process=cast.process, inputs=inputs, change=Change(state=InputState.ANSWERED))
    said.refresh_from_db()
    assert said.waiting_on is None


def test_nothing_chosen_and_nothing_to_do_are_said(cast: Cast) -> None:
    say(cast)
    for inputs, change in ((Input.objects.all(), Change()), (Input.objects.none(), Change(undated=True))):
        with pytest.raises(NothingChosen):
            change_inputs(actor=cast.amina, process=cast.process, inputs=inputs, change=change)
    other = create_process(actor=OPERATOR, slug="other", name="Other")
    with pytest.raises(NothingChosen):
        change_inputs(actor=OPERATOR, process=other, inputs=Input.objects.all(), change=Change(undated=True))


def test_a_change_survives_being_kept(cast: Cast) -> None:
    changes = [
        Change(),
        Change(state=InputState.WAITING, waiting_on="x"),
        Change(owner=cast.bruno.pk, due_at=timezone.now()),
        Change(releases=True, undated=True),
    ]
    assert [Change.from_json(change.as_json()) for change in changes] == changes


def test_all_that_match_are_changed_in_batches_and_what_comes_meanwhile_is_not(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harken.inputs.actions.working.MOST_AT_ONCE", 2)
    bring_in(a_source(cast.process), *(a_post(f"p{number}") for number in range(5)))
    told: list[int] = []

    def report(done: int) -> None:
        if not told:
            say(cast, "meanwhile")
        told.append(done)

    change = Change(owner=cast.bruno.pk)
    chosen = QueueFilter(state="new")
    assert change_matching(actor=cast.amina, process=cast.process, chosen=chosen, change=change, report=report) == 5
    assert told == [2, 4, 5]
    assert Input.objects.filter(owner=cast.bruno, state=InputState.IN_WORK).count() == 5
    assert Input.objects.get(wordings__text="meanwhile").owner is None
    began, ended = AuditEvent.objects.filter(verb__endswith="change inputs") | AuditEvent.objects.filter(
        verb="changed inputs"
    )
    assert began.detail["filter"] == "state=new"
    assert ended.detail["count"] == 5


def test_more_than_a_transaction_should_change_is_said_and_not_cut_off(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harken.inputs.actions.working.MOST_AT_ONCE", 2)
    bring_in(a_source(cast.process), *(a_post(f"p{number}") for number in range(3)))
    with pytest.raises(TooManyChosen):
        change_inputs(
            actor=cast.amina, process=cast.process, inputs=Input.objects.all(), change=Change(owner=cast.bruno.pk)
        )
    assert not Input.objects.exclude(owner=None).exists()


def test_a_job_stops_when_its_starter_has_no_role_any_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harken.inputs.actions.working.MOST_AT_ONCE", 2)
    bring_in(a_source(cast.process), *(a_post(f"p{number}") for number in range(5)))

    def lose_role(_done: int) -> None:
        cast.bruno.memberships.all().delete()

    with pytest.raises(Refused):
        change_matching(
            actor=cast.bruno,
            process=cast.process,
            chosen=QueueFilter(),
            change=Change(state=InputState.ANSWERED),
            report=lose_role,
        )
    assert Input.objects.filter(state=InputState.ANSWERED).count() == 2


def test_notes_are_for_those_who_work_with_the_input(cast: Cast) -> None:
    said = say(cast)
    note = write_note(actor=cast.bruno, said=said, text="Ask *Chen*.")
    assert note.html == "<p>Ask <em>Chen</em>.</p>"
    with pytest.raises(NothingSaid):
        write_note(actor=cast.bruno, said=said, text=" ")
    with pytest.raises(Refused):
        write_note(actor=cast.dalia, said=said, text="x")


def test_filters_are_ones_own_or_shared(cast: Cast) -> None:
    chosen = QueueFilter(lang="ar")
    own = save_filter(actor=cast.bruno, process=cast.process, name="Arabic", chosen=chosen)
    shared = save_filter(actor=cast.amina, process=cast.process, name="Arabic", chosen=chosen, is_shared=True)
    with pytest.raises(NameTaken):
        save_filter(actor=cast.bruno, process=cast.process, name="Arabic", chosen=chosen)
    with pytest.raises(NothingSaid):
        save_filter(actor=cast.bruno, process=cast.process, name=" ", chosen=chosen)
    for actor in (cast.amina, cast.bruno, cast.esra, cast.dalia, AnonymousUser()):
        listed = set(filters_visible_to(actor, cast.process))
        assert listed == {one for one in SavedFilter.objects.all() if may_see_filter(actor, one)}
    assert set(filters_visible_to(cast.bruno, cast.process)) == {own, shared}
    with pytest.raises(Refused):
        remove_filter(actor=cast.bruno, saved=shared)
    remove_filter(actor=cast.bruno, saved=own)
    assert not SavedFilter.objects.filter(pk=own.pk).exists()


def test_every_input_says_whose_turn_it_is_and_since_when(cast: Cast) -> None:
    said = say(cast)
    now = timezone.now()
    turn = turn_of(said, now)
    assert (turn.since, turn.whose) == (said.recorded_at, "those who answer")
    for state in InputState:
        said.state = state
        assert turn_of(said, now).is_waiting == (state != InputState.ANSWERED)
    said.state, said.due_at = InputState.NEW, now - DAY
    assert turn_of(said, now).is_overdue
    said.standing = Standing.HELD
    assert turn_of(said, now).whose == "the moderators"
    said.standing = Standing.WITHDRAWN
    assert not turn_of(said, now).is_waiting


def test_what_an_input_waits_for_is_not_told_to_its_speaker(cast: Cast) -> None:
    said = say(cast)
    said.state, said.waiting_on = InputState.WAITING, "Bruno, who is lazy"
    assert "lazy" not in str(turn_of(said, timezone.now()))
    assert turn_of(said, timezone.now(), names_owner=True).whose == "Bruno, who is lazy"


def test_a_campaign_is_one_entry_and_what_is_done_to_it_is_done_to_all(cast: Cast, amina: Client) -> None:
    group_campaigns([say(cast, letter(city)) for city in CITIES])
    say(cast, "Something else.")
    campaign = Campaign.objects.get()
    page = text_of(amina, reverse("queue", args=[cast.process.slug]))
    assert page.count('class="pick"') == 2
    assert f"{len(CITIES)} inputs say nearly the same" in page
    sent = {"pick": [f"c{campaign.pk}"], "state": "answered"}
    answer = amina.post(reverse("queue-assign", args=[cast.process.slug]), sent, follow=True)
    assert f"{len(CITIES)} inputs changed." in answer.content.decode()
    opened = text_of(amina, f"{reverse('queue', args=[cast.process.slug])}?state=&campaign={campaign.pk}")
    assert opened.count('class="pick"') == len(CITIES)


def test_what_is_no_choice_is_left_out(cast: Cast) -> None:
    said = say(cast)
    picks = [str(said.pk), "c9", "x", "", "-1", "9" * 30, "c", "c١"]
    assert list(read_picks(Input.objects.all(), picks)) == [said]


INDEXES: Final[list[tuple[QueueFilter, str]]] = [
    (QueueFilter(), "input_by_process"),
    (QueueFilter(state="new"), "input_by_state"),
    (QueueFilter(owner="bruno"), "input_by_owner"),
    (QueueFilter(lang="ar"), "input_by_lang"),
    (QueueFilter(late=True), "input_by_late"),
    (QueueFilter(due="over"), "input_by_due"),
    (QueueFilter(campaign=1), "input_by_campaign"),
    (QueueFilter(document="AD-R1", state="new"), "input_by_document"),
    (QueueFilter(channel="talk", state="new"), "input_by_source"),
]


@pytest.mark.usefixtures("_ledger")
def test_each_filter_is_found_by_its_index(cast: Cast) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL decides by its statistics; the bench shows how it does")
    bring_in(a_source(cast.process, "other"), *(a_post(f"p{number}") for number in range(9)))
    for wanted, index in INDEXES:
        inputs = select_inputs(
            lambda among: inputs_visible_to(cast.amina, cast.process, among=among),
            cast.process,
            wanted,
            actor=cast.amina,
            now=timezone.now(),
        )
        plan = inputs[:51].explain()
        assert index in plan, wanted
        assert "SCAN" not in plan, wanted
        assert wanted.channel or "TEMP B-TREE" not in plan, wanted

"""Bringing in what was said elsewhere: once, whole, under the right names, in the right place."""

import datetime
import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harken.base.models import AuditEvent
from harken.base.permits import OPERATOR, Refused
from harken.core.talk.model import Attachment, Finding, Post, TalkError, Thread
from harken.inputs.actions.importing import ImportProgress, import_posts
from harken.inputs.actions.recording import NotAboutThat
from harken.inputs.models import Input, InputCount, Source, SpeakerKind, Wording
from harken.inputs.queries.counts import count_by_document, count_in_process, count_in_source
from tests.cast import Cast, add_round
from tests.inputs.saying import NOON, a_post, a_source, bring_in, tree_of


def test_a_thread_comes_in_with_its_words_its_authors_and_its_times(cast: Cast) -> None:
    source = a_source(cast.process)
    late = NOON + datetime.timedelta(days=1)
    reply = a_post("b", "No, *at noon*.", reply_to="a", author="Ben", at=late, lang="fr", extra={"revision": "7"})
    report = bring_in(source, Thread("t", "Water", 2, (a_post("a", "Water at night.", replies=(reply,)),)))
    assert (report.added, report.changed, report.same, report.reasons) == (2, 0, 0, {})
    first, second = Wording.objects.order_by("said_at")
    assert (first.text, first.html, first.heading, first.speaker_name) == (
        "Water at night.",
        "<p>Water at night.</p>",
        "Water",
        "Ann",
    )
    assert (first.speaker_kind, first.speaker_account, first.said_at, first.lang) == ("pseudonym", "Ann", NOON, "en")
    assert (second.html, second.lang, second.said_at) == ("<p>No, <em>at noon</em>.</p>", "fr", late)
    assert second.extra == {"revision": "7"}
    assert first.participant is second.participant is None
    assert (second.input.depth, second.input.thread, second.input.at) == (2, first.input, late)
    assert tree_of(source) == {"a": None, "b": "a"}


def test_the_same_again_adds_nothing_and_changed_words_are_a_further_wording(cast: Cast) -> None:
    source = a_source(cast.process)
    bring_in(source, a_post("a", "Water at night."), a_post("b", reply_to="a"))
    again = bring_in(source, a_post("a", "Water at night."), a_post("b", reply_to="a"))
    assert (again.changes_nothing, again.same) == (True, 2)
    changed = bring_in(source, a_post("a", "Water at dawn."), a_post("b", reply_to="a"), a_post("c"))
    assert (changed.added, changed.changed, changed.same) == (1, 1, 1)
    said = Input.objects.get(external_id="a")
    assert list(said.wordings.values_list("number", "text")) == [(1, "Water at night."), (2, "Water at dawn.")]
    assert said.versions == 2
    assert Input.objects.count() == 3


def test_an_older_file_brought_in_again_does_not_undo_a_newer_one(cast: Cast) -> None:
    source = a_source(cast.process)
    for text in ("Older.", "Newer.", "Older.", "Newer."):
        bring_in(source, a_post("a", text))
    assert list(Wording.objects.values_list("text", flat=True)) == ["Older.", "Newer."]


def test_another_source_has_ids_of_its_own(cast: Cast) -> None:
    bring_in(a_source(cast.process, "one"), a_post("a"))
    bring_in(a_source(cast.process, "two"), a_post("a"))
    assert Input.objects.count() == 2


def test_a_source_is_opened_once_and_found_again(cast: Cast) -> None:
    assert a_source(cast.process) == a_source(cast.process)
    assert Source.objects.count() == 1
    assert AuditEvent.objects.filter(verb="opened source").count() == 1


def test_a_conversation_grows_where_it_is(cast: Cast) -> None:
    source = a_source(cast.process)
    bring_in(source, Thread("t", "Water", 2, (a_post("a"), a_post("c"))))
    grown = Thread("t", "Water", 2, (a_post("a", replies=(a_post("b", reply_to="a"),)), a_post("c"), a_post("d")))
    assert bring_in(source, grown).added == 2
    assert tree_of(source) == {"a": None, "b": "a", "c": None, "d": None}
    assert Input.objects.values("thread").distinct().count() == 1


def test_nested_replies_that_name_no_parent_hang_where_they_stand(cast: Cast) -> None:
    source = a_source(cast.process)
    bring_in(source, a_post("a", replies=(a_post("b", replies=(a_post("c"),)),)))
    assert tree_of(source) == {"a": None, "b": "a", "c": "b"}


def test_a_parent_that_comes_later_takes_its_replies_below_it(cast: Cast) -> None:
    source = a_source(cast.process)
    bring_in(source, a_post("c", reply_to="b"), a_post("d", reply_to="c"))
    assert tree_of(source) == {"c": None, "d": "c"}
    bring_in(source, a_post("b", reply_to="a"), a_post("a"))
    assert tree_of(source) == {"a": None, "b": "a", "c": "b", "d": "c"}
    assert list(Input.objects.order_by("external_id").values_list("depth", flat=True)) == [1, 2, 3, 4]
    assert Input.objects.values("thread").distinct().count() == 1


def test_a_parent_that_never_comes_leaves_the_reply_readable(cast: Cast) -> None:
    source = a_source(cast.process)
    report = bring_in(source, a_post("b", reply_to="gone"))
    assert report.added == 1
    said = Input.objects.get()
    assert (said.parent, said.reply_to, said.depth) == (None, "gone", 1)


@pytest.mark.parametrize("size", [1, 2, 100])
def test_replies_in_a_circle_are_told_and_all_are_there(cast: Cast, size: int) -> None:
    source = a_source(cast.process)
    posts = [a_post("a", reply_to="c"), a_post("b", reply_to="a"), a_post("c", reply_to="b"), a_post("d", reply_to="d")]
    report = bring_in(source, *posts, batch_size=size)
    assert report.added == 4
    assert report.reasons == {"replies in a circle": 2}
    assert sum(parent is not None for parent in tree_of(source).values()) == 2
    assert bring_in(source, *posts).changes_nothing


@pytest.mark.parametrize("size", [1, 1_000])
def test_two_posts_with_one_id_are_both_kept_and_told(cast: Cast, size: int) -> None:
    report = bring_in(a_source(cast.process), a_post("a", "One."), a_post("a", "Two."), a_post("a"), batch_size=size)
    assert (report.added, report.changed, report.reasons) == (1, 2, {"id used twice": 2})
    assert set(Wording.objects.values_list("text", flat=True)) == {"One.", "Two.", "I say a."}


def test_posts_without_an_id_are_known_by_what_they_say(cast: Cast) -> None:
    source = a_source(cast.process)
    for _time in range(2):
        bring_in(source, a_post("", "One."), a_post("", "Two."))
    assert Input.objects.count() == 2


def test_ten_thousand_nested_replies_come_in(cast: Cast) -> None:
    source = a_source(cast.process)
    post = a_post("9999", reply_to="9998")
    for number in range(9_998, -1, -1):
        post = a_post(str(number), reply_to=str(number - 1) if number else "", replies=(post,))
    assert bring_in(source, Thread("t", "Deep", 2, (post,))).added == 10_000
    deepest = Input.objects.get(external_id="9999")
    assert (deepest.depth, deepest.parent and deepest.parent.external_id) == (10_000, "9998")
    read = Input.objects.order_by("order_key").values_list("external_id", flat=True)
    assert list(read) == [str(number) for number in range(10_000)]


@pytest.mark.parametrize(
    ("kind", "speaker", "name", "account"),
    [
        ("account", SpeakerKind.PSEUDONYM, "<b>Ann</b>", "<b>Ann</b>"),
        ("mailbox", SpeakerKind.PSEUDONYM, "<b>Ann</b>", "<b>Ann</b>"),
        ("address", SpeakerKind.UNKNOWN, "", "<b>Ann</b>"),
        ("unknown", SpeakerKind.UNKNOWN, "<b>Ann</b>", "<b>Ann</b>"),
        ("group", SpeakerKind.GROUP, "<b>Ann</b>", ""),
    ],
)
def test_who_said_it_is_never_who_brought_it_in(
    cast: Cast, kind: str, speaker: SpeakerKind, name: str, account: str
) -> None:
    post = Post("a", "<b>Ann</b>", kind, NOON, "Hm.", extra={"headcount": "12", "stance": "oppose"})  # type: ignore[arg-type] # one of the kinds
    source = a_source(cast.process)
    import_posts(actor=cast.chen, source=source, posts=[post])
    wording = Wording.objects.get()
    assert (wording.speaker_kind, wording.speaker_name, wording.speaker_account) == (speaker, name, account)
    assert (wording.participant, wording.headcount, wording.stance) == (None, 12, "oppose")
    assert set(AuditEvent.objects.filter(verb="imported inputs").values_list("actor_name")) == {("Chen",)}


def test_what_no_database_can_keep_becomes_a_mark(cast: Cast) -> None:
    source = a_source(cast.process)
    odd = a_post(
        "a\x00" + "x" * 3_000, "one\x00two\ud800", author="A\x00", extra={"k\x00": "\udfff"}, reply_to="y" * 999
    )
    for _time in range(2):
        bring_in(source, Thread("t" * 999, "h\x00", 1, (odd,)))
    wording = Wording.objects.get()
    assert (wording.text, wording.speaker_name, wording.heading) == ("one�two�", "A�", "h�")
    assert wording.extra == {"k�": "�"}
    assert len(wording.input.external_id) <= 250


def test_a_post_of_unknown_time_is_listed_by_when_it_was_recorded(cast: Cast) -> None:
    bring_in(a_source(cast.process), a_post("a", at=None))
    wording = Wording.objects.select_related("input").get()
    assert wording.said_at is None
    assert wording.input.at == wording.input.recorded_at


def test_files_are_named_with_the_post(cast: Cast) -> None:
    file = Attachment("plan.pdf", "application/pdf", 30_000_000, "ab" * 32)
    bring_in(a_source(cast.process), a_post("b"), a_post("a", attachments=(file,)))
    [kept] = Wording.objects.get(input__external_id="a").attachments.all()
    assert (kept.name, kept.media_type, kept.size, kept.sha256) == (file.name, file.media_type, file.size, file.sha256)


def test_what_the_reader_could_not_place_is_counted_and_the_first_are_shown(cast: Cast) -> None:
    odd = [Finding(f"line {number}", "no author", "…") for number in range(300)]
    report = bring_in(a_source(cast.process), a_post("a"), *odd, Finding("line 999", "no date", "…"))
    assert report.reasons == {"no author": 300, "no date": 1}
    assert len(report.examples) == 200
    event = AuditEvent.objects.get(verb="imported inputs")
    assert event.detail == {"added": 1, "changed": 0, "same": 0, "late": 0, "findings": report.reasons}


def test_progress_tells_what_was_done_and_how_long_it_will_take(cast: Cast) -> None:
    told: list[ImportProgress] = []
    shares = iter([0.25, 0.5, 1.0, 1.0])
    posts = [a_post(str(number)) for number in range(7)]
    bring_in(a_source(cast.process), *posts, batch_size=2, progress=told.append, share=lambda: next(shares))
    assert [step.posts for step in told] == [2, 4, 6, 7]
    assert ImportProgress(10, 5, 5, 0, 3.0, 0.25).seconds_left == 9.0
    assert ImportProgress(10, 5, 5, 0, 3.0, None).seconds_left is None
    assert told[-1].seconds_left == 0


def test_no_more_than_one_batch_is_read_ahead(cast: Cast) -> None:
    source = a_source(cast.process)
    ahead: list[int] = []

    def posts() -> Iterator[Post]:
        for number in range(50):
            ahead.append(number - Input.objects.count())
            yield a_post(str(number))

    import_posts(actor=OPERATOR, source=source, posts=posts(), batch_size=10)
    assert max(ahead) <= 10


def test_a_reader_that_gives_up_leaves_whole_batches_and_can_be_taken_up(cast: Cast) -> None:
    source = a_source(cast.process)

    def posts(*, broken: bool) -> Iterator[Post]:
        for number in range(25):
            if broken and number == 17:
                raise TalkError("The file ends in the middle.")
            yield a_post(str(number))

    with pytest.raises(TalkError):
        import_posts(actor=OPERATOR, source=source, posts=posts(broken=True), batch_size=5)
    assert Input.objects.count() == count_in_source(source) == 15
    report = import_posts(actor=OPERATOR, source=source, posts=posts(broken=False), batch_size=5)
    assert (report.added, report.same) == (10, 15)


def test_numbers_are_kept_per_process_document_and_source(cast: Cast) -> None:
    _iteration, (document, _other) = add_round(cast.process, cast.advocacy, "Water the beds", "Dig")
    one, two = a_source(cast.process, "one"), a_source(cast.process, "two")
    bring_in(one, *(a_post(str(number)) for number in range(5)), document=document, batch_size=2)
    bring_in(two, a_post("a"), a_post("b"))
    bring_in(two, a_post("a"), a_post("b", "Otherwise."))
    assert count_in_process(cast.process) == 7
    assert (count_in_source(one), count_in_source(two)) == (5, 2)
    assert count_by_document(cast.process) == {document.pk: 5, None: 2}
    assert sum(InputCount.objects.values_list("inputs", flat=True)) == Input.objects.count()


def test_a_document_of_another_process_is_refused(cast: Cast) -> None:
    from harken.processes.actions import create_process

    other = create_process(actor=OPERATOR, slug="other", name="Other")
    _iteration, (document,) = add_round(cast.process, cast.advocacy, "Water the beds")
    with pytest.raises(NotAboutThat, match="AD-R1"):
        bring_in(a_source(other), a_post("a"), document=document)


def test_only_organisers_and_liaisons_bring_input_in(cast: Cast) -> None:
    source = a_source(cast.process)
    for person in (cast.amina, cast.chen):
        import_posts(actor=person, source=source, posts=[a_post(person.username)])
    for person in (cast.bruno, cast.dalia, cast.farid):
        with pytest.raises(Refused):
            import_posts(actor=person, source=source, posts=[a_post(person.username)])
    assert Input.objects.count() == 2


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[list[int | None], list[int], int, list[int]]:
    """A tree, the order in which its posts come, the size of a batch, and where one import ends and the next begins."""
    size = draw(st.integers(1, 14))
    tree = [draw(st.one_of(st.none(), st.integers(0, number - 1))) if number else None for number in range(size)]
    order = draw(st.permutations(range(size)))
    return tree, order, draw(st.integers(1, 6)), draw(st.lists(st.integers(0, size), max_size=3))


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(arrival=arrivals(), chance=st.integers(0, 10**9))
def test_whatever_the_order_of_arrival_the_conversation_is_the_same(
    cast: Cast, arrival: tuple[list[int | None], list[int], int, list[int]], chance: int
) -> None:
    tree, order, batch_size, ends = arrival
    source = a_source(cast.process, f"{chance}-{random.Random(str(arrival)).random()}")
    posts = [
        a_post(str(number), reply_to="" if tree[number] is None else str(tree[number]), author=str(number))
        for number in order
    ]
    for end in [*sorted(ends), len(posts)]:
        bring_in(source, *posts[:end], batch_size=batch_size)
    inputs = list(Input.objects.filter(source=source).select_related("parent").order_by("thread", "order_key"))
    assert {int(said.external_id): int(said.parent.external_id) if said.parent else None for said in inputs} == dict(
        enumerate(tree)
    )
    shown: list[int] = []
    for said in inputs:
        number = int(said.external_id)
        above = tree[number]
        # Right below what it replies to, or below something else that hangs there.
        while shown and shown[-1] != above:
            shown.pop()
        assert above is None or shown
        assert said.depth == len(shown) + 1
        shown.append(number)
    assert count_in_source(source) == len(tree)

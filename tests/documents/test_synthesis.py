"""Carrying passages across: sources never change, everything is counted, and everything can be taken back."""

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from harken.base.permits import OPERATOR, Refused
from harken.documents.actions.drafting import begin_space
from harken.documents.actions.lineage import NoReason, NoSuchEdge
from harken.documents.actions.passage_lineage import (
    CannotCarry,
    CarryAs,
    carry_passage,
    drop_passage,
    reword_passage,
    withdraw_edge,
)
from harken.documents.actions.saving import EditConflict, save_revision
from harken.documents.actions.synthesis import (
    Part,
    WrongNumber,
    derive_document,
    drop_document,
    merge_documents,
    split_document,
)
from harken.documents.actions.texts import create_documents
from harken.documents.models import (
    Chapter,
    Document,
    LineageEdge,
    LineageKind,
    Passage,
    PassageEdge,
    Revision,
)
from harken.documents.permissions import drafts_visible_to
from harken.documents.queries.marginalia import passage_kin
from harken.documents.queries.synthesis import OriginRow, passage_origins, synthesis_bench
from harken.documents.queries.texts import load_passages
from tests.cast import Cast, draft, open_phase
from tests.documents.synthesis_beds import Beds, bench_of, everything_of, ids, make_beds, states, words


@pytest.fixture
def beds(cast: Cast) -> Beds:
    return make_beds(cast)


def origins_now(document: Document) -> dict[str, tuple[OriginRow, ...]]:
    """Where the passages of the draft come from."""
    assert document.current is not None
    return passage_origins(document, document.current)


def test_a_passage_arrives_with_its_lineage_and_its_source_stays_as_it_was(cast: Cast, beds: Beds) -> None:
    before = everything_of(beds.sources)
    source = ids(beds.sources[0])["Cans stand at every bed."]
    [edge] = carry_passage(
        actor=cast.bruno, document=beds.target, passages=[source], reason="It is the heart of the matter."
    )
    assert words(beds.target) == [
        "Tend the beds together",
        "A garden is work that is shared.",
        "Cans stand at every bed.",
    ]
    assert (edge.kind, edge.earlier.public_id, edge.by_name) == (LineageKind.KEPT, source, "Bruno")
    assert edge.later is not None
    assert edge.later.public_id == ids(beds.target)["Cans stand at every bed."] != source
    assert everything_of(beds.sources) == before
    drawn = LineageEdge.objects.get()
    assert (drawn.earlier, drawn.later, drawn.state) == (beds.sources[0], beds.target, "accepted")
    assert (drawn.kind, drawn.reason) == (LineageKind.REVISED, "It is the heart of the matter.")


def test_the_place_is_after_a_passage_or_at_the_beginning_of_a_section(cast: Cast, beds: Beds) -> None:
    first, second = list(ids(beds.sources[0]).values())[1:]
    own = ids(beds.target)["A garden is work that is shared."]
    carry_passage(actor=cast.bruno, document=beds.target, passages=[first], reason="So.", place=f"p:{own}")
    carry_passage(actor=cast.bruno, document=beds.target, passages=[second], reason="So.", place="s:")
    assert words(beds.target) == [
        "Tend the beds together",
        "Children fill them in the morning.",
        "A garden is work that is shared.",
        "Cans stand at every bed.",
    ]
    with pytest.raises(CannotCarry):
        carry_passage(actor=cast.bruno, document=beds.target, passages=[first], reason="So.", place="p:nowhere")
    with pytest.raises(CannotCarry):
        carry_passage(actor=cast.bruno, document=beds.target, passages=[first], reason="So.", place="s:nowhere")


def test_several_passages_into_one_are_merged_and_all_of_them_are_named(cast: Cast, beds: Beds) -> None:
    one, other = (
        ids(beds.sources[0])["Cans stand at every bed."],
        ids(beds.sources[1])["One shed for the whole street."],
    )
    own = ids(beds.target)["A garden is work that is shared."]
    edges = carry_passage(
        actor=cast.bruno,
        document=beds.target,
        passages=[one, other],
        reason="Both are about sharing.",
        carry_as=CarryAs.INTO,
        place=f"p:{own}",
    )
    assert [edge.kind for edge in edges] == ["merged", "merged"]
    joined = "A garden is work that is shared. Cans stand at every bed. One shed for the whole street."
    assert words(beds.target)[1] == joined
    assert ids(beds.target)[joined] == own, "the passage stays the same one"
    assert {edge.kind for edge in LineageEdge.objects.all()} == {"merged"}
    shown = states(bench_of(beds))
    assert shown["Cans stand at every bed."] == shown["One shed for the whole street."] == "merged"
    Document.objects.filter(pk=beds.target.pk).update(published=beds.target.current)
    origins = origins_now(beds.target)[own]
    assert [(row.code, row.kind, row.reason) for row in origins] == [
        ("AD-R1", "merged", "Both are about sharing."),
        ("AD-R2", "merged", "Both are about sharing."),
    ]


def test_together_as_one_new_passage(cast: Cast, beds: Beds) -> None:
    chosen = list(ids(beds.sources[2]).values())[1:]
    edges = carry_passage(
        actor=cast.bruno, document=beds.target, passages=chosen, reason="One thought.", carry_as=CarryAs.ONE
    )
    assert words(beds.target)[-1] == "Yellow paint is cheap. Nobody likes to paint alone."
    assert len({edge.later_id for edge in edges}) == 1
    assert [edge.kind for edge in edges] == ["merged", "merged"]


def test_what_a_passage_says_already_is_connected_and_not_written_again(cast: Cast, beds: Beds) -> None:
    before = words(beds.target)
    source = ids(beds.sources[0])["Children fill them in the morning."]
    own = ids(beds.target)["A garden is work that is shared."]
    carry_passage(
        actor=cast.bruno,
        document=beds.target,
        passages=[source],
        reason="It is said there.",
        carry_as=CarryAs.SAID,
        place=f"p:{own}",
    )
    assert words(beds.target) == before
    assert states(bench_of(beds))["Children fill them in the morning."] == "merged"
    assert Revision.objects.filter(document=beds.target).count() == 1


def test_a_title_and_a_passage_in_another_language_arrive_as_they_are_read(cast: Cast, beds: Beds) -> None:
    chapter = Chapter.objects.get(iteration__number=1)
    [arabic] = create_documents(
        actor=OPERATOR, chapter=chapter, drafts=[draft("AD-R9", "نسقي معًا", 9, "الماء للجميع.", lang="ar")]
    )
    carry_passage(
        actor=cast.bruno, document=beds.target, passages=list(ids(arabic).values()), reason="From the eastern beds."
    )
    beds.target.refresh_from_db()
    stored = load_passages(beds.target.current)[-2:]
    assert [(one.kind, one.lang, one.text) for one in stored] == [
        ("paragraph", "ar", "نسقي معًا"),
        ("paragraph", "ar", "الماء للجميع."),
    ]


def test_every_edge_has_a_reason_and_comes_from_an_earlier_iteration(cast: Cast, beds: Beds) -> None:
    source = ids(beds.sources[0])["Cans stand at every bed."]
    with pytest.raises(NoReason):
        carry_passage(actor=cast.bruno, document=beds.target, passages=[source], reason="  ")
    with pytest.raises(NoReason):
        drop_passage(actor=cast.bruno, document=beds.target, passages=[source], reason="")
    own = ids(beds.target)["A garden is work that is shared."]
    with pytest.raises(NoSuchEdge):
        carry_passage(actor=cast.bruno, document=beds.sources[0], passages=[own], reason="Backwards.")
    for nothing in ([], ["nosuchid1"], [source, "nosuchid1"]):
        with pytest.raises(CannotCarry):
            carry_passage(actor=cast.bruno, document=beds.target, passages=nothing, reason="So.")
    assert not PassageEdge.objects.exists()


def test_what_others_saved_meanwhile_stays_beside_what_is_carried(cast: Cast, beds: Beds) -> None:
    base = beds.target.current
    assert base is not None
    written = [passage.to_draft() for passage in load_passages(base)]
    own = ids(beds.target)["A garden is work that is shared."]
    save_revision(
        actor=cast.amina,
        document=beds.target,
        passages=[written[0], type(written[1])(written[1].kind, "Somebody else wrote this."), written[1]],
    )
    source = ids(beds.sources[0])["Cans stand at every bed."]
    [edge] = carry_passage(
        actor=cast.bruno, document=beds.target, passages=[source], reason="So.", place=f"p:{own}", base=base.number
    )
    assert words(beds.target) == [
        "Tend the beds together",
        "Somebody else wrote this.",
        "A garden is work that is shared.",
        "Cans stand at every bed.",
    ]
    assert edge.later is not None
    assert edge.later.public_id == ids(beds.target)["Cans stand at every bed."]


def test_words_are_not_added_to_a_passage_that_somebody_changed_meanwhile(cast: Cast, beds: Beds) -> None:
    base = beds.target.current
    assert base is not None
    own = ids(beds.target)["A garden is work that is shared."]
    reword_passage(actor=cast.amina, document=beds.target, passage=own, text="A garden is shared work.")
    source = ids(beds.sources[0])["Cans stand at every bed."]
    with pytest.raises(EditConflict):
        carry_passage(
            actor=cast.bruno,
            document=beds.target,
            passages=[source],
            reason="So.",
            carry_as=CarryAs.INTO,
            place=f"p:{own}",
            base=base.number,
        )
    assert words(beds.target)[1] == "A garden is shared work."
    assert not PassageEdge.objects.exists()


def test_rewording_keeps_where_a_passage_comes_from_and_splitting_it_too(cast: Cast, beds: Beds) -> None:
    source = ids(beds.sources[0])["Cans stand at every bed."]
    carry_passage(actor=cast.bruno, document=beds.target, passages=[source], reason="So.")
    own = ids(beds.target)["Cans stand at every bed."]
    reword_passage(actor=cast.bruno, document=beds.target, passage=own, text="Watering cans stand at every single bed.")
    assert states(bench_of(beds))["Cans stand at every bed."] == "reworded"
    text = "Watering cans stand at every single bed. Somebody fills each of them before noon."
    reword_passage(actor=cast.bruno, document=beds.target, passage=own, text=text)
    halves = "Watering cans stand at every single bed.\n\nSomebody fills each of them before noon."
    reword_passage(actor=cast.bruno, document=beds.target, passage=own, text=halves)
    rows = [row for section in bench_of(beds).sections for row in section.rows]
    assert [[origin.code for origin in row.origins] for row in rows] == [[], ["AD-R1"], ["AD-R1"]]


def test_a_removed_passage_represents_its_source_no_more(cast: Cast, beds: Beds) -> None:
    source = ids(beds.sources[0])["Cans stand at every bed."]
    carry_passage(actor=cast.bruno, document=beds.target, passages=[source], reason="So.")
    assert states(bench_of(beds))["Cans stand at every bed."] == "kept"
    beds.target.refresh_from_db()
    kept = [passage.to_draft() for passage in load_passages(beds.target.current)[:-1]]
    save_revision(actor=cast.bruno, document=beds.target, passages=kept)
    assert states(bench_of(beds))["Cans stand at every bed."] == "not-yet"


def test_a_carried_passage_can_be_taken_back_with_its_words_and_its_edge(cast: Cast, beds: Beds) -> None:
    source = ids(beds.sources[0])["Cans stand at every bed."]
    [edge] = carry_passage(actor=cast.bruno, document=beds.target, passages=[source], reason="So.")
    assert withdraw_edge(actor=cast.bruno, document=beds.target, edge_id=edge.pk, reason="By mistake.")
    assert words(beds.target) == ["Tend the beds together", "A garden is work that is shared."]
    assert states(bench_of(beds))["Cans stand at every bed."] == "not-yet"
    drawn = LineageEdge.objects.get()
    assert (drawn.state, drawn.reason) == ("rejected", "By mistake.")
    assert PassageEdge.objects.count() == 2, "what was carried and that it was taken back are both on record"
    with pytest.raises(NoSuchEdge):
        withdraw_edge(actor=cast.bruno, document=beds.target, edge_id=edge.pk)


def test_taking_back_leaves_words_that_were_changed_since(cast: Cast, beds: Beds) -> None:
    source = ids(beds.sources[0])["Cans stand at every bed."]
    [edge] = carry_passage(actor=cast.bruno, document=beds.target, passages=[source], reason="So.")
    own = ids(beds.target)["Cans stand at every bed."]
    reword_passage(actor=cast.bruno, document=beds.target, passage=own, text="Cans stand ready at every bed.")
    assert not withdraw_edge(actor=cast.bruno, document=beds.target, edge_id=edge.pk)
    assert words(beds.target)[-1] == "Cans stand ready at every bed."


def test_what_is_left_out_says_why_and_can_be_carried_after_all(cast: Cast, beds: Beds) -> None:
    source = ids(beds.sources[2])["Yellow paint is cheap."]
    drop_passage(actor=cast.bruno, document=beds.target, passages=[source], reason="It is not any more.")
    drop_passage(actor=cast.bruno, document=beds.target, passages=[source], reason="Prices rose.")
    bench = bench_of(beds)
    [row] = [row for one in bench.sources for row in one.rows if row.public_id == source]
    assert (row.state, [edge.reason for edge in row.edges]) == ("left-out", ["Prices rose."])
    carry_passage(actor=cast.bruno, document=beds.target, passages=[source], reason="They fell again.")
    assert states(bench_of(beds))["Yellow paint is cheap."] == "kept"
    with pytest.raises(CannotCarry):
        drop_passage(actor=cast.bruno, document=beds.target, passages=[source], reason="Too late.")


def test_only_who_may_change_the_text_carries_anything_into_it(cast: Cast, beds: Beds) -> None:
    source = ids(beds.sources[0])["Cans stand at every bed."]
    [edge] = carry_passage(actor=cast.bruno, document=beds.target, passages=[source], reason="So.")
    own = ids(beds.target)["A garden is work that is shared."]
    chapter = Chapter.objects.get(iteration=beds.later)
    open_phase(cast.process, "connect")
    for actor in (cast.dalia, cast.farid, cast.bruno):
        with pytest.raises(Refused):
            carry_passage(actor=actor, document=beds.target, passages=[source], reason="So.")
        with pytest.raises(Refused):
            drop_passage(actor=actor, document=beds.target, passages=[source], reason="So.")
        with pytest.raises(Refused):
            withdraw_edge(actor=actor, document=beds.target, edge_id=edge.pk)
        with pytest.raises(Refused):
            reword_passage(actor=actor, document=beds.target, passage=own, text="Mine.")
        with pytest.raises(Refused):
            derive_document(actor=actor, source=beds.sources[0], chapter=chapter, code="AD-R7", reason="So.")
        with pytest.raises(Refused):
            begin_space(actor=actor, iteration=beds.later, group=cast.process.body)


def test_a_private_draft_is_a_source_only_for_who_reads_it(cast: Cast, beds: Beds) -> None:
    open_phase(cast.process, "draft")
    other = Chapter.objects.create(iteration=beds.sources[0].iteration, group=cast.process.body, position=5, lang="en")
    [hidden] = create_documents(
        actor=OPERATOR, chapter=other, drafts=[draft("CO-R1", "Secret", 1, "Nobody knows.")], publish=False
    )
    with pytest.raises(Refused):
        carry_passage(
            actor=cast.bruno, document=beds.target, passages=[ids(hidden)["Nobody knows."]], reason="I heard of it."
        )
    carry_passage(actor=cast.amina, document=beds.target, passages=[ids(hidden)["Nobody knows."]], reason="I did.")
    Document.objects.filter(pk=beds.target.pk).update(published=beds.target.current)
    assert origins_now(beds.target) == {}, "readers are not told of a draft they cannot read"
    carried = Passage.objects.get(document=beds.target, versions__text="Nobody knows.")
    for viewer, codes in ((AnonymousUser(), []), (cast.bruno, []), (cast.amina, ["CO-R1"])):
        kin = passage_kin(beds.target, carried.pk, drafts=drafts_visible_to(viewer, cast.process))
        assert [row.code for row in kin] == codes, viewer
    shown = synthesis_bench(beds.target, beds.sources)
    assert all(row.origins == () for section in shown.sections for row in section.rows)


def test_three_drafts_are_merged_into_one_that_begins_with_their_passages(cast: Cast, beds: Beds) -> None:
    before = everything_of(beds.sources)
    chapter = begin_space(actor=cast.bruno, iteration=beds.later, group=cast.advocacy)
    made = merge_documents(
        actor=cast.bruno,
        sources=beds.sources,
        chapter=chapter,
        code="AD-R2",
        title="One garden",
        reason="They are one thing.",
        carry=True,
    )
    assert made.published_id is None
    assert words(made)[0] == "One garden"
    assert len(words(made)) == 7
    edges = LineageEdge.objects.filter(later=made)
    assert [(edge.kind, edge.state, edge.reason) for edge in edges] == [
        ("merged", "accepted", "They are one thing.")
    ] * 3
    bench = synthesis_bench(made, beds.sources)
    assert (bench.represented, bench.waiting, bench.total) == (9, 0, 9)
    assert everything_of(beds.sources) == before
    with pytest.raises(WrongNumber):
        merge_documents(
            actor=cast.bruno, sources=beds.sources[:1], chapter=chapter, code="AD-R3", title="Alone", reason="So."
        )


def test_one_draft_is_carried_on_with_all_its_passages(cast: Cast, beds: Beds) -> None:
    chapter = Chapter.objects.get(iteration=beds.later)
    made = derive_document(
        actor=cast.bruno, source=beds.sources[1], chapter=chapter, code="AD-R2", reason="It is ready."
    )
    assert words(made) == words(beds.sources[1])
    assert [edge.kind for edge in LineageEdge.objects.filter(later=made)] == ["kept"]
    assert {edge.kind for edge in PassageEdge.objects.filter(document=made)} == {"kept"}


def test_one_draft_is_split_into_several_and_each_has_its_reason(cast: Cast, beds: Beds) -> None:
    chapter = Chapter.objects.get(iteration=beds.later)
    passages = ids(beds.sources[0])
    parts = [
        Part("AD-R2", "Cans", (passages["Cans stand at every bed."],)),
        Part("AD-R3", "Children", (passages["Children fill them in the morning."],), "They deserve their own."),
    ]
    one, other = split_document(
        actor=cast.bruno, source=beds.sources[0], chapter=chapter, parts=parts, reason="Two things."
    )
    assert words(one) == ["Cans", "Cans stand at every bed."]
    assert words(other) == ["Children", "Children fill them in the morning."]
    edges = LineageEdge.objects.filter(earlier=beds.sources[0]).order_by("id")
    assert [(edge.kind, edge.reason) for edge in edges] == [
        ("split", "Two things."),
        ("split", "They deserve their own."),
    ]
    with pytest.raises(WrongNumber):
        split_document(actor=cast.bruno, source=beds.sources[0], chapter=chapter, parts=parts[:1], reason="So.")


def test_what_is_carried_into_a_draft_is_not_said_of_what_readers_see(cast: Cast, beds: Beds) -> None:
    own = ids(beds.target)["A garden is work that is shared."]
    Document.objects.filter(pk=beds.target.pk).update(published=beds.target.current)
    beds.target.refresh_from_db()
    assert beds.target.published is not None
    carry_passage(
        actor=cast.bruno,
        document=beds.target,
        passages=[ids(beds.sources[0])["Cans stand at every bed."]],
        reason="It belongs here.",
        carry_as=CarryAs.INTO,
        place=f"p:{own}",
    )
    assert passage_origins(beds.target, beds.target.published) == {}
    assert list(origins_now(beds.target)) == [own]


def test_a_dropped_draft_stays_where_it_is_with_the_reason(cast: Cast, beds: Beds) -> None:
    before = everything_of(beds.sources)
    edge = drop_document(actor=cast.amina, document=beds.sources[2], reason="Nobody painted.")
    assert (edge.kind, edge.state, edge.later, edge.reason) == ("dropped", "accepted", None, "Nobody painted.")
    assert everything_of(beds.sources) == before


def test_the_bench_takes_three_queries_however_much_lies_beside_the_text(
    cast: Cast, beds: Beds, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 3):
        with django_assert_num_queries(3):
            synthesis_bench(beds.target, beds.sources[:count])
    carry_passage(
        actor=cast.bruno, document=beds.target, passages=list(ids(beds.sources[0]).values()), reason="All of it."
    )
    target = Document.objects.select_related("current").get(pk=beds.target.pk)
    with django_assert_num_queries(1):
        origins_now(target)

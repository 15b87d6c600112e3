"""The origin table: which drafts each text comes from, which led nowhere; and a table brought in twice."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import transaction
from django.db.models import QuerySet
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from harken.__main__ import cli
from harken.base.permits import OPERATOR, Refused
from harken.documents.actions.lineage import decide_edge, draw_edge, propose_edges
from harken.documents.actions.origins import import_origins
from harken.documents.actions.texts import create_documents
from harken.documents.models import Chapter, Document, EdgeState, LineageDecision, LineageEdge, LineageKind
from harken.documents.origin_table import read_origin_table, write_origin_table
from harken.documents.permissions import documents_visible_to
from harken.documents.queries.origin_plan import OriginPlan, plan_origins
from harken.documents.queries.origins import OriginTable, origin_records, origin_table
from harken.people.actions import create_group
from harken.processes.models import Iteration
from tests.cast import Cast, add_round, draft, open_phase

# Of the table in which Wikimedia's second iteration became its third (meta.wikimedia.org, Strategy 2018-20).
REAL_LINE = "AD R2, AD R8, CB R9, DV R1, PA R12, PT R6A, RS R2, R4, R5, R8 → Promote Sustainability and Resilience"
REAL_CODES = ("AD-R2", "AD-R8", "CB-R9", "DV-R1", "PA-R12", "PT-R6A", "RS-R2", "RS-R4", "RS-R5", "RS-R8")


def two_rounds(cast: Cast) -> tuple[Iteration, Iteration, list[Document], list[Document]]:
    earlier, before = add_round(cast.process, cast.advocacy, "Water", "Tools", "Fences", number=1)
    later, after = add_round(cast.process, cast.advocacy, "Tend the beds", "Walnuts", number=2)
    return earlier, later, before, after


def seen_by(cast: Cast, actor: object = OPERATOR) -> QuerySet[Document]:
    return documents_visible_to(actor, cast.process)  # type: ignore[arg-type] # users and the operator are actors


def table_of(cast: Cast, later: Iteration, **narrowed: str) -> OriginTable:
    return origin_table(later, seen_by(cast), **narrowed)


def plan_of(cast: Cast, later: Iteration, text: str, reason: str = "") -> OriginPlan:
    return plan_origins(later, read_origin_table(text), seen_by(cast), default_reason=reason)


def draw(cast: Cast, earlier: Document | None, later: Document | None, kind: LineageKind, reason: str = "So.") -> None:
    draw_edge(actor=OPERATOR, process=cast.process, earlier=earlier, later=later, kind=kind, reason=reason)


def test_each_text_names_its_drafts_and_each_lost_draft_its_reason(cast: Cast) -> None:
    _earlier, later, before, after = two_rounds(cast)
    draw(cast, before[0], after[0], LineageKind.MERGED, "Watering is tending.")
    draw(cast, before[2], None, LineageKind.DROPPED, "Nobody painted.")
    draw(cast, None, after[1], LineageKind.NEW, "Asked for at the feast.")
    table = table_of(cast, later)
    assert [(row.text.title, [(one.text.title, one.reason) for one in row.drafts]) for row in table.rows] == [
        ("Tend the beds", [("Water", "Watering is tending.")]),
        ("Walnuts", []),
    ]
    assert table.rows[1].new is not None
    assert table.rows[1].new.reason == "Asked for at the feast."
    lost = {row.text.title: row.dropped.reason if row.dropped else None for row in table.nowhere}
    assert lost == {"Tools": None, "Fences": "Nobody painted."}
    assert (table.draft_count, table.without_origin, table.not_said) == (1, 0, 1)


def test_proposals_are_shown_as_such_and_rejected_edges_not_at_all(cast: Cast) -> None:
    earlier, _before = add_round(cast.process, cast.advocacy, "Share the tools of the street", number=1)
    later, _after = add_round(cast.process, cast.advocacy, "Share the garden tools of the street", number=2)
    [edge] = [one for one in propose_edges(actor=OPERATOR, earlier=earlier, later=later) if not one.is_one_ended]
    [row] = table_of(cast, later).rows
    assert [(one.state, bool(one.words)) for one in row.drafts] == [("proposed", True)]
    assert [one.text.title for one in table_of(cast, later).nowhere[0].perhaps] == [row.text.title]
    decide_edge(actor=OPERATOR, edge=edge, state=EdgeState.REJECTED, reason="No.")
    assert table_of(cast, later).rows[0].drafts == ()


def test_one_groups_table_has_its_texts_and_those_its_drafts_led_to(cast: Cast) -> None:
    _earlier, later, before, after = two_rounds(cast)
    trees = create_group(actor=OPERATOR, name="Trees", code="TR", parent=cast.process.body)
    chapter = Chapter.objects.create(iteration=later, group=trees, position=1, lang="en")
    [grown] = create_documents(actor=OPERATOR, chapter=chapter, drafts=[draft("TR-R1", "Grow")])
    draw(cast, before[1], grown, LineageKind.REVISED)
    assert [row.text.code for row in table_of(cast, later, group_code="TR").rows] == ["TR-R1"]
    assert [row.text.title for row in table_of(cast, later, group_code="AD").rows] == [
        *(one.title for one in after),
        "Grow",
    ]
    assert [group.code for group in table_of(cast, later).groups] == ["AD", "TR"]


def test_readers_see_no_edge_to_a_draft_they_do_not_see_and_it_is_not_nowhere(cast: Cast) -> None:
    _earlier, later, before, _after = two_rounds(cast)
    chapter = Chapter.objects.get(iteration=later)
    [private] = create_documents(actor=OPERATOR, chapter=chapter, drafts=[draft("AD-R7", "Secret")], publish=False)
    draw(cast, before[0], private, LineageKind.REVISED, "Not for the street yet.")
    table = origin_table(later, seen_by(cast, cast.farid))
    assert "AD-R7" not in {row.text.code for row in table.rows}
    assert {row.text.title for row in table.nowhere} == {"Tools", "Fences"}
    assert "AD-R7" in {row.text.code for row in origin_table(later, seen_by(cast, cast.bruno)).rows}


def test_the_table_takes_the_same_queries_however_long(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _first, one = add_round(cast.process, cast.advocacy, "A", number=1)
    later, two = add_round(cast.process, cast.advocacy, "B", number=2)
    draw(cast, one[0], two[0], LineageKind.REVISED)
    with django_assert_num_queries(5):
        table_of(cast, later)
    chapter = Chapter.objects.get(iteration=later)
    more = create_documents(
        actor=OPERATOR, chapter=chapter, drafts=[draft(f"AD-R{n}", f"Text {n}", n) for n in (2, 3, 4)]
    )
    for text in more:
        draw(cast, one[0], text, LineageKind.SPLIT)
    with django_assert_num_queries(5):
        assert len(table_of(cast, later).rows) == 4


def test_the_first_iteration_comes_from_nothing(cast: Cast) -> None:
    earlier, _later, _before, _after = two_rounds(cast)
    draw(cast, None, Document.objects.get(title="Walnuts"), LineageKind.NEW)
    table = table_of(cast, earlier)
    assert (table.before, table.nowhere, len(table.rows)) == (None, (), 3)


def test_a_real_line_with_prefixes_carried_on_is_imported_with_one_reason_for_all(cast: Cast) -> None:
    before: dict[str, Document] = {}
    earlier, _own = add_round(cast.process, cast.advocacy, number=1)
    chapter = Chapter.objects.get(iteration=earlier)
    for document in create_documents(
        actor=OPERATOR, chapter=chapter, drafts=[draft(code, f"Draft {code}", n) for n, code in enumerate(REAL_CODES)]
    ):
        before[document.code] = document
    later, _after = add_round(cast.process, cast.advocacy, "Promote Sustainability and Resilience", number=2)
    plan = plan_of(cast, later, REAL_LINE, "So it says on the page of the third iteration.")
    assert [edge.earlier.code for edge in plan.edges if edge.earlier] == list(REAL_CODES)
    assert {edge.kind for edge in plan.edges} == {"merged"}
    assert plan.problems == ()
    assert len(import_origins(actor=OPERATOR, plan=plan)) == 10
    [row] = table_of(cast, later).rows
    assert [one.reason for one in row.drafts] == ["So it says on the page of the third iteration."] * 10


def test_what_cannot_be_found_is_told_line_by_line_and_the_rest_is_planned(cast: Cast) -> None:
    _earlier, later, _before, _after = two_rounds(cast)
    text = """document,draft,draft_iteration,kind,reason
AD-R1,AD R1,,,Good.
AD-R1,AD R77,,,Good.
AD-R99,AD R2,,,Good.
AD-R2,AD R2,iteration-9,,Good.
AD-R2,AD R2,,eaten,Good.
AD-R2,AD R3,,,
AD-R2,AD R3,,dropped,Good.
AD-R1,AD-R1,,,Again.
"""
    plan = plan_of(cast, later, text)
    assert [(edge.line, edge.status) for edge in plan.edges] == [(2, "new")]
    assert [problem.line for problem in plan.problems] == [3, 4, 5, 6, 7, 8, 9]
    told = " ".join(problem.sentence for problem in plan.problems)
    for words in ("AD-R77", "“AD-R99”", "“iteration-9”", "“eaten”", "no reason", "nothing before it", "Another line"):
        assert words in told


def test_importing_twice_changes_nothing_the_second_time(cast: Cast) -> None:
    _earlier, later, _before, _after = two_rounds(cast)
    text = "AD R1, R2 → Tend the beds\nAD R3 →\n→ Walnuts\n"
    assert len(import_origins(actor=OPERATOR, plan=plan_of(cast, later, text, "Said at the table."))) == 4
    decisions = LineageDecision.objects.count()
    again = plan_of(cast, later, text, "Another reason for all.")
    assert again.to_write == ()
    assert import_origins(actor=OPERATOR, plan=again) == []
    assert LineageDecision.objects.count() == decisions
    other = plan_of(cast, later, "document,draft,reason\nAD-R1,AD-R1,Better words.\n")
    assert [(edge.status, edge.kind) for edge in other.to_write] == [("changed", LineageKind.MERGED)]


REASONS = st.sampled_from(
    ["Plain.", "=1+1", "+49", "-", "@all", "'=quoted", "Two\nlines", 'A "word", or two', "كلمة؛ ,"]
)


def test_what_is_exported_and_imported_again_changes_nothing(cast: Cast) -> None:
    _earlier, later, before, after = two_rounds(cast)

    @hypothesis_settings(max_examples=20)
    @given(
        drawn=st.dictionaries(st.tuples(st.integers(0, 2), st.integers(0, 1)), REASONS, max_size=5),
        dropped=st.dictionaries(st.integers(0, 2), REASONS),
        new=st.dictionaries(st.integers(0, 1), REASONS),
    )
    def property_holds(drawn: dict[tuple[int, int], str], dropped: dict[int, str], new: dict[int, str]) -> None:
        with transaction.atomic():
            for (one, two), reason in drawn.items():
                draw(cast, before[one], after[two], LineageKind.MERGED, reason)
            for one, reason in dropped.items():
                draw(cast, before[one], None, LineageKind.DROPPED, reason)
            for two, reason in new.items():
                draw(cast, None, after[two], LineageKind.NEW, reason)
            text = write_origin_table(origin_records(table_of(cast, later)))
            plan = plan_of(cast, later, text)
            assert (plan.to_write, plan.problems) == ((), ())
            # And into an empty process of the same texts it brings all that the table shows.
            kept = {(one.earlier_id, one.later_id): (one.kind, one.reason) for one in LineageEdge.objects.all()}
            shown = {ends for ends in kept if ends[1] or ends[0] not in {pair[0] for pair in kept if pair[1]}}
            LineageEdge.objects.all().update(state=EdgeState.REJECTED, reason="", kind=LineageKind.KEPT)
            import_origins(actor=OPERATOR, plan=plan_of(cast, later, text))
            restored = {
                (one.earlier_id, one.later_id): (one.kind, one.reason)
                for one in LineageEdge.objects.filter(state=EdgeState.ACCEPTED)
            }
            assert restored == {ends: kept[ends] for ends in shown}
            transaction.set_rollback(True)

    property_holds()


def test_only_who_may_connect_texts_imports_a_table(cast: Cast) -> None:
    _earlier, later, _before, _after = two_rounds(cast)
    plan = plan_of(cast, later, "AD R1 → Tend the beds", "So.")
    open_phase(cast.process, "read")
    for actor in (cast.bruno, cast.dalia, cast.farid):
        with pytest.raises(Refused):
            import_origins(actor=actor, plan=plan)
    assert import_origins(actor=cast.amina, plan=plan)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["import", "origins", *arguments])
    return result.exit_code, result.output


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "origins.txt"
    path.write_text("AD R1, R2 → Tend the beds\n", encoding="utf-8")
    return path


def test_the_command_line_previews_imports_and_changes_nothing_twice(cast: Cast, file: Path) -> None:
    two_rounds(cast)
    place = ("--process", "open-garden", "--iteration", "iteration-2")
    code, output = run(str(file), *place)
    assert code == 2
    assert "has no reason" in output
    code, output = run(str(file), *place, "--reason", "So it was.", "--preview")
    assert code == 0
    assert "Nothing was written" in output
    assert not LineageEdge.objects.exists()
    code, output = run(str(file), *place, "--reason", "So it was.", "--json")
    assert [edge["draft"] for edge in json.loads(output)["written"]] == ["AD-R1", "AD-R2"]
    assert LineageEdge.objects.filter(state=EdgeState.ACCEPTED).count() == 2
    code, output = run(str(file), *place)
    assert (code, "Nothing changes." in output) == (0, True)


def test_the_command_line_writes_nothing_where_a_code_is_unknown_unless_told_to_leave_it(
    cast: Cast, file: Path
) -> None:
    two_rounds(cast)
    file.write_text("AD R1, R77 → Tend the beds\n", encoding="utf-8")
    place = ("--process", "open-garden", "--iteration", "iteration-2", "--reason", "So.")
    code, output = run(str(file), *place)
    assert code == 2
    assert "AD-R77" in output
    assert not LineageEdge.objects.exists()
    assert run(str(file), *place, "--leave-unknown")[0] == 0
    assert LineageEdge.objects.count() == 1
    for wrong in (
        ("--process", "nowhere", "--iteration", "iteration-2"),
        ("--process", "open-garden", "--iteration", "x"),
    ):
        assert run(str(file), *wrong)[0] == 2
    assert run(str(file.with_name("missing.txt")), *place)[0] == 2

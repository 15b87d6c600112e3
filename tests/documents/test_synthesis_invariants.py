"""Whatever is done on the bench: sources stay, and all their passages are counted."""

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from harken.documents.actions.lineage import NoSuchEdge
from harken.documents.actions.passage_lineage import (
    CannotCarry,
    CarryAs,
    carry_passage,
    drop_passage,
    reword_passage,
    withdraw_edge,
)
from harken.documents.actions.saving import save_revision
from harken.documents.models import (
    PassageEdge,
)
from harken.documents.queries.texts import load_passages
from tests.cast import Cast
from tests.documents.synthesis_beds import Beds, bench_of, everything_of, ids, make_beds


@pytest.fixture
def beds(cast: Cast) -> Beds:
    return make_beds(cast)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["carry", "drop", "withdraw", "remove", "reword"]),
        st.lists(st.integers(0, 8), min_size=1, max_size=3, unique=True),
        st.sampled_from(list(CarryAs)),
        st.integers(0, 20),
    ),
    max_size=7,
)


def do_step(cast: Cast, beds: Beds, step: tuple[str, list[int], CarryAs, int]) -> None:
    verb, chosen, carry_as, number = step
    sources = [public_id for document in beds.sources for public_id in ids(document).values()]
    passages = [sources[index] for index in chosen]
    own = list(ids(beds.target).values())
    place = own[number % len(own)]
    match verb:
        case "carry":
            carry_passage(
                actor=cast.bruno,
                document=beds.target,
                passages=passages,
                reason="Because.",
                carry_as=carry_as,
                place=f"p:{place}",
            )
        case "drop":
            drop_passage(actor=cast.bruno, document=beds.target, passages=passages, reason="Because not.")
        case "withdraw":
            edge = PassageEdge.objects.filter(document=beds.target).order_by("id")[number : number + 1]
            withdraw_edge(actor=cast.bruno, document=beds.target, edge_id=edge[0].pk if edge else 0)
        case "remove":
            stored = load_passages(beds.target.current)
            kept = [one.to_draft() for one in stored if one.public_id != place or one.kind == "title"]
            save_revision(actor=cast.bruno, document=beds.target, passages=kept)
        case _:
            reword_passage(actor=cast.bruno, document=beds.target, passage=place, text=f"Other words {number}.")


def test_whatever_is_done_sources_stay_and_all_their_passages_are_counted(cast: Cast, beds: Beds) -> None:
    before = everything_of(beds.sources)

    @hypothesis_settings(max_examples=15)
    @given(steps=STEPS)
    def property_holds(steps: list[tuple[str, list[int], CarryAs, int]]) -> None:
        with transaction.atomic():
            for step in steps:
                try:
                    do_step(cast, beds, step)
                except (CannotCarry, NoSuchEdge):
                    continue
            bench = bench_of(beds)
            counted = [row for one in bench.sources for row in one.rows if row.is_counted]
            assert bench.represented + bench.left_out + bench.waiting == bench.total == len(counted) == 9
            assert everything_of(beds.sources) == before
            standing = {edge.edge_id for row in counted for edge in row.edges}
            assert all(row.edges for row in counted if row.state != "not-yet")
            assert PassageEdge.objects.filter(pk__in=standing, withdrawn_by__isnull=False).count() == 0
            transaction.set_rollback(True)
        beds.target.refresh_from_db()

    property_holds()

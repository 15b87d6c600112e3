from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken.core.text.merge import Conflict, Merge, merge_passages
from harken.core.text.order import longest_increasing

Document = list[tuple[str, str]]

base_documents = st.lists(st.sampled_from(["one", "two", "three", ""]), max_size=7).map(
    lambda contents: [(f"p{number}", content) for number, content in enumerate(contents)]
)


@st.composite
def edited(draw: st.DrawFn, base: Document, side: str, *, may_move: bool = True) -> Document:
    """`base` after somebody changed, removed, moved and added passages."""
    document = list(base)
    for number in range(draw(st.integers(0, 4))):
        act = draw(st.sampled_from(["change", "remove", "add", *(["move"] if may_move else [])]))
        place = draw(st.integers(0, max(len(document) - 1, 0)))
        if act == "add" or not document:
            document.insert(place, (f"{side}{number}", draw(st.sampled_from(["one", "new", f"by {side}"]))))
        elif act == "change":
            document[place] = (document[place][0], draw(st.sampled_from(["one", "changed", f"changed by {side}"])))
        elif act == "move":
            document.insert(draw(st.integers(0, len(document) - 1)), document.pop(place))
        else:
            document.pop(place)
    return document


@st.composite
def edits(draw: st.DrawFn) -> tuple[Document, Document, Document]:
    base = draw(base_documents)
    return base, draw(edited(base, "t")), draw(edited(base, "m"))


def listed(merge: Merge[str]) -> Document:
    return [(row.passage_id, row.content) for row in merge.rows]


def moved(base: Document, side: Document) -> set[str]:
    """The passages that this side put at another place."""
    places = {passage_id: place for place, (passage_id, _) in enumerate(base)}
    old = [passage_id for passage_id, _ in side if passage_id in places]
    return set(old) - {old[number] for number in longest_increasing([places[passage_id] for passage_id in old])}


def stretches(side: Document, leaders: set[str], followers: set[str]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    leader = "start"
    for passage_id, _ in side:
        if passage_id in leaders:
            leader = passage_id
        elif passage_id in followers:
            found[leader].append(passage_id)
    return dict(found)


def contents(document: Sequence[tuple[str, str]]) -> dict[str, str]:
    return dict(document)


@given(edits())
def test_nothing_that_anybody_wrote_is_lost(documents: tuple[Document, Document, Document]) -> None:
    base, theirs, mine = documents
    merge = merge_passages(base, theirs, mine)
    by_id = {row.passage_id: row for row in merge.rows}
    for name, side in (("theirs", theirs), ("mine", mine)):
        for passage_id, content in side:
            if contents(base).get(passage_id) == content:
                continue
            row = by_id.get(passage_id)
            if row is None:  # the other side added an equal passage at this place
                assert passage_id not in contents(base)
                assert any(other.content == content and other.source == "both" for other in merge.rows)
            else:
                assert content == (getattr(row.conflict, name) if row.conflict else row.content)


@given(edits())
def test_what_both_added_alike_stands_there_as_often_as_one_of_them_wrote_it(
    documents: tuple[Document, Document, Document],
) -> None:
    base, theirs, mine = documents
    merged = Counter(row.content for row in merge_passages(base, theirs, mine).rows if row.passage_id[0] != "p")
    for side in (theirs, mine):
        assert merged >= Counter(content for passage_id, content in side if passage_id not in contents(base))


@given(edits())
def test_every_passage_has_one_row_unless_it_was_removed(documents: tuple[Document, Document, Document]) -> None:
    base, theirs, mine = documents
    merge = merge_passages(base, theirs, mine)
    ids = [row.passage_id for row in merge.rows]
    assert len(set(ids)) == len(ids)
    for passage_id, content in base:
        sides = [contents(theirs).get(passage_id), contents(mine).get(passage_id)]
        gone = None in sides and all(side in (None, content) for side in sides)
        assert (passage_id in ids) != gone
    assert [row.conflict for row in merge.rows if row.conflict] == list(merge.conflicts)


@given(edits())
def test_a_conflict_is_only_where_both_changed_one_passage(documents: tuple[Document, Document, Document]) -> None:
    base, theirs, mine = documents
    for conflict in merge_passages(base, theirs, mine).conflicts:
        assert conflict.base == contents(base)[conflict.passage_id]
        assert conflict.theirs == contents(theirs).get(conflict.passage_id)
        assert conflict.mine == contents(mine).get(conflict.passage_id)
        assert len({conflict.base, conflict.theirs, conflict.mine}) == 3


@given(edits())
def test_who_changed_nothing_has_no_say(documents: tuple[Document, Document, Document]) -> None:
    base, side, _ = documents
    assert listed(merge_passages(base, base, side)) == side
    assert listed(merge_passages(base, side, base)) == side
    assert listed(merge_passages(base, side, side)) == side
    assert not merge_passages(base, side, side).conflicts


@given(edits())
def test_the_sides_can_be_exchanged_where_they_do_not_meet(documents: tuple[Document, Document, Document]) -> None:
    base, theirs, mine = documents
    one, other = merge_passages(base, theirs, mine), merge_passages(base, mine, theirs)
    assert len(one.conflicts) == len(other.conflicts)
    if one.conflicts:
        return
    assert Counter(row.content for row in one.rows) == Counter(row.content for row in other.rows)
    moved_by_them, moved_by_me = moved(base, theirs), moved(base, mine)
    kept = {row.passage_id for row in one.rows if row.passage_id in contents(base)}
    unmoved = kept - moved_by_them - moved_by_me
    if moved_by_them & moved_by_me:
        return
    if stretches(theirs, unmoved, moved_by_them).keys() & stretches(mine, unmoved, moved_by_me).keys():
        return
    new = (contents(theirs).keys() | contents(mine).keys()) - contents(base).keys()
    if stretches(theirs, kept, new).keys() & stretches(mine, kept, new).keys():
        return
    assert listed(one) == listed(other)


@given(edits())
def test_new_passages_follow_the_one_they_were_written_behind(documents: tuple[Document, Document, Document]) -> None:
    base, theirs, mine = documents
    rows = merge_passages(base, theirs, mine).rows
    order = [row.passage_id for row in rows]
    kept = {passage_id for passage_id in order if passage_id in contents(base)}
    behind = stretches([(passage_id, "") for passage_id in order], kept, set(order) - kept)
    for side in (theirs, mine):
        for leader, run in stretches(side, kept, set(order) - kept).items():
            assert set(run) <= set(behind[leader])


@given(edits())
def test_theirs_wins_the_order_where_mine_moved_nothing(documents: tuple[Document, Document, Document]) -> None:
    base, theirs, mine = documents
    if moved(base, mine):
        return
    order = [row.passage_id for row in merge_passages(base, theirs, mine).rows]
    assert [key for key in order if key in contents(theirs)] == [key for key, _ in theirs if key in order]


def merged(base: str, theirs: str, mine: str) -> str:
    """Documents as words: `a` is the passage a with content a, `a=x` has content x; the merge in the same way."""

    def read(document: str) -> Document:
        return [(word[0], word.rpartition("=")[2]) for word in document.split()]

    def write(passage_id: str, content: str) -> str:
        return passage_id if passage_id == content else f"{passage_id}={content}"

    return " ".join(
        write(row.passage_id, row.content)
        + (f"!{row.conflict.base}/{row.conflict.theirs}/{row.conflict.mine}" if row.conflict else "")
        for row in merge_passages(read(base), read(theirs), read(mine)).rows
    )


@pytest.mark.parametrize(
    ("base", "theirs", "mine", "expected"),
    [
        ("a b c", "a=x b c", "a b c=y", "a=x b c=y"),
        ("a b c", "a b=x c", "a b=x c", "a b=x c"),
        ("a b c", "a b=x c", "a b=y c", "a b=x!b/x/y c"),
        ("a b c", "a c", "a b=y c", "a b=y!b/None/y c"),
        ("a b c", "a b=x c", "a c", "a b=x!b/x/None c"),
        ("a b c", "a c", "a b c", "a c"),
        ("a b c", "a c", "c a b", "c a"),
        ("a b", "a t b", "a m b", "a t m b"),
        ("a b", "t a b", "a b m", "t a b m"),
        # Both added the same words at one place: once, and it divides what else was added there.
        ("a b", "a t=x b", "a m=x b", "a t=x b"),
        ("a b", "a s t=x u b", "a l m=x n b", "a s l t=x u n b"),
        ("a b", "a t=x u=x b", "a m=x b", "a t=x u=x b"),
        # What was written into a section goes with it, wherever the other took it.
        ("a b c d e", "a d e b c", "a b m c d e", "a d e b m c"),
        ("a b c d e", "a b t c d e", "a d e b c", "a d e b t c"),
        # The passage it was written behind is gone: behind the one before.
        ("a b c", "a c", "a b m c", "a m c"),
        ("a b c", "a t c", "a b m c", "a t m c"),
        # Both moved one passage: where they have it.
        ("a b c d", "b a c d", "a c d b", "b a c d"),
        ("a b c d", "b c a d", "b c d a", "b c a d"),
        # Conflicts with what was removed stand in the old order.
        ("a b c d", "a c=x d", "a b=y d", "a b=y!b/None/y c=x!c/x/None d"),
        # One id added by both is one passage.
        ("a", "a n=x", "a n=x", "a n=x"),
        ("a", "a n=x", "a n=y", "a n=x!None/x/y"),
        ("", "t", "m", "t m"),
        ("a", "", "", ""),
        ("a", "a=x", "", "a=x!a/x/None"),
    ],
)
def test_merges(base: str, theirs: str, mine: str, expected: str) -> None:
    assert merged(base, theirs, mine) == expected


def test_rows_say_whose_they_are() -> None:
    base = [("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")]
    theirs = [("a", "1"), ("b", "their 2"), ("c", "3"), ("d", "our 4"), ("t", "equal"), ("u", "theirs")]
    mine = [("a", "1"), ("b", "2"), ("c", "my 3"), ("d", "our 4"), ("m", "equal"), ("n", "mine")]
    rows = merge_passages(base, theirs, mine).rows
    assert [(row.passage_id, row.source) for row in rows] == [
        ("a", "base"),
        ("b", "theirs"),
        ("c", "mine"),
        ("d", "both"),
        ("t", "both"),
        ("u", "theirs"),
        ("n", "mine"),
    ]


def test_a_conflict_carries_all_three() -> None:
    merge = merge_passages([("a", ("text", 1))], [("a", ("text", 2))], [])
    assert merge.conflicts == (Conflict("a", ("text", 1), ("text", 2), None),)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_an_id_may_occur_once_only(which: int) -> None:
    documents = [[("a", "1")], [("a", "1")], [("a", "1")]]
    documents[which].append(("a", "2"))
    with pytest.raises(ValueError, match="'a' occurs more than once"):
        merge_passages(*documents)


def test_large_documents_of_equal_passages_are_merged() -> None:
    base = [(f"p{number}", "the same") for number in range(10_000)]
    theirs = [*base[5_000:], *((f"t{number}", "the same") for number in range(3_000)), *base[:5_000]]
    mine = [*base[:9_000:2], *((f"m{number}", "the same") for number in range(3_000)), *reversed(base[9_000:])]
    order = [row.passage_id for row in merge_passages(base, theirs, mine).rows]
    assert len(order) == 5_500 + 3_000 + 3_000
    assert all(order.index(one) < order.index(other) for one, other in pairwise(["p5000", "p8998", "p0", "p4998"]))

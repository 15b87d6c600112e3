"""The keys by which a conversation is read in order."""

from hypothesis import given
from hypothesis import strategies as st

from harken.inputs.threads import DEEPEST, key_below, move_key, sign_of


@st.composite
def trees(draw: st.DrawFn) -> list[int | None]:
    """For each number what it replies to: an earlier one, or nothing."""
    size = draw(st.integers(1, 40))
    return [draw(st.one_of(st.none(), st.integers(0, number - 1))) if number else None for number in range(size)]


def keys_of(tree: list[int | None]) -> list[str]:
    keys: list[str] = []
    for number, parent in enumerate(tree):
        keys.append(key_below(keys[parent] if parent is not None else "", number))
    return keys


def depths_of(tree: list[int | None]) -> list[int]:
    depths: list[int] = []
    for parent in tree:
        depths.append(1 if parent is None else depths[parent] + 1)
    return depths


@given(st.lists(st.integers(0, 32**8 - 1), min_size=2, max_size=2, unique=True))
def test_signs_sort_as_their_numbers_do(numbers: list[int]) -> None:
    one, other = numbers
    assert (sign_of(one) < sign_of(other)) == (one < other)


@given(trees())
def test_sorted_keys_walk_the_tree(tree: list[int | None]) -> None:
    keys = keys_of(tree)
    if max(depths_of(tree)) > DEEPEST:
        return
    walked: list[int] = []

    def walk(above: int | None) -> None:
        for number, parent in enumerate(tree):
            if parent == above:
                walked.append(number)
                walk(number)

    walk(None)
    assert sorted(range(len(tree)), key=keys.__getitem__) == walked


@given(trees(), st.integers(0, 15))
def test_a_moved_tree_has_the_keys_it_would_have_had(tree: list[int | None], above: int) -> None:
    parent_key = ""
    for number in range(above):
        parent_key = key_below(parent_key, 1_000 + number)
    below: list[str] = []
    for number, parent in enumerate(tree):
        below.append(key_below(below[parent] if parent is not None else parent_key, number))
    assert [move_key(key, parent_key) for key in keys_of(tree)] == below


def test_a_key_stays_short_however_deep_it_hangs() -> None:
    key = ""
    for number in range(10_000):
        key = key_below(key, number)
    assert len(key) == (DEEPEST + 1) * 8 <= 100

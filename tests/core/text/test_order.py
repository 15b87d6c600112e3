from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from harken.core.text.order import longest_increasing


@given(st.lists(st.integers(0, 9), max_size=9))
def test_the_chosen_positions_are_increasing_and_no_longer_choice_exists(values: list[int]) -> None:
    chosen = longest_increasing(values)
    assert all(one < other and values[one] < values[other] for one, other in pairwise(chosen))
    longer = combinations(values, len(chosen) + 1)
    assert not any(all(one < other for one, other in pairwise(choice)) for choice in longer if choice)

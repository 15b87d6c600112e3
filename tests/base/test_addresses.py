"""Whatever is typed into an address is answered."""

import pytest
from django.test import Client

from tests.cast import Cast, add_round, text_of


@pytest.mark.parametrize(
    "address",
    [
        "/processes/open-garden/iteration-1/A%00D/",
        "/processes/open-garden/groups/A%00D/",
        "/processes/open-garden/lineage/?group=A%00D",
        "/processes/open-garden/iteration-1/links/?document=A%00D",
        "/processes/open-garden/iteration-1/AD-R1/suggestions/?author=%00",
        "/search/?q=%00",
    ],
)
def test_there_is_nothing_at_an_address_with_a_nul(client: Client, cast: Cast, address: str) -> None:
    add_round(cast.process, cast.advocacy, "Water the beds")
    assert "There is no such page" in text_of(client, address, status=404)


def test_a_nul_among_the_passages_that_are_carried_is_refused(amina: Client, cast: Cast) -> None:
    add_round(cast.process, cast.advocacy, "Water the beds")
    bench = "/processes/open-garden/iteration-1/AD-R1/synthesis/"
    for act in ("carry", "drop"):
        sent = amina.post(f"{bench}{act}/", {"passage": "a\0b", "reason": "So.", "base": "1", "place": ""})
        assert sent.status_code == 422


@pytest.mark.parametrize("page", ["9" * 40, "-1", "x", "²"])
def test_search_answers_for_any_page(client: Client, cast: Cast, page: str) -> None:
    add_round(cast.process, cast.advocacy, "Water the beds")
    text_of(client, f"/search/?q=beds&page={page}")

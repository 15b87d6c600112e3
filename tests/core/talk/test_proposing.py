"""Which column of a survey is what is told by its heading and by what stands in it."""

from pathlib import Path

import pytest

from harken.core.talk.tables.mapping import TableMapping
from harken.core.talk.tables.proposing import propose_mapping
from harken.core.talk.tables.reading import open_table


def propose(folder: Path, table: str) -> TableMapping:
    path = folder / "survey.csv"
    path.write_text(table, encoding="utf-8")
    return propose_mapping(open_table(path))


@pytest.mark.parametrize("heading", ["When", "Wann?", "Quand ?", "¿Cuándo?", "Quando", "متى", "कब"])
def test_a_column_that_asks_when_is_the_time(tmp_path: Path, heading: str) -> None:
    rows = "Amal,03/04/2026,The tea and the host\nBo,04/03/2026,Quiet hours after eight\n"
    assert propose(tmp_path, f"Name,{heading},Comment\n{rows}").time == heading


@pytest.mark.parametrize(
    "heading", ["May we publish?", "Dürfen wir das veröffentlichen?", "Can we publish what you wrote?"]
)
def test_a_column_of_consent_is_proposed_also_where_people_wrote_sentences(tmp_path: Path, heading: str) -> None:
    rows = 'Ada,More benches,yes\nBen,Fewer talks,"no, do not publish"\nDi,Less paper,"yes, but without my name"\n'
    mapping = propose(tmp_path, f"Name,Comment,{heading}\n{rows}")
    assert (mapping.consent, mapping.text, mapping.answers) == (heading, "Comment", {})

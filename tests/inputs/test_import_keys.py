"""What is brought is known again when it comes again, and nothing is taken for something else of the same name."""

import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from harken.__main__ import cli
from harken.inputs.models import Input, Source, Wording
from harken.inputs.page_keys import tell_apart
from harken.inputs.storable import fit_key
from tests.cast import Cast
from tests.inputs.bringing import COMMENTS, DECIDIM, PROPOSALS, Files, bring_files, mail, packed, send, talk

pytestmark = pytest.mark.usefixtures("_files_of_their_own")

HUBS, ROSES = ("hubs.wiki", talk("Noor", "Yes.")), ("roses.wiki", talk("Sami", "No."))


def statements(*said: str) -> str:
    """An export of a conversation, whose statements have the numbers that those of each have."""
    rows = [f"2019-09-01 10:00:00,{number},1,{words}" for number, words in enumerate(said)]
    return "\n".join(["timestamp,comment-id,author-id,comment-body", *rows, ""])


def keys() -> set[str]:
    """What all sources are known by."""
    return set(Source.objects.values_list("key", flat=True))


def added(client: Client, kind: str, files: Files, **more: str) -> object:
    """How many inputs are new of what is brought."""
    return bring_files(client, kind, files, **more)["added"]


# --- Polis ---


TOWN, VALLEY = statements("More benches.", "More shade."), statements("A bus at night.")


@pytest.mark.parametrize(
    ("files", "known"),
    [
        ([("town.csv", TOWN), ("valley.csv", VALLEY)], {"town.csv", "valley.csv"}),
        ([("comments.csv", TOWN), ("comments.csv", VALLEY)], {"comments.csv", "2~comments.csv"}),
        (
            [("town.zip", packed({"comments.csv": TOWN})), ("valley.zip", packed({"x/comments.csv": VALLEY}))],
            {"town.zip", "valley.zip"},
        ),
        (
            [("all.zip", packed({"x/town/comments.csv": TOWN, "x/valley/comments.csv": VALLEY}))],
            {"all.zip/town/comments.csv", "all.zip/valley/comments.csv"},
        ),
    ],
)
def test_conversations_brought_together_do_not_overwrite_each_other(
    chen: Client, files: Files, known: set[str]
) -> None:
    report = bring_files(chen, "polis", files)
    assert (report["added"], report["changed"]) == (3, 0)
    assert keys() == known
    assert set(Wording.objects.values_list("text", flat=True)) == {"More benches.", "More shade.", "A bus at night."}
    again = bring_files(chen, "polis", files)
    assert (again["added"], again["changed"], keys()) == (0, 0, known)


def test_a_conversation_alone_is_known_by_its_file_as_before(chen: Client) -> None:
    assert added(chen, "polis", [("comments.csv", TOWN)]) == 2
    assert keys() == {"comments.csv"}
    assert added(chen, "polis", [("comments.csv", TOWN)], source="town") == 2
    assert keys() == {"comments.csv", "town"}


def import_statements(*paths: Path) -> None:
    """Bring them in on the command line."""
    told = CliRunner().invoke(
        cli, ["import", "forum", *map(str, paths), "--platform", "polis", "--process", "open-garden"]
    )
    assert told.exit_code == 0, told.output


def test_the_command_line_keeps_conversations_apart_too(cast: Cast, tmp_path: Path) -> None:
    paths = [tmp_path / place for place in ("a/comments.csv", "b/comments.csv", "other.csv")]
    for path, said in zip(paths, (TOWN, VALLEY, statements("No.")), strict=True):
        path.parent.mkdir(exist_ok=True)
        path.write_text(said, encoding="utf-8")
    import_statements(*paths)
    assert (Input.objects.count(), keys()) == (4, {"a/comments.csv", "b/comments.csv", "other.csv"})
    import_statements(*paths)
    assert (Input.objects.count(), Wording.objects.count()) == (4, 4)
    import_statements(paths[2])
    assert Input.objects.count() == 4


@pytest.mark.parametrize("first", ["decidim", "polis"])
def test_files_of_one_name_from_two_platforms_are_two_sources(chen: Client, first: str) -> None:
    brought: dict[str, Files] = {"decidim": DECIDIM, "polis": [("comments.csv", TOWN)]}
    for kind in sorted(brought, key=lambda kind: kind != first):
        report = bring_files(chen, kind, brought[kind])
        assert (report["added"], report["changed"]) == (2, 0)
    for kind, files in brought.items():
        assert added(chen, kind, files) == 0
    assert Source.objects.count() == 2


# --- pages of one name ---


IDEAS = "Water at night.\nMore shade.\n"


@pytest.mark.parametrize(
    ("files", "known"),
    [
        ([("ideas.txt", IDEAS), ("ideas.txt", "Water at night.\n")], {"ideas.txt", "2~ideas.txt"}),
        (
            [("north.zip", packed({"ideas.txt": IDEAS})), ("south.zip", packed({"ideas.txt": "Water at night.\n"}))],
            {"north/ideas.txt", "south/ideas.txt"},
        ),
        (
            [("ideas.txt", IDEAS), ("south.zip", packed({"x/ideas.txt": "Water at night.\n"}))],
            {"ideas.txt", "south/ideas.txt"},
        ),
    ],
)
def test_a_line_that_two_groups_wrote_is_there_twice(chen: Client, files: Files, known: set[str]) -> None:
    assert added(chen, "lines", files) == 3
    assert keys() == known
    assert added(chen, "lines", files) == 0
    assert keys() == known


def test_a_package_that_came_alone_first_keeps_its_keys_beside_another(chen: Client) -> None:
    north, south = ("north.zip", packed({"ideas.txt": IDEAS})), ("south.zip", packed({"ideas.txt": "Dig.\n"}))
    assert added(chen, "lines", [north]) == 2
    assert added(chen, "lines", [south, north]) == 1
    assert keys() == {"ideas.txt", "south/ideas.txt"}
    assert added(chen, "lines", [south]) == 0
    assert added(chen, "lines", [north]) == 0


@given(st.lists(st.tuples(st.sampled_from(["a", "2~a", "x/a", "b"]), st.sampled_from(["", "x", "y"])), max_size=9))
def test_no_two_that_come_together_have_one_key(pages: list[tuple[str, str]]) -> None:
    keys = tell_apart([name for name, _owner in pages], [owner for _name, owner in pages])
    assert len(keys) == len(set(keys)) == len(pages)


# --- the same page again ---


def test_a_page_is_found_again_in_whatever_folder_it_is_packed(chen: Client) -> None:
    assert added(chen, "talk", [HUBS]) == 1
    assert added(chen, "talk", [("a.zip", packed({"talk/hubs.wiki": HUBS[1]}))]) == 0
    with_more = packed({"README.txt": "== Read ==\nThis first.", "talk/hubs.wiki": HUBS[1]})
    assert added(chen, "talk", [("b.zip", with_more)]) == 0
    assert "talk/hubs.wiki" not in keys()


def test_a_page_packed_with_its_folder_is_found_again_without_what_lay_beside_it(chen: Client) -> None:
    with_more = packed({"README.txt": "== Read ==\nThis first.", "talk/hubs.wiki": HUBS[1]})
    assert added(chen, "talk", [("b.zip", with_more)]) == 1
    assert added(chen, "talk", [("a.zip", packed({"talk/hubs.wiki": HUBS[1]}))]) == 0


def test_two_pages_of_one_name_are_not_both_taken_for_one_that_came_before(chen: Client) -> None:
    assert added(chen, "lines", [("ideas.txt", IDEAS)]) == 2
    content = packed({"north/ideas.txt": IDEAS, "south/ideas.txt": IDEAS})
    assert added(chen, "lines", [("both.zip", content)]) == 4
    assert keys() == {"ideas.txt", "north/ideas.txt", "south/ideas.txt"}


def test_a_page_that_came_alone_under_a_name_keeps_it_when_others_come_with_it(chen: Client) -> None:
    assert added(chen, "talk", [HUBS], source="town") == 1
    assert keys() == {"town"}
    for files in ([HUBS, ROSES], [ROSES, HUBS], [HUBS], [ROSES]):
        assert added(chen, "talk", files, source="town") == (1 if files == [HUBS, ROSES] else 0)
    assert keys() == {"town", "town/roses.wiki"}


def test_names_are_the_same_however_their_accents_are_written(chen: Client) -> None:
    name = "Räume.txt"
    apart = unicodedata.normalize("NFD", name)
    assert added(chen, "lines", [(apart, IDEAS)]) == 2
    assert keys() == {name}
    Source.objects.update(key=apart)  # as it was kept before
    assert added(chen, "lines", [(name, IDEAS)]) == 0
    assert added(chen, "lines", [("a.zip", packed({apart: IDEAS}))]) == 0


@pytest.mark.parametrize("middle", ["a", "b"])
def test_a_long_name_is_the_key_as_it_is(chen: Client, middle: str) -> None:
    begin, end = "é" * 110, "ideas of the whole north.txt"
    names = [f"{begin}{one}{end}" for one in ("a", "b")]
    assert added(chen, "lines", [(name, IDEAS) for name in names]) == 4
    assert keys() == {fit_key(name) for name in names}
    assert added(chen, "lines", [(f"{begin}{middle}{end}", IDEAS)]) == 0


# --- sets ---


PACKED_DECIDIM = ("export.zip", packed({"x/proposals.csv": PROPOSALS, "x/comments.csv": COMMENTS}))


def of_boxes(numbers: Iterable[int]) -> str:
    """A box with messages."""
    return "".join(map(mail, numbers))


@pytest.mark.parametrize(
    ("kind", "loose", "again"),
    [
        ("decidim", DECIDIM, PACKED_DECIDIM),
        ("mail", [("a.mbox", of_boxes((1, 2)))], ("mail.zip", packed({"mail/a.mbox": of_boxes((1, 2))}))),
    ],
)
def test_what_came_loose_is_found_again_when_it_is_packed(
    chen: Client, kind: str, loose: Files, again: tuple[str, bytes]
) -> None:
    assert added(chen, kind, loose) == 2
    for files in ([again], loose):
        assert added(chen, kind, files) == 0
    assert Source.objects.count() == 1


def test_two_packages_whose_files_have_the_same_names_are_two_sources(chen: Client) -> None:
    assert added(chen, "decidim", [PACKED_DECIDIM]) == 2
    assert added(chen, "decidim", [("other.zip", PACKED_DECIDIM[1])]) == 2
    assert keys() == {"export.zip", "other.zip"}


def test_nothing_is_known_by_what_was_only_looked_at(chen: Client) -> None:
    send(chen, "talk", [ROSES], source="town")
    assert added(chen, "talk", [HUBS], source="town") == 1
    assert added(chen, "talk", [ROSES, HUBS], source="town") == 1
    assert keys() == {"town", "town/roses.wiki"}

"""The check of every file finds what it is there to find, and nothing in ordinary lines."""

import pytest

from tools.tracked_files import complaints_about_line, list_files


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("data = open('/wor" + "k/notes.txt')", "folder of one machine"),
        ("cache: /ro" + "ot/.cache", "folder of one machine"),
        ("/ho" + "me/amina/harken", "folder of one machine"),
        ("see https://py" + "pi.org/project/django", "package index"),
        ("pip install --extra-in" + "dex-url=x", "package index"),
        ("Co-Auth" + "ored-By: someone", "how it was written"),
        ("value = 1  # no" + "qa: E501", "without a reason"),
        ("value = 1  # no" + "qa", "without a reason"),
        ("value = 1  # type: ign" + "ore[attr-defined]", "without a reason"),
        ("value = 1  # pragma: no co" + "ver", "without a reason"),
        ("trailing ", "ends with a space"),
    ],
)
def test_a_line_that_breaks_a_rule_is_told_which(line: str, part: str) -> None:
    complaints = list(complaints_about_line("src/harken/example.py", line))
    assert len(complaints) == 1
    assert part in complaints[0]


@pytest.mark.parametrize(
    "line",
    [
        "value = 1  # no" + "qa: S608 - the name is a constant of this module",
        "value = 1  # type: ign" + "ore[misc]  # the stubs lack the second argument",
        "the working groups' root causes, at home and at work/rest",
        "path('/workshops/', index)",
        "https://example.org/ro" + "ot/page",
        "a model of language communities",
    ],
)
def test_an_ordinary_line_is_left_alone(line: str) -> None:
    assert list(complaints_about_line("src/harken/example.py", line)) == []


def test_this_file_is_among_those_checked() -> None:
    assert "tests/tools/test_tracked_files.py" in list_files()

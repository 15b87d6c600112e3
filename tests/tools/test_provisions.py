"""What is missing is named with the way to get it, and nothing is installed that is there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools.provisions import Provision, ProvisionMissing, provide

THERE = Provision("a thing", ("thing",), "thing", lambda: Path("/usr/bin/thing"))
ABSENT = Provision("another thing", ("other-thing",), "other", lambda: None)


def test_what_is_there_needs_no_installer() -> None:
    def refuse() -> list[str] | None:
        raise AssertionError("an installer was looked for")

    provide([THERE], installer=refuse)


def test_what_is_missing_where_nothing_may_be_installed_is_one_clear_line() -> None:
    with pytest.raises(ProvisionMissing) as told:
        provide([THERE, ABSENT], installer=lambda: None)
    way = "brew install other" if sys.platform == "darwin" else "apt-get install other-thing"
    assert str(told.value) == f"Missing: another thing. Get it with: {way}"


def test_what_is_still_missing_after_installing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ProvisionMissing, match="another thing"):
        provide([ABSENT], installer=lambda: ["true"])
    assert "Installing other-thing" in capsys.readouterr().out

"""What is missing is named with the way to get it, and nothing is installed that is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import provisions
from tools.provisions import Provision, ProvisionMissing, provide

THERE = Provision("a thing", ("thing",), "thing", lambda: Path("/usr/bin/thing"))
ABSENT = Provision("another thing", ("other-thing",), "other", lambda: None)


def test_what_is_there_needs_no_installer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> list[str] | None:
        raise AssertionError("an installer was looked for")

    monkeypatch.setattr(provisions, "find_installer", refuse)
    provide([THERE])


def test_what_is_missing_where_nothing_may_be_installed_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(provisions, "find_installer", lambda: None)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(ProvisionMissing) as told:
        provide([THERE, ABSENT])
    assert str(told.value) == "Missing: another thing. Get it with: apt-get install other-thing"


def test_what_is_still_missing_after_installing_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(provisions, "find_installer", lambda: ["true"])
    with pytest.raises(ProvisionMissing, match="another thing"):
        provide([ABSENT])
    assert "Installing other-thing" in capsys.readouterr().out

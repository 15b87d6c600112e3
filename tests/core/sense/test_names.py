"""What the library offers: every name, each loaded with no more than it needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from harken.core import sense


def test_every_name_offered_is_there() -> None:
    for name in sense.__all__:
        offered = getattr(sense, name)
        assert offered.__module__.startswith("harken.core.sense.")
        assert offered.__name__ == name


def test_a_name_that_is_not_offered_is_refused() -> None:
    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = sense.no_such_thing


def test_languages_do_not_load_what_maps_need() -> None:
    program = (
        "import sys; from harken.core.sense import detect_language; print(*({'numpy', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
